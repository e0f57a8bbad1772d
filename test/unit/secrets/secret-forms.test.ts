import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formsOf } from '../../../src/secrets/secret-forms.ts';
import { SecretSearch } from '../../../src/secrets/secret-search.ts';
import { createSecretScan } from '../../support/secrets/secret-scan.ts';

const secret = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 16,
  maxLength: 60,
});

const codeOf = (character: string): string => character.charCodeAt(0).toString(16);

/** Writes a secret as texts may hold it. */
const writers: Readonly<Record<string, (value: string) => string>> = {
  'as it is': (value) => value,
  'in JSON': (value) => JSON.stringify({ value }),
  'in a URL': (value) => `https://example.com/?a=${encodeURIComponent(value)}&b=1`,
  'in hex': (value) => Buffer.from(value).toString('hex'),
  'in HEX': (value) => Buffer.from(value).toString('hex').toUpperCase(),
  'in JSON in JSON': (value) => JSON.stringify(JSON.stringify({ value })),
  'in JSON, escaped throughout': (value) => value.replaceAll(/./g, (one) => `\\u00${codeOf(one)}`),
  'in JSON, escaped throughout by capitals': (value) =>
    value.replaceAll(/./g, (one) => `\\u00${codeOf(one).toUpperCase()}`),
  'in a URL by small letters': (value) =>
    encodeURIComponent(value).replaceAll(/%../g, (code) => code.toLowerCase()),
  'in a URL, encoded throughout': (value) => value.replaceAll(/./g, (one) => `%${codeOf(one).toUpperCase()}`),
  'in a URL, encoded throughout by small letters': (value) =>
    value.replaceAll(/./g, (one) => `%${codeOf(one)}`),
  'in base64': (value) => Buffer.from(value).toString('base64'),
  'in base64 after one byte': (value) => Buffer.from(`x${value}`).toString('base64'),
  'in base64 after two': (value) => Buffer.from(`xy${value}tail`).toString('base64'),
  'in base64 for URLs': (value) => Buffer.from(`{"bk_token":"${value}"}`).toString('base64url'),
  'in JSON in base64': (value) => Buffer.from(JSON.stringify({ value })).toString('base64'),
  'without its beginning': (value) => `…${value.slice(2)}`,
  'cut off': (value) => `token ${value.slice(0, 14)}… was refused`,
};

function withoutValues(text: string, secrets: readonly string[]): string | undefined {
  const search = new SecretSearch([text]);
  for (const value of secrets) search.lookFor(value);
  return search.without('[secret]')[0];
}

function findingsIn(text: string, value: string): readonly unknown[] {
  const scan = createSecretScan({ value });
  scan.look('text', text);
  return scan.findings;
}

describe('a secret that is known', () => {
  it.each(Object.entries(writers))('is blanked out, written %s', (_how, write) => {
    fc.assert(
      fc.property(secret, (value) => {
        const clean = withoutValues(`before ${write(value)} after`, [value]) ?? '';
        expect(clean).toContain('[secret]');
        const beginning = write(value).slice(0, 400);
        expect(clean).not.toContain(beginning);
        expect(clean.startsWith('before ')).toBe(true);
        expect(clean.endsWith(' after')).toBe(true);
        expect(findingsIn(clean, value)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [
      'k3J9sQ2mZx8LpRtY/0aBcD+EfGhIjKlMnOpQ==',
      'in a URL whose beginning reads as it is',
      encodeURIComponent('k3J9sQ2mZx8LpRtY/0aBcD+EfGhIjKlMnOpQ=='),
    ],
    [
      'abcdefghijklmnop"qrstuvwxyz0123456789',
      'in JSON whose beginning reads as it is',
      'abcdefghijklmnop\\"qrstuvwxyz0123456789',
    ],
    [
      '3333333mv524dqrstuvwxyz',
      'in HEX whose beginning reads as hex',
      Buffer.from('3333333mv524dqrstuvwxyz').toString('hex').toUpperCase(),
    ],
    ['pw-\u4f5c\u4e1a-0123456789', 'in JSON in ASCII', 'pw-\\u4f5c\\u4e1a-0123456789'],
    ['half \ud83d of a character', 'as it is', 'half \ud83d of a character'],
  ])('%j leaves nothing of itself: %s', (value, _how, written) => {
    expect(withoutValues(`before ${written} after`, [value])).toBe('before [secret] after');
  });

  it('is blanked out as one where two forms of it, or two secrets, overlap', () => {
    const clean = withoutValues('abcdefghijklmnopqrstuvwx', ['abcdefghijklmnop', 'ghijklmnopqrstuvwx']);
    expect(clean).toBe('[secret]');
  });

  it('is blanked out wherever it occurs, and what is like it stays', () => {
    const value = 'abcdefghijklmnop';
    expect(withoutValues(`${value} and ${value}, not abcdefghijk`, [value])).toBe(
      '[secret] and [secret], not abcdefghijk',
    );
  });

  it('may be short, but not so short that every text holds it', () => {
    expect(withoutValues('alice asks', ['alice'])).toBe('[secret] asks');
    expect(withoutValues('an answer', ['an'])).toBe('an answer');
  });
});

describe('what is looked for of a secret', () => {
  it('is each of its forms, of base64 only what no neighbour changes', () => {
    expect(formsOf('é"~~~???')).toEqual(
      new Set([
        ...['é"~~~???', 'é\\"~~~???', 'é\\\\\\"~~~???', '\\u00e9\\"~~~???', '\\\\u00e9\\\\\\"~~~???'],
        ...['%C3%A9%22~~~%3F%3F%3F', '%c3%a9%22~~~%3f%3f%3f'],
        ...['%c3%a9%22%7e%7e%7e%3f%3f%3f', '%C3%A9%22%7E%7E%7E%3F%3F%3F'],
        '\\u00e9\\u0022\\u007e\\u007e\\u007e\\u003f\\u003f\\u003f',
        '\\u00E9\\u0022\\u007E\\u007E\\u007E\\u003F\\u003F\\u003F',
        ...['c3a9227e7e7e3f3f3f', 'C3A9227E7E7E3F3F3F'],
        ...['w6kifn5+Pz8/', 'w6kifn5-Pz8_', 'OpIn5+fj8/', 'OpIn5-fj8_', 'DqSJ+fn4/', 'DqSJ-fn4_'],
        ...['w6lcIn5+fj8/', 'w6lcIn5-fj8_', 'OpXCJ+fn4/', 'OpXCJ-fn4_', 'DqVwifn5+Pz8/', 'DqVwifn5-Pz8_'],
      ]),
    );
  });

  it('is less where forms are the same', () => {
    expect(formsOf('abc')).toEqual(
      new Set(['abc', '%61%62%63', '\\u0061\\u0062\\u0063', '616263', 'YWJj', 'Fi', 'h']),
    );
  });
});
