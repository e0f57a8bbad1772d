import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCostBuckets } from '../../../../src/server/admission/cost-buckets.ts';

function open(capacity = 100, refillPerSecond = 10) {
  const clock = { now: 0 };
  return { clock, buckets: createCostBuckets({ capacity, refillPerSecond }, () => clock.now) };
}

describe('what a caller may spend', () => {
  it('can be spent at once, and comes back with time', () => {
    const { clock, buckets } = open();
    expect(buckets.charge('a', 100)).toBeNull();
    expect(buckets.charge('a', 30)).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 3000 });
    clock.now = 2999;
    expect(buckets.charge('a', 30)).not.toBeNull();
    clock.now = 3000;
    expect(buckets.charge('a', 30)).toBeNull();
  });

  it('is each caller’s own', () => {
    const { buckets } = open();
    expect(buckets.charge('a', 100)).toBeNull();
    expect(buckets.charge('b', 100)).toBeNull();
  });

  it('is forgotten of who has spent nothing for long', () => {
    const { clock, buckets } = open();
    for (let caller = 0; caller < 5000; caller++) {
      clock.now += 100;
      buckets.charge(String(caller), 10);
    }
    expect(buckets.size).toBeLessThan(2500);
  });

  it('is never more than capacity and refill allow, over any time', () => {
    const spending = fc.array(
      fc.record({ wait: fc.nat({ max: 5000 }), cost: fc.integer({ min: 1, max: 100 }) }),
    );
    fc.assert(
      fc.property(spending, (steps) => {
        const { clock, buckets } = open();
        let spent = 0;
        for (const { wait, cost } of steps) {
          clock.now += wait;
          if (buckets.charge('a', cost) === null) spent += cost;
          expect(spent).toBeLessThanOrEqual(100 + (clock.now * 10) / 1000 + 1e-6);
        }
      }),
    );
  });
});
