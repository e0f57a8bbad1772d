/** When recent calls are too many failures. Times are milliseconds. */
export interface RecentCallsOptions {
  readonly now: () => number;
  /** What is remembered of the past. */
  readonly rollingDuration: number;
  /** How many calls there must have been in that time. */
  readonly requestThreshold: number;
  /** How many callers must have seen a failure: one caller's own trouble is not the upstream's, however often he asks. */
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
  readonly failuresOf: Map<string, number>;
}

/** Of so many callers failures are told apart at least, of those of one second. */
const leastCallers = 100;

/** Whole seconds of the past are forgotten together, so that what is kept does not grow with the number of calls. */
const bucketDuration = 1000;

/** No calls yet. */
export function createRecentCalls(options: RecentCallsOptions): RecentCalls {
  const maxCallers = Math.max(leastCallers, options.callerThreshold);
  let buckets: readonly Bucket[] = [];
  let current: Bucket | null = null;

  function currentBucket(): Bucket {
    const second = Math.floor(options.now() / bucketDuration);
    if (current?.second === second) return current;
    const oldest = second - options.rollingDuration / bucketDuration;
    current = { second, calls: 0, failures: 0, failuresOf: new Map() };
    buckets = [...buckets.filter((bucket) => bucket.second > oldest), current];
    return current;
  }

  return {
    note: (failedCaller) => {
      const bucket = currentBucket();
      bucket.calls += 1;
      if (failedCaller === null) return;
      bucket.failures += 1;
      const { failuresOf } = bucket;
      const before = failuresOf.get(failedCaller);
      if (before !== undefined || failuresOf.size < maxCallers)
        failuresOf.set(failedCaller, (before ?? 0) + 1);
    },
    haveFailedTooOften: () => {
      const calls = buckets.reduce((sum, bucket) => sum + bucket.calls, 0);
      const failures = buckets.reduce((sum, bucket) => sum + bucket.failures, 0);
      const isMuch = (uncounted: number): boolean =>
        calls - uncounted >= options.requestThreshold &&
        failures - uncounted >= (calls - uncounted) * options.errorThreshold;
      if (!isMuch(0)) return false;
      const failuresOf = sumOf(buckets);
      if (failuresOf.size < options.callerThreshold) return false;
      if (options.callerThreshold === 1) return true;
      // Of whoever had most, no more than all others had together.
      const most = Math.max(...failuresOf.values());
      return isMuch(Math.max(0, most - (failures - most)));
    },
  };
}

function sumOf(buckets: readonly Bucket[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { failuresOf } of buckets) {
    for (const [caller, failures] of failuresOf) sums.set(caller, (sums.get(caller) ?? 0) + failures);
  }
  return sums;
}
