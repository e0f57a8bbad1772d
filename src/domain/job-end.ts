import { numberCells, rawNumberOf } from './ip-result-cells.ts';
import type { JobInstance, StepInstance } from './job-instance.ts';
import { jobRevision } from './job-revision.ts';
import { ipResultPhase, stepInstancePhase, type JobPhase } from './status-codes.ts';

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

/** States in which a step or a host stays, once its job is over for good. */
const endPhases: ReadonlySet<JobPhase> = new Set(['SUCCEEDED', 'FAILED', 'STOPPED', 'NEUTRAL']);

/**
 * Whether a job will never be another than it is: it is over, cannot run again, and nothing that was read with it says
 * otherwise, as steps and hosts may for a moment.
 */
export function isFinal(job: JobInstance): boolean {
  return job.finished && finalStatusCodes.has(job.statusCode) && job.steps.every(isStepAtEnd);
}

function isStepAtEnd({ statusCode, ipResults: { table, rows } }: StepInstance): boolean {
  return (
    endPhases.has(stepInstancePhase(statusCode)) &&
    rows.every((row) => endPhases.has(ipResultPhase(rawNumberOf(table, row, numberCells.statusCode))))
  );
}

/** What of a final job is known from two reads. */
export interface Confirmation {
  /** The job and its steps. */
  readonly job: boolean;
  readonly hosts: boolean;
}

/**
 * Whether a read of a final job says the same as an earlier one, by which it was final, too, and after which it began:
 * bk-job reads from replicas, and brings steps and hosts up to date a moment after the job. Hosts at their end are told
 * apart by their number, and confirmed by hosts alone.
 */
export function confirmationOf(job: JobInstance, earlier: JobInstance): Confirmation {
  const isSame = jobRevision(job) === jobRevision(earlier);
  return { job: isSame, hosts: isSame && haveAsManyHosts(job, earlier) };
}

function haveAsManyHosts(job: JobInstance, earlier: JobInstance): boolean {
  return (
    job.hostDetail.kind === 'read' &&
    earlier.hostDetail.kind === 'read' &&
    job.steps.every(({ ipResults }, place) => ipResults.length === earlier.steps[place]?.ipResults.length)
  );
}
