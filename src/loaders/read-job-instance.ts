import { withFailedHostDetail } from '../domain/create-job-instance.ts';
import { saysDown, toJobApiError, type JobApiErrorCode } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { JobReference } from '../domain/scope.ts';
import type { EndSignal, JobInstanceStatusRead } from '../upstream/job-api.ts';

/** How a job is to be read, and without its hosts where they cannot be read with it. */
export interface JobInstanceRead extends JobInstanceStatusRead {
  /** Aborted where nobody waits for what is read without hosts; as `signal` where left out. */
  readonly plainSignal?: EndSignal | undefined;
}

/** One call to bk-job on somebody's behalf. */
export type FetchJobInstance = (job: JobReference, read: JobInstanceStatusRead) => Promise<JobInstance>;

/**
 * Failures that host detail can cause by itself: its answer is large, slow and, for jobs on containers, broken
 * (upstream contract 0.7). After these the plain read may still answer; after any other it would fail alike.
 */
const plainReadMayAnswer: ReadonlySet<JobApiErrorCode> = new Set([
  'UPSTREAM_ERROR',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_BAD_RESPONSE',
]);

/**
 * Reads a job. Where its hosts cannot be read with it, it is read once more without them and says why they are
 * missing. Rejects with a `JobApiError`.
 */
export function readJobInstance(
  fetch: FetchJobInstance,
  job: JobReference,
  read: JobInstanceRead,
): Promise<JobInstance> {
  const result = fetch(job, read);
  if (!read.hostDetail) return result;
  const { signal, plainSignal = signal } = read;
  return result.catch(async (thrown: unknown) => {
    const error = toJobApiError(thrown);
    if (!plainReadMayAnswer.has(error.code) || signal?.aborted === true) throw error;
    // A bk-job that is down has to bear one call more. With a time to come back it was not asked: host rows are spared.
    const isAnotherTry = saysDown.has(error.code) && error.retryAfter === null;
    const afterFailure = isAnotherTry ? error : undefined;
    const plainRead = { ...read, hostDetail: false, afterFailure, signal: plainSignal };
    return withFailedHostDetail(await fetch(job, plainRead), error);
  });
}
