import fc from 'fast-check';
import Fastify from 'fastify';
import { parse as parseExactly } from 'lossless-json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNumbersExactly } from '../../../src/server/exact-json-body.ts';
import { scanJson } from '../../../src/server/json-scan.ts';

const app = Fastify();
readNumbersExactly(app);
app.post('/', (request) => ({ read: request.body }));
beforeAll(() => app.ready());
afterAll(() => app.close());

async function read(body: string | Buffer): Promise<{ readonly status: number; readonly answer: unknown }> {
  const response = await app.inject({
    method: 'POST',
    url: '/',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return { status: response.statusCode, answer: response.json() };
}

/** JSON as a reader reads it that knows no doubles. */
function exactly(text: string): unknown {
  return parseExactly(text, null, {
    parseNumber: (number) => {
      const isLong = number.replace('-', '').length >= 16;
      return isLong && Math.abs(Number(number)) > Number.MAX_SAFE_INTEGER ? number : Number(number);
    },
  });
}

describe('a body of JSON', () => {
  const number = fc.oneof(
    fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
    fc.constantFrom('9007199254740991', '9007199254740992', '-9007199254740993', '1234567890123456.5'),
    fc.constantFrom(
      '9007199254740993.0',
      '9007199254740993e0',
      '0.9007199254740993e+16',
      '1.00000000000000e400',
    ),
    fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => JSON.stringify(value)),
  );
  const text = fc
    .oneof(fc.string(), fc.constantFrom('12345678901234567890', '\\"', '\\', '"1234567890123456789,'))
    .map((value) => JSON.stringify(value));
  const { value: json } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      number,
      text,
      fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
      fc
        .uniqueArray(fc.tuple(text, tie('value')), { maxLength: 4, selector: ([name]) => name })
        .map((members) => `{${members.map(([name, value]) => `${name} :${value}`).join(',')}}`),
    ),
  }));

  it('is read with every whole number exact', async () => {
    await fc.assert(
      fc.asyncProperty(
        json.filter((one) => !/"__proto__"|"constructor"/.test(one)),
        async (body) => {
          expect(await read(body)).toEqual({ status: 200, answer: { read: exactly(body) } });
        },
      ),
    );
  });

  it('is refused where it is none, whatever long numbers stand in it', async () => {
    const piece = fc.constantFrom(
      ...['{', '}', '[', ']', ':', ',', ' ', '-', '.', 'e', '"', '"a"', '"b" : ', '1', '0', 'null'],
      ...['12345678901234567890', '1234567890123456', '9999999999999999', '0123456789012345678'],
      ...['12345678901234567.', '12345678901234567.e1', '12345678901234567e', '0.12345678901234567E25'],
    );
    const isJson = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const texts = fc.array(piece, { minLength: 1, maxLength: 9 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(texts, async (body) => {
        expect((await read(body)).status).toBe(isJson(body) ? 200 : 400);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '{"a": 12345678901234567890x}',
    '{12345678901234567890 : 1}',
    '{12345678901234567890: 1}',
    '[012345678901234567890]',
    '"a"12345678901234567890',
    '"not ended 12345678901234567890',
    '{"__proto__": 12345678901234567890}',
    '{"constructor": {"prototype": 1}}',
    '{"a": -}',
    '',
  ])('that is none is refused: %s', async (body) => {
    expect((await read(body)).status).toBe(400);
  });

  it.each([
    [Buffer.from([0x22, 0xff, 0x22])],
    [Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    [Buffer.from('"text"', 'utf16le')],
  ])('that is no UTF-8 is refused, and not guessed at: %j', async (body) => {
    expect((await read(body)).status).toBe(400);
  });

  it('may be 100 deep and hold 60,000 values, and no more', async () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const wide = (items: number) => `[${Array.from({ length: items }, () => '1').join(',')}]`;
    expect((await read(deep(100))).status).toBe(200);
    expect((await read(deep(101))).status).toBe(400);
    expect((await read(wide(60_000))).status).toBe(200);
    expect((await read(wide(60_001))).status).toBe(400);
  });

  it('may hold 20,000 numbers that a double would round, and no more', async () => {
    const long = (count: number) => `[${'12345678901234567890,'.repeat(count)}1]`;
    expect((await read(long(20_000))).status).toBe(200);
    expect((await read(long(20_001))).status).toBe(400);
  });

  it('may hold 20,000 names, and no more', async () => {
    const objects = (count: number) => `[${'{"a":1},'.repeat(count)}1]`;
    expect((await read(objects(20_000))).status).toBe(200);
    expect((await read(objects(20_001))).status).toBe(400);
  });
});

const roomy = { depth: Infinity, values: Infinity, names: Infinity, roundedNumbers: Infinity };

it('brackets, commas and digits inside of texts are nothing', () => {
  const bytes = Buffer.from(JSON.stringify(['[[[{{{,,,', '\\"[,', '12345678901234567890']));
  expect(scanJson(bytes, roomy)).toEqual({ depth: 1, values: 3, names: 0, roundedNumbers: [] });
});

it.each([
  ['depth', '['],
  ['values', '1,'],
  ['names', '"a":'],
  ['roundedNumbers', '12345678901234567890 '],
] as const)('what holds more of %s than it may is looked at no further', (of, part) => {
  const { [of]: found } = scanJson(Buffer.from(part.repeat(1000)), { ...roomy, [of]: 10 });
  expect(Array.isArray(found) ? found.length : found).toBe(11);
});
