import type { HostDetail, JobInstance, StepInstance, StepIpResult } from './job-instance.ts';
import type { JobApiError } from './errors.ts';

/** A host's row before it knows its step. */
export type StepIpResultData = Omit<StepIpResult, 'step' | 'occurrence'>;

/** A step before it knows its job. */
export interface StepInstanceData extends Omit<StepInstance, 'jobInstance' | 'position' | 'ipResults'> {
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
  const { steps, hostDetailRead, ...job } = data;
  return assemble(job, { kind: hostDetailRead ? 'read' : 'not-read' }, (jobInstance) =>
    steps.map((step, position) => createStep(step, jobInstance, position)),
  );
}

/** The same job, with the reason why its hosts could not be read with it. */
export function withFailedHostDetail(job: JobInstance, error: JobApiError): JobInstance {
  const { steps, hostDetail: _notRead, ...rest } = job;
  return assemble(rest, { kind: 'failed', error }, (jobInstance) =>
    steps.map((step) => ({ ...step, jobInstance })),
  );
}

function assemble(
  job: Omit<JobInstance, 'steps' | 'hostDetail'>,
  hostDetail: HostDetail,
  createSteps: (job: JobInstance) => readonly StepInstance[],
): JobInstance {
  const steps: StepInstance[] = [];
  const jobInstance: JobInstance = { ...job, hostDetail, steps };
  steps.push(...createSteps(jobInstance));
  return jobInstance;
}

function createStep(data: StepInstanceData, jobInstance: JobInstance, position: number): StepInstance {
  const { ipResults: rows, ...rest } = data;
  const ipResults: StepIpResult[] = [];
  const step: StepInstance = { ...rest, jobInstance, position, ipResults };
  const occurrences = numberOccurrences(rows);
  for (const row of rows) ipResults.push({ ...row, step, occurrence: occurrences.get(row) ?? 0 });
  return step;
}

/** Names a host within a step: by its id in the CMDB where that is known, by its address otherwise. */
export function hostKeyOf(row: Pick<StepIpResultData, 'bkHostId' | 'bkCloudId' | 'ip'>): string {
  return row.bkHostId ?? `${row.bkCloudId ?? ''}/${row.ip ?? ''}`;
}

/**
 * Numbers the rows of each host from 0. bk-job promises no order of rows and names no batch, so equal rows are
 * told apart by when they started, and by everything else they say where that is equal: the number a row gets does
 * not depend on where it stands in the answer.
 */
function numberOccurrences(rows: readonly StepIpResultData[]): ReadonlyMap<StepIpResultData, number> {
  const firstOfHost = new Map<string, StepIpResultData>();
  const repeated = new Map<string, StepIpResultData[]>();
  for (const row of rows) {
    const key = hostKeyOf(row);
    const first = firstOfHost.get(key);
    const group = repeated.get(key);
    if (first === undefined) firstOfHost.set(key, row);
    else if (group === undefined) repeated.set(key, [first, row]);
    else group.push(row);
  }
  const occurrences = new Map<StepIpResultData, number>();
  for (const group of repeated.values()) {
    group.sort(compareRows).forEach((row, occurrence) => occurrences.set(row, occurrence));
  }
  return occurrences;
}

/** Not started comes last, since a batch that has not begun comes after those that have. */
function compareRows(left: StepIpResultData, right: StepIpResultData): number {
  const byStart = (left.startTime ?? Infinity) - (right.startTime ?? Infinity);
  if (byStart < 0 || byStart > 0) return byStart;
  const [leftContent, rightContent] = [contentOf(left), contentOf(right)];
  if (leftContent === rightContent) return 0;
  return leftContent < rightContent ? -1 : 1;
}

function contentOf(row: StepIpResultData): string {
  const { ip, bkCloudId, endTime, totalTime, statusCode, exitCode, errorCode, tag } = row;
  return JSON.stringify([ip, bkCloudId, endTime, totalTime, statusCode, exitCode, errorCode, tag]);
}
