import {
  createJobInstance,
  type JobInstanceData,
  type StepInstanceData,
  type StepIpResultData,
} from '../../src/domain/create-job-instance.ts';
import type { IpResults } from '../../src/domain/ip-results.ts';
import type { JobInstance, StepInstance } from '../../src/domain/job-instance.ts';

/** A host's row: succeeded at once on 192.0.2.1 unless told otherwise. */
export function hostRow(row: Partial<StepIpResultData> = {}): StepIpResultData {
  return {
    ip: '192.0.2.1',
    bkCloudId: '0',
    bkHostId: '101',
    statusCode: 9,
    tag: '',
    exitCode: 0,
    errorCode: 0,
    startTime: 1_000,
    endTime: 2_000,
    totalTime: 1_000,
    ...row,
  };
}

/** A step: a script that succeeded, on no host unless told otherwise. */
export function stepData(step: Partial<StepInstanceData> = {}): StepInstanceData {
  return {
    stepInstanceId: '75',
    name: 'step',
    typeCode: 1,
    statusCode: 3,
    executeCount: 0,
    createTime: 500,
    startTime: 1_000,
    endTime: 2_000,
    totalTime: 1_000,
    ipResults: [],
    ...step,
  };
}

/** A job: business 1, number 100, succeeded and read with hosts unless told otherwise. */
export function buildJob(job: Partial<JobInstanceData> = {}): JobInstance {
  return createJobInstance({
    scope: { kind: 'biz', id: '1' },
    jobInstanceId: '100',
    name: 'job',
    statusCode: 3,
    finished: true,
    observedAt: 0,
    createTime: 500,
    startTime: 1_000,
    endTime: 2_000,
    totalTime: 1_000,
    steps: [stepData()],
    hostDetailRead: true,
    ...job,
  });
}

/** The one step of a job that has these hosts. */
export function buildStep(
  ipResults: readonly StepIpResultData[],
  step: Partial<StepInstanceData> = {},
): StepInstance {
  return buildJob({ steps: [stepData({ ...step, ipResults })] }).steps[0]!;
}

/** Hosts of one step. */
export function buildHosts(rows: readonly StepIpResultData[]): IpResults {
  return buildStep(rows).ipResults;
}
