import type { JobInstance } from '../domain/job-instance.ts';

/** The highest attempt seen of each step, by its number. */
export type SeenAttempts = ReadonlyMap<string, number>;

/** The attempts seen, those of a newer state included. */
export function withAttemptsOf(job: JobInstance, seen: SeenAttempts): SeenAttempts {
  return new Map([...seen, ...job.steps.map((step) => [step.stepInstanceId, step.executeCount] as const)]);
}

/**
 * Whether a state that was read later is older all the same: a step in it is in an attempt before one seen already.
 * bk-job reads from replicas, and an attempt never goes down. All else may: a finished job runs again when it is
 * retried (upstream contract 5.7), and is then newer than it was.
 */
export function isOlder(job: JobInstance, seen: SeenAttempts): boolean {
  return job.steps.some(({ stepInstanceId, executeCount }) => executeCount < (seen.get(stepInstanceId) ?? 0));
}

/** Only success and abandonment are never reopened (upstream contract 5.7). */
const finalStatusCodes: ReadonlySet<number> = new Set([3, 14]);

/** Step states in which bk-job is still at work, or waits for somebody (upstream contract 4.1). */
const unfinishedStatusCodes: ReadonlySet<number> = new Set([2, 7, 10, 15]);

/**
 * Whether a job that says that it is over has to say so once more before it is believed: its steps contradict it, or
 * it may be retried this very moment.
 */
export function needsConfirmation({ statusCode, steps }: JobInstance): boolean {
  return (
    !finalStatusCodes.has(statusCode) || steps.some((step) => unfinishedStatusCodes.has(step.statusCode))
  );
}
