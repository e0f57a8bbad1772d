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
  /** Counts a call; as a failure where the caller is named who had it. */
  note(failedCaller: string | null): void;
  haveFailedTooOften(): boolean;
}

interface Bucket {
  readonly second: number;
  calls: number;
  failures: number;
  readonly failedCallers: Set<string>;
}

/** Whole seconds of the past are forgotten together, so that what is kept does not grow with the number of calls. */
const bucketDuration = 1000;

/** No calls yet. */
export function createRecentCalls(options: RecentCallsOptions): RecentCalls {
  let buckets: readonly Bucket[] = [];
  let current: Bucket | null = null;

  function currentBucket(): Bucket {
    const second = Math.floor(options.now() / bucketDuration);
    if (current?.second === second) return current;
    const oldest = second - options.rollingDuration / bucketDuration;
    current = { second, calls: 0, failures: 0, failedCallers: new Set() };
    buckets = [...buckets.filter((bucket) => bucket.second > oldest), current];
    return current;
  }

  return {
    note: (failedCaller) => {
      const bucket = currentBucket();
      bucket.calls += 1;
      if (failedCaller === null) return;
      bucket.failures += 1;
      if (bucket.failedCallers.size < options.callerThreshold) bucket.failedCallers.add(failedCaller);
    },
    haveFailedTooOften: () => {
      const calls = buckets.reduce((sum, bucket) => sum + bucket.calls, 0);
      const failures = buckets.reduce((sum, bucket) => sum + bucket.failures, 0);
      const failedCallers = new Set(buckets.flatMap((bucket) => [...bucket.failedCallers]));
      return (
        calls >= options.requestThreshold &&
        failedCallers.size >= options.callerThreshold &&
        failures >= calls * options.errorThreshold
      );
    },
  };
}
