import type {
  JobInstanceData,
  StepInstanceData,
  StepIpResultData,
} from '../../domain/create-job-instance.ts';
import type { JobReference } from '../../domain/scope.ts';
import type { WireObject } from './json.ts';
import {
  readBoolean,
  readDuration,
  readId,
  readInstant,
  readInt,
  readObject,
  readObjects,
  readOptionalId,
  readOptionalInt,
  readOptionalText,
  readText,
} from './members.ts';
import { WireFormatError } from './wire-format-error.ts';

/** What the answer was asked for. */
export interface AskedStatus {
  readonly job: JobReference;
  readonly hostDetail: boolean;
  /** When bk-job was asked: milliseconds since 1970. */
  readonly observedAt: number;
}

/**
 * `data` of get_job_instance_status on API gateway v3 and ESB (EsbJobInstanceStatusV3DTO, bk-job 3.12; upstream
 * contract 2.2). Null and absent are the same; anything that is of another type refuses the whole answer, since a
 * half-read status would look like a true one. Throws `WireFormatError`.
 */
export function decodeJobInstanceStatus(data: WireObject, asked: AskedStatus): JobInstanceData {
  const { job, hostDetail, observedAt } = asked;
  const wireJob = readObject(data, 'job_instance');
  if (readId(wireJob, 'job_instance_id') !== job.jobInstanceId) {
    throw new WireFormatError('The answer is about another job.');
  }
  const wireSteps = readObjects(data, 'step_instance_list') ?? [];
  if (wireSteps.length === 0) throw new WireFormatError('The job has no steps.');
  return {
    scope: job.scope,
    jobInstanceId: job.jobInstanceId,
    name: readText(wireJob, 'name'),
    statusCode: readInt(wireJob, 'status'),
    finished: readBoolean(data, 'finished'),
    observedAt,
    createTime: readInstant(wireJob, 'create_time'),
    startTime: readInstant(wireJob, 'start_time'),
    endTime: readInstant(wireJob, 'end_time'),
    totalTime: readDuration(wireJob, 'total_time'),
    steps: wireSteps.map((step) => decodeStep(step, hostDetail)),
    hostDetailRead: hostDetail,
  };
}

function decodeStep(step: WireObject, hostDetail: boolean): StepInstanceData {
  const rows = hostDetail ? readObjects(step, 'step_ip_result_list') : null;
  return {
    stepInstanceId: readId(step, 'step_instance_id'),
    name: readText(step, 'name'),
    typeCode: readInt(step, 'type'),
    statusCode: readInt(step, 'status'),
    executeCount: readInt(step, 'execute_count'),
    createTime: readInstant(step, 'create_time'),
    startTime: readInstant(step, 'start_time'),
    endTime: readInstant(step, 'end_time'),
    totalTime: readDuration(step, 'total_time'),
    ipResults: rows === null ? noRows : rows.map(decodeIpResult),
  };
}

const noRows: readonly StepIpResultData[] = [];

function decodeIpResult(row: WireObject): StepIpResultData {
  const ip = readOptionalText(row, 'ip');
  return {
    ip: ip === '' ? null : ip,
    bkCloudId: readOptionalId(row, 'bk_cloud_id'),
    bkHostId: readOptionalId(row, 'bk_host_id'),
    statusCode: readInt(row, 'status'),
    tag: readOptionalText(row, 'tag'),
    exitCode: readOptionalInt(row, 'exit_code'),
    errorCode: readOptionalInt(row, 'error_code'),
    startTime: readInstant(row, 'start_time'),
    endTime: readInstant(row, 'end_time'),
    totalTime: readDuration(row, 'total_time'),
  };
}
