import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasLongNumber } from '../../../../src/upstream/wire/json.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a number that a double may not hold', () => {
  it.each([
    ['1234567890123456', true],
    ['123456789012345', false],
    ['-1234567890123456', true],
    ['0000000000000000', true],
    ['9999999999999999', true],
    ['[123456789012345,123456789012345]', false],
    ['[1,1234567890123456]', true],
    ['0.1234567890123456', true],
    ['{"a":12345678}', false],
    [String.raw`{"1234567890123456":"1234567890123456"}`, false],
    [String.raw`{"\"1234567890123456":1}`, false],
    [String.raw`{"\\":1234567890123456}`, true],
    [String.raw`{"a\\\"1234567890123456":1}`, false],
    ['{"a":"","b":1234567890123456}', true],
    ['"1234567890123456', false],
    ['"1234567890123456\\', false],
    ['////////////////::::::::::::::::', false],
    ['', false],
  ])('is looked for outside of texts: %s', (text, found) => {
    expect(hasLongNumber(bytes(text))).toBe(found);
  });

  it('is found in JSON exactly where 16 digits stand side by side outside of texts', () => {
    const digits = fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
      fc.stringMatching(/^\d{14,17}$/).map((text) => JSON.stringify(text)),
      fc
        .string({ unit: fc.constantFrom('"', '\\', '1234567890123456', 'x', '作') })
        .map((text) => JSON.stringify(text)),
    );
    fc.assert(
      fc.property(fc.array(digits), (items) => {
        const found = items.some((item) => !item.startsWith('"') && item.length >= 16);
        expect(hasLongNumber(bytes(`[${items.join(', ')}]`))).toBe(found);
      }),
    );
  });
});
