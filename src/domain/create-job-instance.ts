import type { JobApiError } from './errors.ts';
import type { IpResultData } from './ip-result-cells.ts';
import { toCells } from './ip-result-rows.ts';
import { createIpResultTable, IpResults, type IpResultsOfSteps, type IpResultTable } from './ip-results.ts';
import type { HostDetail, JobInstance, StepInstance } from './job-instance.ts';

/** A host's row before it knows its step. */
export type StepIpResultData = IpResultData;

type PlainStep = Omit<StepInstance, 'jobInstance' | 'position' | 'ipResults'>;

/** A step before it knows its job. */
export interface StepInstanceData extends PlainStep {
  /** Empty where host detail was not asked for. */
  readonly ipResults: readonly StepIpResultData[];
}

/** What one answer of bk-job says of a job. */
export interface JobInstanceData extends Omit<JobInstance, 'steps' | 'hostDetail'> {
  readonly steps: readonly StepInstanceData[];
  /** Whether the answer was asked for with hosts. */
  readonly hostDetailRead: boolean;
}

/** Ties job, steps and hosts together and tells rows of one host in one step apart. */
export function createJobInstance(data: JobInstanceData): JobInstance {
  const { steps } = data;
  if (steps.every(hasNoHosts)) return createJobInstanceWithoutHosts(data);
  const rows: StepIpResultData[] = [];
  const counts: number[] = [];
  for (const { ipResults } of steps) {
    counts.push(ipResults.length);
    for (const row of ipResults) rows.push(row);
  }
  const { numbers, spans, bytes } = toCells(rows);
  return createTabledJobInstance(data, { numbers, spans, bytes, counts });
}

function hasNoHosts({ ipResults }: StepInstanceData): boolean {
  return ipResults.length === 0;
}

/** No hosts at all: the same for all jobs that have none, most of which were not read with hosts. */
const noHosts = IpResults.range(createIpResultTable({ ...toCells([]), counts: [] }, []), 0, 0);

function createJobInstanceWithoutHosts(data: JobInstanceData): JobInstance {
  const steps: StepInstance[] = [];
  const jobInstance = createJob(data, hostDetailOf(data), steps);
  for (const step of data.steps) steps.push(createStep(step, jobInstance, noHosts));
  return jobInstance;
}

const hostsRead: HostDetail = { kind: 'read' };
const hostsNotRead: HostDetail = { kind: 'not-read' };

function hostDetailOf({ hostDetailRead }: JobInstanceData): HostDetail {
  return hostDetailRead ? hostsRead : hostsNotRead;
}

/** The same from hosts that are in a table already; those that the steps have as objects do not count. */
export function createTabledJobInstance(data: JobInstanceData, hosts: IpResultsOfSteps): JobInstance {
  const steps: StepInstance[] = [];
  const jobInstance = createJob(data, hostDetailOf(data), steps);
  const table = createIpResultTable(hosts, steps);
  let start = 0;
  for (const step of data.steps) {
    const end = start + (hosts.counts[steps.length] ?? 0);
    steps.push(createStep(step, jobInstance, IpResults.range(table, start, end)));
    start = end;
  }
  return jobInstance;
}

/** The same job, with the reason why its hosts could not be read with it. */
export function withFailedHostDetail(job: JobInstance, error: JobApiError): JobInstance {
  return copyOf(job, { kind: 'failed', error }, ({ ipResults }) => ipResults);
}

/** The same job for somebody else: what is kept with one is not kept with the other. The hosts are in one table. */
export function copyJobInstance(job: JobInstance): JobInstance {
  return copyOf(job, job.hostDetail, ({ ipResults }) => ipResults);
}

/** The job as a read without hosts tells it. */
export function withoutHostDetail(job: JobInstance): JobInstance {
  return copyOf(job, hostsNotRead, () => noHosts);
}

function copyOf(
  job: JobInstance,
  hostDetail: HostDetail,
  ipResultsOf: (step: StepInstance) => IpResults,
): JobInstance {
  const steps: StepInstance[] = [];
  const jobInstance = createJob(job, hostDetail, steps);
  for (const step of job.steps) steps.push(createStep(step, jobInstance, ipResultsOf(step)));
  return jobInstance;
}

/** What a job takes in memory without hosts, a step of it, and what is found out about a host, as its place in an order. */
const bytesPerJob = 1024;
const bytesPerStep = 512;
const bytesPerHost = 100;

/** What a job keeps of memory, about, in bytes: of its hosts all that was taken for them, used or not. */
export function memoryOf(job: JobInstance): number {
  const withoutHosts = bytesPerJob + bytesPerStep * job.steps.length;
  const table = hostsOf(job);
  if (table === undefined || table.rowCount === 0) return withoutHosts;
  return withoutHosts + memoryOfHosts(table) + bytesPerHost * table.rowCount;
}

/** So little was taken for them alone. To ask a small array for its buffer has V8 make one. */
const smallHosts = 16 * 1024;

/** What was taken for the hosts themselves, used or not, in bytes. */
export function memoryOfHosts({ numbers, spans, bytes }: IpResultTable): number {
  const used = numbers.byteLength + spans.byteLength + bytes.byteLength;
  return used < smallHosts ? used : numbers.buffer.byteLength + bytes.buffer.byteLength;
}

/** Says how many more were given a job: as many must say so before the memory of its hosts is used for others. */
export function shareHosts(job: JobInstance, count: number): void {
  hostsOf(job)?.share(count);
}

/** One of them looks at the job no more. To say so twice would speak for another. */
export function releaseHosts(job: JobInstance): void {
  hostsOf(job)?.release();
}

/** The hosts of all steps, which are in one table. */
export function hostsOf({ steps }: JobInstance): IpResultTable | undefined {
  return steps[0]?.ipResults.table;
}

/** How many hosts a job was read with, those of all steps. */
export function hostCountOf(job: JobInstance): number {
  return hostsOf(job)?.rowCount ?? 0;
}

type PlainJob = Omit<JobInstance, 'steps' | 'hostDetail'>;

/** Steps know their job, and the table of hosts knows the steps: the job is there before they are. */
function createJob(job: PlainJob, hostDetail: HostDetail, steps: readonly StepInstance[]): JobInstance {
  const { scope, jobInstanceId, name, statusCode, finished, observedAt } = job;
  const { createTime, startTime, endTime, totalTime } = job;
  return {
    scope,
    jobInstanceId,
    name,
    statusCode,
    finished,
    observedAt,
    createTime,
    startTime,
    endTime,
    totalTime,
    hostDetail,
    steps,
  };
}

/** The next step of a job, member by member: a copy by spreading takes V8 several times the memory. */
function createStep(step: PlainStep, jobInstance: JobInstance, ipResults: IpResults): StepInstance {
  const { stepInstanceId, name, typeCode, statusCode, executeCount } = step;
  const { createTime, startTime, endTime, totalTime } = step;
  return {
    jobInstance,
    stepInstanceId,
    position: jobInstance.steps.length,
    name,
    typeCode,
    statusCode,
    executeCount,
    createTime,
    startTime,
    endTime,
    totalTime,
    ipResults,
  };
}
