import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formsOf } from '../../../src/secrets/secret-forms.ts';
import { createSecretCheck, createSecretSearch } from '../../../src/secrets/secret-search.ts';

/** Few letters, so that texts and secrets share more than anybody would think. */
const letters = fc.constantFrom('a', 'b', '"');
const secret = fc.string({ unit: letters, minLength: 1, maxLength: 40 });
const secrets = fc.array(secret, { maxLength: 3 });

/** A text that holds parts of the forms of these secrets. */
const textOf = (known: readonly string[]): fc.Arbitrary<string> => {
  const forms = known.flatMap((one) => [...formsOf(one)]);
  const part =
    forms.length === 0
      ? fc.constant('')
      : fc
          .tuple(fc.constantFrom(...forms), fc.nat(50), fc.nat(50))
          .map(([form, from, length]) => form.slice(from, from + length));
  return fc
    .array(fc.oneof(part, fc.string({ unit: letters, maxLength: 15 })), { maxLength: 5 })
    .map((parts) => parts.join(''));
};

/** The same, character by character. */
function naiveMarks(text: string, known: readonly string[]): string {
  const marks = Array.from({ length: text.length }, () => '.');
  for (const form of known.flatMap((one) => [...formsOf(one)])) {
    if (form.length < 4) continue;
    const length = Math.min(12, form.length);
    for (let at = 0; at + length <= text.length; at += 1) {
      if (form.includes(text.slice(at, at + length))) marks.fill('#', at, at + length);
    }
  }
  return marks.join('');
}

describe('what is found of secrets', () => {
  it('is each run of twelve characters that the text shares with a form of one, and each shorter form whole', () => {
    fc.assert(
      fc.property(
        secrets.chain((known) => fc.tuple(fc.constant(known), textOf(known))),
        ([known, text]) => {
          const marks = Array.from({ length: text.length }, () => '.');
          for (const { start, end } of createSecretSearch(known)(text)) marks.fill('#', start, end);
          expect(marks.join('')).toBe(naiveMarks(text, known));
          const holdsOne = known.some((one) => createSecretCheck(one)(text));
          expect(holdsOne).toBe(marks.includes('#'));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is told in order, each part once', () => {
    const found = createSecretSearch(['abcdefghijklmnop', 'ghijklmnopqrstuv', 'plum'])(
      'plum abcdefghijklmnopqrstuv plumplum',
    );
    expect(found).toEqual([
      { start: 0, end: 4 },
      { start: 5, end: 27 },
      { start: 28, end: 36 },
    ]);
  });

  it('takes time in proportion to the text, however often it is like the secret', () => {
    const text = 'a'.repeat(200_000);
    expect(createSecretSearch(['a'.repeat(8_000)])(text)).toEqual([{ start: 0, end: text.length }]);
  });
});
