import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobApiError } from '../../../../src/domain/errors.ts';
import type { Refund } from '../../../../src/execution/charge.ts';
import { createCostBuckets } from '../../../../src/server/admission/cost-buckets.ts';

function open(capacity = 100, refillPerSecond = 10) {
  const clock = { now: 0 };
  const buckets = createCostBuckets({ capacity, refillPerSecond }, () => clock.now);
  return {
    clock,
    buckets,
    /** Null where it cannot be paid; otherwise what gives back. */
    charge: (caller: string, cost: number): Refund | null => {
      const charged = buckets.charge(caller, cost);
      return charged instanceof JobApiError ? null : charged;
    },
  };
}

describe('what a caller may spend', () => {
  it('can be spent at once, and comes back with time', () => {
    const { clock, buckets, charge } = open();
    expect(charge('a', 100)).not.toBeNull();
    expect(buckets.charge('a', 30)).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 3000 });
    clock.now = 2999;
    expect(charge('a', 30)).toBeNull();
    clock.now = 3000;
    expect(charge('a', 30)).not.toBeNull();
  });

  it('is each caller’s own', () => {
    const { charge } = open();
    expect(charge('a', 100)).not.toBeNull();
    expect(charge('b', 100)).not.toBeNull();
  });

  it('is forgotten of who has spent nothing for long', () => {
    const { clock, buckets } = open();
    for (let caller = 0; caller < 5000; caller++) {
      clock.now += 100;
      buckets.charge(String(caller), 10);
    }
    expect(buckets.size).toBeLessThan(2500);
  });

  it('is given back where it was charged for nothing, but not what time has given back since', () => {
    const { clock, charge } = open();
    const first = charge('a', 90);
    charge('b', 90);
    first!(80);
    expect(charge('b', 90)).toBeNull();
    const second = charge('a', 90);
    expect(charge('a', 1)).toBeNull();
    // Time has paid for all that was spent, and for more of the second than was spent.
    clock.now = 5000;
    second!(80);
    expect(charge('a', 100)).not.toBeNull();
    expect(charge('a', 1)).toBeNull();
  });

  it('comes back once, however much is under way', () => {
    const { clock, charge } = open();
    const underWay = Array.from({ length: 10 }, () => charge('a', 10)!);
    clock.now = 2000;
    for (const giveBack of underWay) giveBack(9);
    // Ten were spent, and twenty have come back of what the first two could have cost.
    expect(charge('a', 93)).toBeNull();
    expect(charge('a', 92)).not.toBeNull();
  });

  it('is not kept of who got all of it back', () => {
    const { buckets, charge } = open();
    charge('a', 90)!(90);
    expect(buckets.size).toBe(0);
  });

  const operations = fc.array(
    fc.record({
      wait: fc.nat({ max: 5000 }),
      cost: fc.integer({ min: 1, max: 100 }),
      unspent: fc.double({ min: 0, max: 1, noNaN: true }),
      takes: fc.nat({ max: 15_000 }),
    }),
    { maxLength: 30 },
  );

  it('is never more than capacity and refill allow, over any time, whenever it is given back', () => {
    fc.assert(
      fc.property(operations, (asked) => {
        const { clock, charge } = open();
        let underWay: { readonly at: number; readonly settle: () => void }[] = [];
        const paid: { readonly at: number; readonly cost: number }[] = [];
        const passTo = (time: number): void => {
          for (const { at, settle } of underWay.toSorted((one, other) => one.at - other.at)) {
            if (at > time) continue;
            clock.now = at;
            settle();
          }
          underWay = underWay.filter(({ at }) => at > time);
          clock.now = time;
        };
        for (const { wait, cost, unspent, takes } of asked) {
          passTo(clock.now + wait);
          const refund = charge('a', cost);
          if (refund === null) continue;
          paid.push({ at: clock.now, cost: cost * (1 - unspent) });
          underWay.push({ at: clock.now + takes, settle: () => refund(cost * unspent) });
        }
        for (const [index, { at: from }] of paid.entries()) {
          let sum = 0;
          for (const { at, cost } of paid.slice(index)) {
            sum += cost;
            expect(sum).toBeLessThanOrEqual(100 + ((at - from) * 10) / 1000 + 1e-6);
          }
        }
      }),
    );
  });
});
