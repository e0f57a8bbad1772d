import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReusedMemory } from '../../../src/memory/reused-memory.ts';

const mebibyte = 1024 * 1024;

it('memory is used again once it was given back, and not before', () => {
  const memory = new ReusedMemory(10 * mebibyte);
  const first = memory.take(mebibyte);
  expect(memory.take(mebibyte) === first).toBe(false);
  memory.giveBack(first);
  expect(memory.take(mebibyte) === first).toBe(true);
});

it('nobody ever has memory that somebody else has, and no more is kept than may be', () => {
  const size = fc.oneof(fc.nat(100_000), fc.nat(4 * mebibyte));
  fc.assert(
    fc.property(fc.array(fc.oneof(size, fc.constant('give back' as const))), (steps) => {
      const memory = new ReusedMemory(3 * mebibyte);
      const taken: Buffer[] = [];
      for (const step of steps) {
        if (step === 'give back') {
          const back = taken.shift();
          if (back !== undefined) memory.giveBack(back);
        } else {
          const buffer = memory.take(step);
          expect(buffer.length).toBeGreaterThanOrEqual(step);
          const isLong = buffer.length >= 16 * 1024;
          expect(isLong && taken.some((other) => other.buffer === buffer.buffer)).toBe(false);
          taken.push(buffer);
        }
        expect(memory.kept).toBeLessThanOrEqual(3 * mebibyte);
      }
    }),
    { numRuns: 200 },
  );
});
