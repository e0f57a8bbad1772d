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

  it('is given back where it was charged for nothing, and is never more than all of it', () => {
    const { clock, buckets } = open();
    buckets.charge('a', 90);
    buckets.charge('b', 90);
    buckets.refund('a', 80);
    expect(buckets.charge('a', 90)).toBeNull();
    expect(buckets.charge('a', 1)).not.toBeNull();
    expect(buckets.charge('b', 90)).not.toBeNull();
    clock.now = 5000;
    buckets.refund('a', 90);
    expect(buckets.size).toBe(1);
    expect(buckets.charge('a', 101)).not.toBeNull();
    expect(buckets.charge('a', 100)).toBeNull();
  });

  it('is never more than capacity and refill allow, over any time, whatever is given back', () => {
    const spending = fc.array(
      fc.record({
        wait: fc.nat({ max: 5000 }),
        cost: fc.integer({ min: 1, max: 100 }),
        unspent: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(spending, (steps) => {
        const { clock, buckets } = open();
        let spent = 0;
        let refund = 0;
        for (const { wait, cost, unspent } of steps) {
          clock.now += wait;
          if (refund > 0) buckets.refund('a', refund);
          spent -= refund;
          refund = 0;
          if (buckets.charge('a', cost) !== null) continue;
          spent += cost;
          expect(spent).toBeLessThanOrEqual(100 + (clock.now * 10) / 1000 + 1e-6);
          refund = unspent * cost;
        }
      }),
    );
  });
});
