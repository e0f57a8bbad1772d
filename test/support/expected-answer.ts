import { isLosslessNumber } from 'lossless-json';
import { documentedCodes, documentedPhase, hostPhases, jobPhases } from './documented-codes.ts';

/** JSON of bk-job with every number kept as the text that was sent. */
type Json = Readonly<Record<string, unknown>>;

/** What a job was asked for under. */
export interface AskedJob {
  readonly scopeType: 'biz' | 'biz_set' | 'tenant_set';
  readonly scopeId: string;
  readonly jobInstanceId: string;
}

/** Selects everything that bk-job's status says, of the job, its steps and their hosts. */
const everythingOfJob = /* GraphQL */ `
  fragment Everything on JobInstance {
    id
    jobInstanceId
    bkBizId
    bkBizSetId
    bkTenantSetId
    name
    status
    statusCode
    phase
    finished
    createTime
    startTime
    endTime
    totalTime
    steps {
      id
      stepInstanceId
      jobInstanceId
      bkBizId
      name
      type
      typeCode
      status
      statusCode
      phase
      executeCount
      createTime
      startTime
      endTime
      totalTime
      ipResults @include(if: $hosts) {
        ip
        bkCloudId
        bkHostId
        status
        statusCode
        phase
        tag
        exitCode
        error
        errorCode
        startTime
        endTime
        totalTime
      }
    }
  }
`;

/** The query that goes with `everythingOfJob`. */
export const jobOperation = /* GraphQL */ `
  query ($scope: ScopeInput!, $job: ID!, $hosts: Boolean!) {
    jobInstance(scope: $scope, jobInstanceId: $job) {
      ...Everything
    }
  }
  ${everythingOfJob}
`;

const words = {
  job: documentedCodes('JobInstanceStatus'),
  step: documentedCodes('StepInstanceStatus'),
  type: documentedCodes('StepType'),
  host: documentedCodes('IpResultStatus'),
  error: documentedCodes('IpErrorCode'),
};
const stepPhases = { ...jobPhases, FAILED: [...jobPhases['FAILED']!, 12] };

/** What `everythingOfJob` has to answer for the `data` of a status, read field by field from the JSON that was sent. */
export function expectedJobInstance(data: Json, asked: AskedJob, hosts: boolean): Json {
  const job = data['job_instance'] as Json;
  const id = `${asked.scopeType}:${asked.scopeId}:${asked.jobInstanceId}`;
  const bkBizId = asked.scopeType === 'biz' ? asked.scopeId : null;
  return {
    id,
    jobInstanceId: asked.jobInstanceId,
    bkBizId,
    bkBizSetId: asked.scopeType === 'biz_set' ? asked.scopeId : null,
    bkTenantSetId: asked.scopeType === 'tenant_set' ? asked.scopeId : null,
    name: job['name'],
    status: word(words.job, job['status']),
    statusCode: number(job['status']),
    phase: documentedPhase(jobPhases, number(job['status'])!),
    finished: data['finished'],
    ...times(job),
    createTime: instant(job['create_time']),
    steps: (data['step_instance_list'] as Json[]).map((step) => ({
      id: `${id}:${text(step['step_instance_id'])!}`,
      stepInstanceId: text(step['step_instance_id']),
      jobInstanceId: asked.jobInstanceId,
      bkBizId,
      name: step['name'],
      type: word(words.type, step['type']),
      typeCode: number(step['type']),
      status: word(words.step, step['status']),
      statusCode: number(step['status']),
      phase: documentedPhase(stepPhases, number(step['status'])!),
      executeCount: number(step['execute_count']),
      createTime: instant(step['create_time']),
      ...times(step),
      ...(hosts && { ipResults: ((step['step_ip_result_list'] ?? []) as Json[]).map(expectedHost) }),
    })),
  };
}

function expectedHost(row: Json): Json {
  return {
    ip: row['ip'] === '' ? null : (row['ip'] ?? null),
    bkCloudId: text(row['bk_cloud_id']),
    bkHostId: text(row['bk_host_id']),
    status: word(words.host, row['status']),
    statusCode: number(row['status']),
    phase: documentedPhase(hostPhases, number(row['status'])!),
    tag: row['tag'] ?? null,
    exitCode: number(row['exit_code']),
    error: number(row['error_code']) === null ? null : word(words.error, row['error_code']),
    errorCode: number(row['error_code']),
    ...times(row),
  };
}

function times(of: Json): Json {
  return {
    startTime: instant(of['start_time']),
    endTime: instant(of['end_time']),
    totalTime: number(of['total_time']),
  };
}

function instant(value: unknown): string | null {
  const milliseconds = number(value);
  return milliseconds === null || milliseconds === 0 ? null : new Date(milliseconds).toISOString();
}

function text(value: unknown): string | null {
  return isLosslessNumber(value) ? value.value : null;
}

function number(value: unknown): number | null {
  return isLosslessNumber(value) ? Number(value.value) : null;
}

function word(known: ReadonlyMap<number, string>, value: unknown): string {
  return known.get(number(value)!) ?? 'UNRECOGNIZED';
}
