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

/**
 * Makes the accounts of all callers. A price above the capacity would never fit, so the settings see to it that there is
 * none. Whoever has spent nothing for long enough is not kept.
 */
export function createCostBuckets({ capacity, refillPerSecond }: CostLimits, now: () => number): CostBuckets {
  const buckets = new Map<string, { readonly level: number; readonly at: number }>();
  let sweepAt = sweepAfter;

  function levelOf(fingerprint: string): number {
    const bucket = buckets.get(fingerprint);
    if (bucket === undefined) return 0;
    return Math.max(0, bucket.level - refilledSince(bucket.at));
  }

  function refilledSince(at: number): number {
    return ((now() - at) * refillPerSecond) / 1000;
  }

  /** What time has given back since it was charged is not given back again, so that nobody ever has more than capacity. */
  function refund(fingerprint: string, cost: number): void {
    if (cost <= 0) return;
    const level = levelOf(fingerprint) - cost;
    if (level > 0) buckets.set(fingerprint, { level, at: now() });
    else buckets.delete(fingerprint);
  }

  function sweep(): void {
    for (const fingerprint of buckets.keys()) if (levelOf(fingerprint) === 0) buckets.delete(fingerprint);
    sweepAt = buckets.size + sweepAfter;
  }

  return {
    charge: (fingerprint, cost) => {
      const level = levelOf(fingerprint);
      const excess = level + cost - capacity;
      if (excess > 0) {
        const retryAfter = Math.ceil((excess / refillPerSecond) * 1000);
        return new JobApiError('RATE_LIMITED', 'Your requests have cost more than they may for now.', {
          retryAfter,
        });
      }
      const at = now();
      buckets.set(fingerprint, { level: level + cost, at });
      if (buckets.size > sweepAt) sweep();
      return (unspent) => {
        refund(fingerprint, unspent - refilledSince(at));
      };
    },
    get size() {
      return buckets.size;
    },
  };
}
