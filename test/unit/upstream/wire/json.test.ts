import fc from 'fast-check';
import { parse } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { parseWireJson } from '../../../../src/upstream/wire/json.ts';
import { WireFormatError } from '../../../../src/upstream/wire/wire-format-error.ts';
import { arbitraryWireText } from '../../../support/arbitrary-wire-bytes.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function readElsewhere(json: Uint8Array): unknown {
  const text = strictUtf8.decode(json);
  JSON.parse(text);
  return parse(text, null, {
    parseNumber: (digits) =>
      /^-?\d{1,20}$/.test(digits) && !Number.isSafeInteger(Number(digits)) ? BigInt(digits) : Number(digits),
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

function outcomeOf(read: () => unknown): unknown {
  try {
    return { value: read() };
  } catch {
    return 'no JSON';
  }
}

describe('JSON from the wire', () => {
  it.each([
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['9223372036854775807', 9223372036854775807n],
    ['9007199254740991', 9007199254740991],
    ['1000000000000000', 1000000000000000],
    ['999999999999999', 999999999999999],
    ['0', 0],
  ])('holds the whole number %s exactly', (text, value) => {
    expect(parseWireJson(bytes(text))).toBe(value);
    expect(parseWireJson(bytes(`{"id":[${text}]}`))).toEqual({ id: [value] });
    expect(parseWireJson(bytes(`{"text\\"":"\\\\","id":${text}}`))).toMatchObject({ id: value });
  });

  it.each(['0.12345678901234567890', '1e400', '-1.5e-300', '12345678901234567890.5', '1e3'])(
    'reads %s, which is no whole number of digits, as JSON.parse does',
    (text) => {
      expect(parseWireJson(bytes(text))).toBe(JSON.parse(text));
      expect(parseWireJson(bytes(`[${text},12345678901234567890]`))).toEqual([
        JSON.parse(text),
        12345678901234567890n,
      ]);
    },
  );

  it('leaves digits in texts alone, however they are written', () => {
    const texts = {
      a: '12345678901234567890',
      b: '\\"12345678901234567890',
      c: 'x"',
      '12345678901234567890': 1,
    };
    expect(parseWireJson(bytes(JSON.stringify(texts)))).toEqual(texts);
  });

  it.each([
    [1, '[1, 2]'],
    [20, '[12345678901234567890, 2]'],
  ])('takes __proto__ for a member like any other, beside numbers of %i digits', (_digits, list) => {
    const value = parseWireJson(bytes(`{"__proto__":{"finished":true},"list":${list}}`));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value as object)).toEqual(['__proto__', 'list']);
    expect((value as { finished?: unknown }).finished).toBeUndefined();
  });

  it.each(['{"a":1,"a":2}', '{"a":1,"a":12345678901234567890,"b":12345678901234567890}'])(
    'keeps the last of members of one name: %s',
    (text) => {
      const last = /"a":(\d+)(?!.*"a")/.exec(text)![1]!;
      expect(String((parseWireJson(bytes(text)) as { a: unknown }).a)).toBe(last);
    },
  );

  it.each([
    '',
    ' ',
    '{',
    '{"a":1',
    '[1,]',
    "{'a':1}",
    'OK',
    '<html></html>',
    '[12345678901234567890',
    '{"a":01234567890123456789}',
  ])('is not %j, and the error does not repeat it', (text) => {
    expect(() => parseWireJson(bytes(text))).toThrow(expect.objectContaining({ name: 'WireFormatError' }));
    expect(() => parseWireJson(bytes(text))).toThrow(/^The body is not JSON\.$/);
  });

  it('is not what is no UTF-8', () => {
    expect(() => parseWireJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(WireFormatError);
  });

  it('is not what is nested too deep to be read', () => {
    const deep = `${'['.repeat(200_000)}12345678901234567890${']'.repeat(200_000)}`;
    expect(() => parseWireJson(bytes(deep))).toThrow(WireFormatError);
  });

  it('is what it is for another exact reader, and JSON where JSON.parse says so, whatever bytes are changed', () => {
    const change = fc.record({
      at: fc.nat(),
      byte: fc.oneof(fc.nat(255), fc.constantFrom(...bytes('{}[],:-"\\.e 0'))),
    });
    const withLongNumber = arbitraryWireText('100', { oddMember: 40 }).map((text) =>
      text.replace('"finished"', '"x":[12345678901234567890,-0,1.5E+3,"\\ud800é"],"finished"'),
    );
    fc.assert(
      fc.property(withLongNumber, fc.array(change, { maxLength: 2 }), (text, changes) => {
        const changed = bytes(text);
        for (const { at, byte } of changes) changed[at % changed.length] = byte;
        expect(outcomeOf(() => parseWireJson(changed))).toEqual(outcomeOf(() => readElsewhere(changed)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('may begin with a mark of byte order, and nothing may follow it', () => {
    expect(parseWireJson(bytes('\uFEFF[12345678901234567890]'))).toEqual([12345678901234567890n]);
    for (const text of [
      '[12345678901234567890]]',
      '12345678901234567890 \uFEFF',
      '\uFEFF\uFEFF12345678901234567890',
    ])
      expect(() => parseWireJson(bytes(text))).toThrow(WireFormatError);
  });

  it('is what JSON.parse reads wherever numbers are small', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\d{16}/.test(text));
        expect(parseWireJson(bytes(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps every digit of every whole number, wherever it stands and whatever stands beside it', () => {
    const whole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), whole)), (members) => {
        const text = `{"list":[${members.map(([name, number]) => `{${JSON.stringify(name)}:${String(number)}}`).join(' , ')}]}`;
        const { list } = parseWireJson(bytes(text)) as { list: Record<string, unknown>[] };
        expect(list.map((object) => Object.values(object).map(String))).toEqual(
          members.map(([, number]) => [String(number)]),
        );
        for (const object of list)
          for (const number of Object.values(object)) {
            expect(typeof number === 'bigint' || Number.isSafeInteger(number)).toBe(true);
          }
      }),
    );
  });
});
