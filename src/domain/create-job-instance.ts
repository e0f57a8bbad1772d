import type { JobApiError } from './errors.ts';
import { toCells, type IpResultCells, type IpResultData } from './ip-result-cells.ts';
import { createIpResultTable, IpResults } from './ip-results.ts';
import type { HostDetail, JobInstance, StepInstance } from './job-instance.ts';

/** A host's row before it knows its step. */
export type StepIpResultData = IpResultData;

/** A step before it knows its job and its hosts. */
export type PlainStepData = Omit<StepInstance, 'jobInstance' | 'position' | 'ipResults'>;

/** A step before it knows its job. */
export interface StepInstanceData extends PlainStepData {
  /** Empty where host detail was not asked for. */
  readonly ipResults: readonly StepIpResultData[];
}

interface PlainJobData extends Omit<JobInstance, 'steps' | 'hostDetail'> {
  /** Whether the answer was asked for with hosts. */
  readonly hostDetailRead: boolean;
}

/** What one answer of bk-job says of a job. */
export interface JobInstanceData extends PlainJobData {
  readonly steps: readonly StepInstanceData[];
}

/** The same with the hosts of all steps in one table. */
export interface TabledJobInstanceData extends PlainJobData {
  readonly steps: readonly (PlainStepData & { readonly ipResultCount: number })[];
  /** Step by step. */
  readonly ipResults: IpResultCells;
}

/** Ties job, steps and hosts together and tells rows of one host in one step apart. */
export function createJobInstance(data: JobInstanceData): JobInstance {
  return createTabledJobInstance({
    ...data,
    steps: data.steps.map(({ ipResults, ...step }) => ({ ...step, ipResultCount: ipResults.length })),
    ipResults: toCells(data.steps.flatMap(({ ipResults }) => ipResults)),
  });
}

/** The same from hosts that are in a table already. */
export function createTabledJobInstance(data: TabledJobInstanceData): JobInstance {
  const { steps, ipResults, hostDetailRead, ...job } = data;
  return assemble(job, { kind: hostDetailRead ? 'read' : 'not-read' }, (jobInstance, ofJob) => {
    const table = createIpResultTable(
      ipResults,
      ofJob,
      steps.map(({ ipResultCount }) => ipResultCount),
    );
    let start = 0;
    return steps.map(({ ipResultCount, ...step }, position) => {
      const hosts = IpResults.range(table, start, start + ipResultCount);
      start += ipResultCount;
      return { ...step, jobInstance, position, ipResults: hosts };
    });
  });
}

/** The same job, with the reason why its hosts could not be read with it. */
export function withFailedHostDetail(job: JobInstance, error: JobApiError): JobInstance {
  const { steps, hostDetail: _notRead, ...rest } = job;
  return assemble(rest, { kind: 'failed', error }, (jobInstance) =>
    steps.map((step) => ({ ...step, jobInstance })),
  );
}

/** Steps know their job, and the table of hosts knows the steps, before there are any. */
function assemble(
  job: Omit<JobInstance, 'steps' | 'hostDetail'>,
  hostDetail: HostDetail,
  createSteps: (job: JobInstance, ofJob: readonly StepInstance[]) => readonly StepInstance[],
): JobInstance {
  const steps: StepInstance[] = [];
  const jobInstance: JobInstance = { ...job, hostDetail, steps };
  steps.push(...createSteps(jobInstance, steps));
  return jobInstance;
}
