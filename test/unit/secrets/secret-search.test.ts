import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formsOf } from '../../../src/secrets/secret-forms.ts';
import { createSecretCheck, SecretSearch } from '../../../src/secrets/secret-search.ts';

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

function blankedByMarks(text: string, marks: string): string {
  const kept = [...marks.matchAll(/\.+|#+/g)].map(({ 0: part, index }) =>
    part.startsWith('#') ? '~' : text.slice(index, index + part.length),
  );
  return kept.join('');
}

function search(texts: readonly string[], known: readonly string[]): readonly string[] {
  const one = new SecretSearch(texts);
  for (const value of known) one.lookFor(value);
  return one.without('~');
}

describe('what is found of secrets', () => {
  it('is each run of twelve characters that the text shares with a form of one, and each shorter form whole', () => {
    fc.assert(
      fc.property(
        secrets.chain((known) => fc.tuple(fc.constant(known), textOf(known))),
        ([known, text]) => {
          const marks = naiveMarks(text, known);
          expect(search([text], known)).toEqual([blankedByMarks(text, marks)]);
          const holdsOne = known.some((one) => createSecretCheck(one)(text));
          expect(holdsOne).toBe(marks.includes('#'));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is a run that stands at the end of a text, too', () => {
    const text = 'plum ghijklmnopqr';
    expect(search([text], ['abcdefghijklmnopqrstuv'])).toEqual(['plum ~']);
    expect(createSecretCheck('abcdefghijklmnopqrstuv')(text)).toBe(true);
  });

  it('is told in order, each part once', () => {
    const texts = ['plum abcdefghijklmnopqrstuvwxyz plumplum', 'none', 'plum'];
    const found = search(texts, ['abcdefghijklmnop', 'ghijklmnopqrstuv', 'plum']);
    expect(found).toEqual(['~ ~wxyz ~', 'none', '~']);
  });

  it('takes time in proportion to the text, however often it is like the secret', () => {
    const text = 'a'.repeat(200_000);
    expect(search([text], ['a'.repeat(8_000)])).toEqual(['~']);
  });
});
