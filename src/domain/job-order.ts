import type { JobInstance } from './job-instance.ts';

/**
 * The highest attempt seen of each step that was tried again, by its number: before the first there is none. Where one
 * job has a step twice, its lowest counts, so that no job is older than itself.
 */
export type SeenAttempts = ReadonlyMap<string, number>;

export const noAttempts: SeenAttempts = new Map();

/** The attempts seen, those of a newer state included. */
export function withAttemptsOf(job: JobInstance, seen: SeenAttempts): SeenAttempts {
  return new Map([...seen, ...attemptsOf(job)]);
}

/** Most steps are in their first attempt, and take no place. */
function attemptsOf({ steps }: JobInstance): SeenAttempts {
  const lowest = new Map<string, number>();
  for (const { stepInstanceId, executeCount } of steps) {
    if (executeCount > 0) {
      lowest.set(stepInstanceId, Math.min(executeCount, lowest.get(stepInstanceId) ?? executeCount));
    }
  }
  if (lowest.size === 0) return lowest;
  for (const { stepInstanceId, executeCount } of steps) if (executeCount <= 0) lowest.delete(stepInstanceId);
  return lowest;
}

/**
 * Whether a state that was read later is older all the same: a step in it is in an attempt before one seen already.
 * bk-job reads from replicas, and an attempt never goes down. All else may: a finished job runs again when it is
 * retried (upstream contract 5.7), and is then newer than it was.
 */
export function isOlder(job: JobInstance, seen: SeenAttempts): boolean {
  return job.steps.some(({ stepInstanceId, executeCount }) => executeCount < (seen.get(stepInstanceId) ?? 0));
}
