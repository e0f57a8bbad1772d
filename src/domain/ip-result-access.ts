import { JobApiError } from './errors.ts';
import type { JobInstance, StepInstance, StepIpResult } from './job-instance.ts';

/** Hosts of a step. Throws the reason where they could not be read. */
export function ipResultsOfStep(step: StepInstance): readonly StepIpResult[] {
  assertHostDetail(step.jobInstance);
  return step.ipResults;
}

/** Lists of whole jobs are put together once, so that what is found out about one of them can be remembered with it. */
const listsOfJobs = new WeakMap<JobInstance, readonly StepIpResult[]>();

/** Hosts of all steps, step by step. Throws the reason where they could not be read. */
export function ipResultsOfJob(job: JobInstance): readonly StepIpResult[] {
  assertHostDetail(job);
  const list = listsOfJobs.get(job) ?? job.steps.flatMap((step) => step.ipResults);
  listsOfJobs.set(job, list);
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
