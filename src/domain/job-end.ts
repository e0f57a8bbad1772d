import type { JobInstance } from './job-instance.ts';

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

/** Whether a job will never be another than it is: it is over, and cannot run again. */
export function isFinal(job: JobInstance): boolean {
  return job.finished && !needsConfirmation(job);
}
