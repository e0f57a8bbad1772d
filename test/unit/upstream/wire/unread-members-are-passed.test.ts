import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { NotUnderstood } from '../../../../src/upstream/wire/byte-scanner.ts';
import { openEnvelope } from '../../../../src/upstream/wire/envelope.ts';
import { memberNames } from '../../../../src/upstream/wire/member-names.ts';
import { withoutUnreadMembers } from '../../../../src/upstream/wire/unread-members.ts';
import { arbitraryWireText } from '../../../support/arbitrary-wire-bytes.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const leftOf = (text: string) => strictUtf8.decode(withoutUnreadMembers(bytes(text)));

/** Members that are read, and lists as they are. */
function leftOfValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => memberNames.some((read) => read === name))
      .map(([name, member]) => [name, leftOfValue(member)]),
  );
}

function parsed(json: Uint8Array): unknown {
  try {
    return JSON.parse(strictUtf8.decode(json));
  } catch {
    return 'no JSON';
  }
}

function parsedLeftOf(json: Uint8Array): unknown {
  try {
    return parsed(withoutUnreadMembers(json));
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(NotUnderstood);
    return 'no JSON';
  }
}

describe('members that nobody reads', () => {
  it.each([
    ['{"x":1}', '{     }'],
    ['{"code":0,"x":1}', '{"code":0      }'],
    ['{"x":1,"code":0}', '{      "code":0}'],
    ['{"x":1,"y":2,"code":0}', '{            "code":0}'],
    ['{"code":0,"x":[{}],"y":"}","data":{"z":1}}', '{"code":0                 ,"data":{     }}'],
    ['{ "x" : 1 , "code" : 0 , "y" : 2 }', '{           "code" : 0           }'],
    ['{"code":[{"x":1}]}', '{"code":[{"x":1}]}'],
    [String.raw`{"\u0063ode":0,"x":1}`, String.raw`{"\u0063ode":0      }`],
    ['[{"x":1}]', '[{"x":1}]'],
    [' "x" ', ' "x" '],
  ])('of %s leave %s', (text, left) => {
    expect(leftOf(text)).toBe(left);
  });

  it('take nothing else with them, whatever they stand in', () => {
    const name = fc.oneof(fc.constantFrom(...memberNames), fc.stringMatching(/^[\w {}[\],:作]{0,8}$/));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        fc.jsonValue({ maxDepth: 0 }),
        fc.dictionary(name, tie('value'), { maxKeys: 6 }),
        fc.dictionary(name, tie('value'), { maxKeys: 6 }),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(value, fc.nat(2), (whole, indent) => {
        const text = JSON.stringify(whole, null, indent);
        expect(JSON.parse(leftOf(text))).toEqual(leftOfValue(JSON.parse(text)));
      }),
    );
  });

  it('hide no fault of what is no JSON, wherever it is', () => {
    const changed = fc.array(
      fc.record({ at: fc.nat(), byte: fc.oneof(fc.nat(255), fc.constantFrom(...bytes('{}[],:"\\ 0'))) }),
      { maxLength: 2 },
    );
    fc.assert(
      fc.property(arbitraryWireText('100', { oddMember: 100 }), changed, (text, changes) => {
        const json = bytes(text.replace('"finished"', '"x":{"y":[1.5e3,"\\u00e9é"]},"finished"'));
        for (const { at, byte } of changes) json[at % json.length] = byte;
        // A name with an escape may be any, and stays.
        expect(leftOfValue(parsedLeftOf(json))).toEqual(leftOfValue(parsed(json)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('leave the bytes they were read from as they were', () => {
    const json = bytes('{"x":1,"code":0}');
    withoutUnreadMembers(json);
    expect(strictUtf8.decode(json)).toBe('{"x":1,"code":0}');
  });

  it.each([
    ['lists', '[', ']'],
    ['objects that are read', '{"data":', '}'],
    ['objects that nobody reads', '{"x":', '}'],
  ])('and %s may be nested 500 deep and no deeper', (_what, open, close) => {
    const nested = (depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
    expect(leftOf(nested(500))).toHaveLength(nested(500).length);
    for (const depth of [501, 100_000]) expect(() => leftOf(nested(depth))).toThrow(NotUnderstood);
    expect(() => leftOf(open.repeat(100_000))).toThrow(NotUnderstood);
  });
});

describe('a large answer', () => {
  const large = ' '.repeat(70_000);
  const open = (text: string) =>
    openEnvelope({ status: 200, headers: {}, body: bytes(text + large) }, { permissionApplyUrl: null });

  it('is opened without making objects of what nobody reads', () => {
    const parse = vi.spyOn(JSON, 'parse');
    try {
      expect(open('{"unread":[1],"result":true,"code":0,"data":{"unread":{},"finished":true}}').data).toEqual(
        {
          finished: true,
        },
      );
      expect(parse.mock.calls.map(([text]) => text.includes('unread'))).toEqual([false]);
    } finally {
      parse.mockRestore();
    }
  });

  it('is opened where a byte order mark comes first', () => {
    expect(open('\uFEFF{"result":true,"data":{"finished":true}}').data).toEqual({ finished: true });
  });

  it.each(['[', '{"a":', '{"data":', '{"result":true,"data":{"x":['])(
    'that is nothing but %s is UPSTREAM_BAD_RESPONSE',
    (nested) => {
      const code = expect.objectContaining({ code: 'UPSTREAM_BAD_RESPONSE' });
      expect(() => open(nested.repeat(100_000))).toThrow(code);
    },
  );

  it('is no success for being nested too deep where nobody reads', () => {
    const answerOf = (depth: number) =>
      `{"result":true,"data":{},"x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(open(answerOf(499)).data).toEqual({});
    const code = expect.objectContaining({ code: 'UPSTREAM_BAD_RESPONSE' });
    expect(() => open(answerOf(100_000))).toThrow(code);
  });
});
