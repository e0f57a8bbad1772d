import {
  ipErrorCode,
  ipResultPhase,
  ipResultStatus,
  jobInstancePhase,
  jobInstanceStatus,
  stepInstancePhase,
  stepInstanceStatus,
  stepType,
} from '../../dist/domain/status-codes.js';

/** The answers of the workloads made by hand from bk-job's JSON: what the hand-written service answers. */

const instant = (value) => (value === null || value === undefined ? null : new Date(value).toISOString());
const times = (of) => ({
  startTime: instant(of.start_time),
  endTime: instant(of.end_time),
  totalTime: of.total_time ?? null,
});

function allOfHost(host, stepId) {
  return {
    id: `${stepId}:${host.bk_host_id}`,
    ip: host.ip,
    bkCloudId: String(host.bk_cloud_id),
    bkHostId: String(host.bk_host_id),
    status: ipResultStatus(host.status),
    statusCode: host.status,
    phase: ipResultPhase(host.status),
    tag: host.tag,
    exitCode: host.exit_code,
    error: ipErrorCode(host.error_code),
    errorCode: host.error_code,
    ...times(host),
  };
}

function sentOfHost(host) {
  return {
    ip: host.ip,
    bkCloudId: String(host.bk_cloud_id),
    bkHostId: String(host.bk_host_id),
    status: ipResultStatus(host.status),
    tag: host.tag,
    exitCode: host.exit_code,
    errorCode: host.error_code,
    ...times(host),
  };
}

function allOfStep(step, { bizId, jobInstanceId, toHost }) {
  const stepInstanceId = String(step.step_instance_id);
  const id = `biz:${bizId}:${jobInstanceId}:${stepInstanceId}`;
  return {
    id,
    stepInstanceId,
    jobInstanceId,
    bkBizId: bizId,
    name: step.name,
    type: stepType(step.type),
    typeCode: step.type,
    status: stepInstanceStatus(step.status),
    statusCode: step.status,
    phase: stepInstancePhase(step.status),
    executeCount: step.execute_count,
    createTime: instant(step.create_time),
    ...times(step),
    ipResults: step.step_ip_result_list.map((host) => toHost(host, id)),
  };
}

function allOfJob(data, bizId, toHost) {
  const job = data.job_instance;
  const jobInstanceId = String(job.job_instance_id);
  return {
    id: `biz:${bizId}:${jobInstanceId}`,
    jobInstanceId,
    bkBizId: bizId,
    bkBizSetId: null,
    bkTenantSetId: null,
    name: job.name,
    status: jobInstanceStatus(job.status),
    statusCode: job.status,
    phase: jobInstancePhase(job.status),
    finished: data.finished,
    createTime: instant(job.create_time),
    ...times(job),
    webUrl: null,
    steps: data.step_instance_list.map((step) => allOfStep(step, { bizId, jobInstanceId, toHost })),
  };
}

/** Every field that is a value, of the job, its steps and their hosts. */
export const everything = (data, bizId) => allOfJob(data, bizId, allOfHost);

/** The same, but of hosts no more than bk-job sends. */
export const everythingSent = (data, bizId) => allOfJob(data, bizId, sentOfHost);

/** The hosts of code 11. */
export function failedHosts(data) {
  const job = data.job_instance;
  return {
    jobInstanceId: String(job.job_instance_id),
    status: jobInstanceStatus(job.status),
    finished: data.finished,
    steps: data.step_instance_list.map((step) => ({
      stepInstanceId: String(step.step_instance_id),
      status: stepInstanceStatus(step.status),
      ipResults: step.step_ip_result_list
        .filter(({ status }) => status === 11)
        .map((host) => ({ ip: host.ip, status: 'FAILED', exitCode: host.exit_code })),
    })),
  };
}

/** A job and its steps in few words. */
export function brief(data) {
  const job = data.job_instance;
  return {
    jobInstanceId: String(job.job_instance_id),
    name: job.name,
    status: jobInstanceStatus(job.status),
    finished: data.finished,
    steps: data.step_instance_list.map((step) => ({
      stepInstanceId: String(step.step_instance_id),
      name: step.name,
      status: stepInstanceStatus(step.status),
    })),
  };
}
