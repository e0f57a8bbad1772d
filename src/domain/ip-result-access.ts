import { JobApiError } from './errors.ts';
import { IpResults, type IpResultTable } from './ip-results.ts';
import type { JobInstance, StepInstance } from './job-instance.ts';

/** Hosts of a step. Throws the reason where they could not be read. */
export function ipResultsOfStep(step: StepInstance): IpResults {
  assertHostDetail(step.jobInstance);
  return step.ipResults;
}

/**
 * Lists of whole jobs are put together once, so that what is found out about one of them can be remembered with it. A
 * table has the hosts of one job, and copies of that job have the table.
 */
const listsOfJobs = new WeakMap<IpResultTable, IpResults>();

/** Hosts of all steps, step by step. Throws the reason where they could not be read. */
export function ipResultsOfJob(job: JobInstance): IpResults {
  assertHostDetail(job);
  const [first] = job.steps;
  if (first === undefined) throw new RangeError('A job has at least one step.');
  // Rows of a step are rows of its job, and a job of one step has no others.
  if (job.steps.length === 1) return first.ipResults;
  const { table } = first.ipResults;
  let list = listsOfJobs.get(table);
  if (list === undefined) {
    list = IpResults.range(table, 0, table.rowCount);
    listsOfJobs.set(table, list);
  }
  return list;
}

/** Hosts that nobody asked bk-job for must not look like no hosts. */
function assertHostDetail({ hostDetail }: JobInstance): void {
  if (hostDetail.kind === 'failed') throw hostDetail.error;
  if (hostDetail.kind === 'not-read') {
    throw new JobApiError('INTERNAL_SERVER_ERROR', null, {
      cause: new Error('Hosts are asked of a job that was read without them.'),
    });
  }
}
