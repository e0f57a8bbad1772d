import { JobApiError } from '../../domain/errors.ts';
import type { Spending } from '../../execution/charge.ts';

/** What one caller's operations may cost over time. */
export interface CostLimits {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** Keeps account of what each caller's operations cost, in a leaky bucket each. */
export interface CostBuckets extends Spending {
  /** Callers of whom something is kept. */
  readonly size: number;
}

/** Buckets are looked through for empty ones whenever so many have come in addition. */
const sweepAfter = 1000;

/** What is left to be paid of an operation that is under way. */
interface Held {
  left: number;
}

/**
 * What one caller has spent and not paid off yet. Time pays for what is over first, since of what is under way a part may
 * be given back; what it has paid of that is not given back again, so that nobody ever has more than capacity and refill.
 */
class Bucket {
  readonly #refillPerSecond: number;
  #paidUntil: number;
  /** Of operations that are over. */
  #spent = 0;
  /** The oldest first. */
  #held: Held[] = [];

  constructor(refillPerSecond: number, now: number) {
    this.#refillPerSecond = refillPerSecond;
    this.#paidUntil = now;
  }

  level(now: number): number {
    this.#pay(now);
    return this.#held.reduce((sum, { left }) => sum + left, this.#spent);
  }

  hold(cost: number): Held {
    const held = { left: cost };
    this.#held.push(held);
    return held;
  }

  giveBack(held: Held, unspent: number, now: number): void {
    this.#pay(now);
    this.#held = this.#held.filter((other) => other !== held);
    this.#spent += Math.max(0, held.left - unspent);
  }

  #pay(now: number): void {
    let rest = ((now - this.#paidUntil) * this.#refillPerSecond) / 1000;
    this.#paidUntil = now;
    const paid = Math.min(this.#spent, rest);
    this.#spent -= paid;
    rest -= paid;
    for (const held of this.#held) {
      const part = Math.min(held.left, rest);
      held.left -= part;
      rest -= part;
    }
    this.#held = this.#held.filter(({ left }) => left > 0);
  }
}

/**
 * Makes the accounts of all callers. A price above the capacity would never fit, so the settings see to it that there is
 * none. Whoever has spent nothing for long enough is not kept.
 */
export function createCostBuckets({ capacity, refillPerSecond }: CostLimits, now: () => number): CostBuckets {
  const buckets = new Map<string, Bucket>();
  let sweepAt = sweepAfter;

  function sweep(): void {
    for (const [account, bucket] of buckets) if (bucket.level(now()) === 0) buckets.delete(account);
    sweepAt = buckets.size + sweepAfter;
  }

  return {
    charge: (account, cost) => {
      const bucket = buckets.get(account) ?? new Bucket(refillPerSecond, now());
      const excess = bucket.level(now()) + cost - capacity;
      if (excess > 0) {
        const retryAfter = Math.ceil((excess / refillPerSecond) * 1000);
        return new JobApiError('RATE_LIMITED', 'Your requests have cost more than they may for now.', {
          retryAfter,
        });
      }
      const held = bucket.hold(cost);
      buckets.set(account, bucket);
      if (buckets.size > sweepAt) sweep();
      return (unspent) => {
        bucket.giveBack(held, unspent, now());
        if (bucket.level(now()) === 0 && buckets.get(account) === bucket) buckets.delete(account);
      };
    },
    get size() {
      return buckets.size;
    },
  };
}
