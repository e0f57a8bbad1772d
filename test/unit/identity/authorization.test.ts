import { describe, expect, it } from 'vitest';
import { parseAuthorization } from '../../../src/identity/authorization.ts';

const refusal = (what: string) =>
  expect.objectContaining({
    code: 'BAD_USER_INPUT',
    message: `The header X-Bkapi-Authorization ${what}.`,
  }) as unknown;
const notOne = refusal('must hold exactly one of bk_token, bk_ticket and access_token, once');
const noObject = refusal('must be a JSON object');

function outcomeOf(header: string): unknown {
  try {
    return parseAuthorization(header);
  } catch (error) {
    return error;
  }
}

describe('the header X-Bkapi-Authorization', () => {
  it.each([
    ['{"bk_token":"alice"}', 'bk_token', 'alice'],
    [' { "bk_ticket" : "t" } ', 'bk_ticket', 't'],
    ['{"access_token":"!~"}', 'access_token', '!~'],
    ['{"bk_tok\\u0065n":"\\u0061"}', 'bk_token', 'a'],
    ['{"bk_token":"a\\"b\\\\:{}[],"}', 'bk_token', 'a"b\\:{}[],'],
    ['{"bk_token":"\\":\\"bk_ticket\\":"}', 'bk_token', '":"bk_ticket":'],
    [JSON.stringify({ bk_token: 'x'.repeat(4096) }), 'bk_token', 'x'.repeat(4096)],
    [`{"bk_token":"${'\\u0078'.repeat(4096)}"}`, 'bk_token', 'x'.repeat(4096)],
  ])('holds one proof: %s', (header, kind, value) => {
    expect(outcomeOf(header)).toEqual({ kind, value });
  });

  it.each([
    '{}',
    '{"bk_token":"a","bk_ticket":"b"}',
    '{"bk_token":"a","bk_token":"a"}',
    '{"bk_token":"a","bk_token":"b"}',
    '{"bk_token":"a","bk_tok\\u0065n":"b"}',
    '{"bk_token":5,"bk_token":"b"}',
    '{"bk_token":{"x":1},"bk_token":"b"}',
  ])('must hold exactly one, once: %s', (header) => {
    expect(outcomeOf(header)).toEqual(notOne);
  });

  it.each([
    '',
    ' ',
    'alice',
    'null',
    '"bk_token"',
    '5',
    '[]',
    '[{"bk_token":"a"}]',
    '{"bk_token":"a"',
    '{bk_token:"a"}',
    "{'bk_token':'a'}",
    '{"bk_token":"a"},{"bk_token":"a"}',
  ])('must be a JSON object: %s', (header) => {
    expect(outcomeOf(header)).toEqual(noObject);
  });

  it.each(['bk_app_code', 'bk_app_secret', 'bk_username', 'bk_uid', 'token', '__proto__'])(
    'must not hold %s, alone or beside a proof',
    (name) => {
      const expected = refusal(`must not hold ${name}`);
      expect(outcomeOf(`{"${name}":"x"}`)).toEqual(expected);
      expect(outcomeOf(`{"bk_token":"a","${name}":"x"}`)).toEqual(expected);
      expect(outcomeOf(`{"${name}":null,"bk_token":"a"}`)).toEqual(expected);
    },
  );

  it.each(['BK_TOKEN', 'bk_token ', '', 'a1', 'x'.repeat(41), 'é'])(
    'does not repeat a name that is none of the platform: %j',
    (name) => {
      expect(outcomeOf(JSON.stringify({ [name]: 'a' }))).toEqual(refusal('must not hold any other member'));
    },
  );

  it.each([5, true, null, [], ['a'], {}, '', ' ', 'a b', 'a\n', '\u007f', 'é', '令牌', 'x'.repeat(4097)])(
    'holds a proof of visible ASCII: %j',
    (value) => {
      expect(outcomeOf(JSON.stringify({ bk_token: value }))).toMatchObject({
        code: 'BAD_USER_INPUT',
        message: 'bk_token must be a text of 1 to 4096 visible ASCII characters.',
      });
    },
  );

  it('is refused by its length before anything is read of it', () => {
    const spaces = (length: number): string => `{"bk_token":"a"${' '.repeat(length - 16)}}`;
    expect(outcomeOf(spaces(24_676))).toEqual({ kind: 'bk_token', value: 'a' });
    expect(outcomeOf(spaces(24_677))).toEqual(refusal('is too long'));
  });

  it('costs no more for quotes within', () => {
    const value = '"'.repeat(4096);
    const started = performance.now();
    for (let round = 0; round < 20; round += 1) {
      expect(outcomeOf(JSON.stringify({ bk_token: value }))).toEqual({ kind: 'bk_token', value });
    }
    // Some 5 ms if each is read once, seconds if each quote begins another search.
    expect(performance.now() - started).toBeLessThan(500);
  });
});
