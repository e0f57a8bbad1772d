import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readingsOf, withoutEscapes } from '../../../src/secrets/readings.ts';

const text = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 16,
  maxLength: 60,
});

const utf16 = (value: string) => Buffer.from(value, 'utf16le');
const everyCharacter = (value: string, write: (code: string) => string) =>
  value.replaceAll(/./g, (one) => write(one.charCodeAt(0).toString(16)));

/** How others may write a text. */
const encodings: readonly (readonly [string, (value: string) => string])[] = [
  ['as it is', (value) => value],
  ['in JSON', (value) => JSON.stringify(value)],
  ['in JSON in JSON', (value) => JSON.stringify(JSON.stringify(value))],
  ['in escapes of JSON', (value) => everyCharacter(value, (code) => `\\u00${code}`)],
  ['in a URL', encodeURIComponent],
  ['in a URL in a URL', (value) => encodeURIComponent(encodeURIComponent(value))],
  ['in escapes of a URL', (value) => everyCharacter(value, (code) => `%${code.toUpperCase()}`)],
  ['in entities', (value) => everyCharacter(value, (code) => `&#x${code};`)],
  ['in decimal entities', (value) => value.replaceAll(/./g, (one) => `&#${String(one.charCodeAt(0))};`)],
  ['in HTML', (value) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
  ['in base64', (value) => Buffer.from(value).toString('base64')],
  ['in base64 for URLs', (value) => Buffer.from(value).toString('base64url')],
  ['in base64 of UTF-16', (value) => utf16(value).toString('base64')],
  ['in hex', (value) => Buffer.from(value).toString('hex')],
  ['in capital hex', (value) => Buffer.from(value).toString('hex').toUpperCase()],
  ['in hex of UTF-16', (value) => utf16(value).toString('hex')],
];

describe('a text is read', () => {
  it.each(encodings)('%s, whatever stands before it', (_how, encode) => {
    fc.assert(
      fc.property(text, fc.constantFrom('', 'x', 'xy', 'xyz', 'Q_', 'id:', 'number-1.'), (value, before) => {
        const readings = readingsOf(`${before}${encode(value)}`);
        // What stands before may take away the first characters, as part of a group of its own.
        expect(readings.some((reading) => reading.includes(value.slice(3)))).toBe(true);
      }),
    );
  });

  it('without escapes in no other way where it has none', () => {
    expect(withoutEscapes('{"bk_token":"Zq3kQ9xT7mB2"}')).toEqual([]);
    expect(readingsOf('FailedHosts')).toEqual(['FailedHosts']);
  });
});
