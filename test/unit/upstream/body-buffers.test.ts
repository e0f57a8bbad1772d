import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BodyBuffers } from '../../../src/upstream/body-buffers.ts';

const mebibyte = 1024 * 1024;

it('memory is used again once it was given back, and not before', () => {
  const bodies = new BodyBuffers(10 * mebibyte);
  const first = bodies.take(mebibyte);
  expect(bodies.take(mebibyte)).not.toBe(first);
  bodies.giveBack(first);
  expect(bodies.take(mebibyte)).toBe(first);
});

it('no two bodies ever stand in the same memory, and no more is kept than may be', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(4 * mebibyte), fc.constant('give back' as const))), (steps) => {
      const bodies = new BodyBuffers(3 * mebibyte);
      const taken: Buffer[] = [];
      for (const step of steps) {
        if (step === 'give back') {
          const back = taken.shift();
          if (back === undefined) continue;
          bodies.giveBack(back);
        } else {
          const buffer = bodies.take(step);
          expect(buffer.length).toBeGreaterThanOrEqual(step);
          expect(taken.some((other) => other.buffer === buffer.buffer)).toBe(false);
          taken.push(buffer);
        }
        expect(bodies.kept).toBeLessThanOrEqual(3 * mebibyte);
      }
    }),
    { numRuns: 200 },
  );
});
