import type { JobInstance } from './job-instance.ts';

/** The highest attempt seen of each step that was tried again, by its number: before the first there is none. */
export type SeenAttempts = ReadonlyMap<string, number>;

export const noAttempts: SeenAttempts = new Map();

/** The attempts seen, those of a newer state included. */
export function withAttemptsOf(job: JobInstance, seen: SeenAttempts): SeenAttempts {
  const retried = job.steps.filter(({ executeCount }) => executeCount > 0);
  return new Map([...seen, ...retried.map((step) => [step.stepInstanceId, step.executeCount] as const)]);
}

/**
 * Whether a state that was read later is older all the same: a step in it is in an attempt before one seen already.
 * bk-job reads from replicas, and an attempt never goes down. All else may: a finished job runs again when it is
 * retried (upstream contract 5.7), and is then newer than it was.
 */
export function isOlder(job: JobInstance, seen: SeenAttempts): boolean {
  return job.steps.some(({ stepInstanceId, executeCount }) => executeCount < (seen.get(stepInstanceId) ?? 0));
}
