import type { JobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import { intervalAtAge } from '../domain/poll-interval.ts';

/** How often a job is read that somebody follows. Times are milliseconds. */
export interface PaceOptions {
  /** Part of each wait by which it is made longer or shorter, so that readers do not march in step. */
  readonly jitter: number;
  /** From how many hosts on a job is read less often while its hosts are wanted. */
  readonly largeJobHosts: number;
  /** How often at most, then. */
  readonly largeJobMinInterval: number;
}

/** A bk-job that does not answer is tried again after this long at the latest, unless the job's own interval is longer. */
const longestBackOff = 2000;

const firstInterval = 1000;

/** How long to wait before a job is read again. `job` is its newest state; null where it was never read. */
export function intervalOf(job: JobInstance | null, hostDetail: boolean, options: PaceOptions): number {
  if (job === null) return firstInterval;
  const interval = intervalAtAge(job);
  if (!hostDetail || countHosts(job) < options.largeJobHosts) return interval;
  return Math.max(interval, options.largeJobMinInterval);
}

/** The same after so many failures in a row. */
export function backOffOf(interval: number, failures: number, { code, retryAfter }: JobApiError): number {
  const delay = Math.min(interval * 2 ** Math.min(failures - 1, 10), Math.max(interval, longestBackOff));
  return code === 'RATE_LIMITED' ? Math.max(delay, retryAfter ?? 0) : delay;
}

/** How much of that passes at least, whoever joins meanwhile: as for a job that has just begun. */
export function leastBackOffOf(failures: number): number {
  return Math.min(firstInterval * 2 ** (failures - 1), longestBackOff);
}

function countHosts({ steps }: JobInstance): number {
  return steps.reduce((count, { ipResults }) => count + ipResults.length, 0);
}
