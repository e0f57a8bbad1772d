/** When recent calls are too many failures. Times are milliseconds. */
export interface RecentCallsOptions {
  readonly now: () => number;
  /** What is remembered of the past. */
  readonly rollingDuration: number;
  /** How many calls there must have been in that time. */
  readonly requestThreshold: number;
  /** How many callers must have seen a failure: one caller's own trouble is not the upstream's. */
  readonly callerThreshold: number;
  /** Which share of the calls must have failed, from 0 to 1. */
  readonly errorThreshold: number;
}

/** Counts of the calls of the last while. */
export interface RecentCalls {
  note(caller: string, hasFailed: boolean): void;
  haveFailedTooOften(): boolean;
}

interface Bucket {
  calls: number;
  failures: number;
  readonly failedCallers: Set<string>;
}

/** Whole seconds of the past are forgotten together, so that what is kept does not grow with the number of calls. */
const bucketDuration = 1000;

/** No calls yet. */
export function createRecentCalls(options: RecentCallsOptions): RecentCalls {
  const buckets = new Map<number, Bucket>();

  function currentBucket(): Bucket {
    const second = Math.floor(options.now() / bucketDuration);
    const oldest = second - options.rollingDuration / bucketDuration;
    for (const key of buckets.keys()) if (key <= oldest) buckets.delete(key);
    const bucket = buckets.get(second) ?? { calls: 0, failures: 0, failedCallers: new Set<string>() };
    buckets.set(second, bucket);
    return bucket;
  }

  return {
    note: (caller, hasFailed) => {
      const bucket = currentBucket();
      bucket.calls += 1;
      if (!hasFailed) return;
      bucket.failures += 1;
      if (bucket.failedCallers.size < options.callerThreshold) bucket.failedCallers.add(caller);
    },
    haveFailedTooOften: () => {
      const remembered = [...buckets.values()];
      const calls = remembered.reduce((sum, bucket) => sum + bucket.calls, 0);
      const failures = remembered.reduce((sum, bucket) => sum + bucket.failures, 0);
      const failedCallers = new Set(remembered.flatMap((bucket) => [...bucket.failedCallers]));
      return (
        calls >= options.requestThreshold &&
        failedCallers.size >= options.callerThreshold &&
        failures >= calls * options.errorThreshold
      );
    },
  };
}
