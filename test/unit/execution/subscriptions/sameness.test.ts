import { expect, it } from 'vitest';
import { createSameness } from '../../../../src/execution/subscriptions/sameness.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

it.each([
  ['few', 1, true],
  ['more than can be read at once', 600_000, false],
])(
  'answers of two ways that say the same are told once where they have %s bytes',
  (_what, length, isOnce) => {
    const same = createSameness();
    const escaped = encode(`["\\u00e9${'a'.repeat(length)}"]`);
    const plain = encode(`["é${'a'.repeat(length)}"]`);
    const first = same.bytesOf(plain, 'graphql-js');
    expect(first).toBe(plain);
    const second = same.bytesOf(escaped, 'fast');
    expect(second === first).toBe(isOnce);
    // From then on both are made the same way.
    expect(same.bytesOf(encode(`["\\u00e9${'a'.repeat(length)}"]`), 'fast')).toBe(second);
  },
);
