import { isFinished, type SimulatedHost, type SimulatedJob, type SimulatedStep } from './job-model.ts';
import { toJsonNumber, type JsonObject } from './json.ts';

/** Puts hosts into the order in which they are sent. */
export type ArrangeHosts = (hosts: readonly SimulatedHost[]) => readonly SimulatedHost[];

/**
 * `data` of a status as v3 and ESB send it (EsbJobInstanceStatusV3DTO, bk-job 3.12; upstream contract 2.2). Lists of
 * hosts are null where `arrange` is, which is when hosts were not asked for.
 */
export function statusData(job: SimulatedJob, arrange: ArrangeHosts | null): JsonObject {
  return {
    finished: isFinished(job),
    job_instance: {
      bk_biz_id: toJsonNumber(job.bkBizId === undefined ? job.scope.id : job.bkBizId),
      bk_scope_type: job.scope.type,
      bk_scope_id: job.scope.id,
      job_instance_id: toJsonNumber(job.jobInstanceId),
      status: job.statusCode,
      name: job.name,
      create_time: job.createTime,
      start_time: job.startTime,
      end_time: job.endTime,
      total_time: job.totalTime,
    },
    step_instance_list: job.steps.map((step) => stepBody(step, arrange)),
  };
}

function stepBody(step: SimulatedStep, arrange: ArrangeHosts | null): JsonObject {
  return {
    step_instance_id: toJsonNumber(step.stepInstanceId),
    name: step.name,
    status: step.statusCode,
    type: step.typeCode,
    execute_count: step.executeCount,
    start_time: step.startTime,
    end_time: step.endTime,
    total_time: step.totalTime,
    create_time: step.createTime,
    step_ip_result_list: arrange === null ? null : hostBodies(step.hosts, arrange),
  };
}

function hostBodies(hosts: SimulatedStep['hosts'], arrange: ArrangeHosts): JsonObject[] | null | undefined {
  if (hosts === null || hosts === undefined) return hosts;
  return arrange(typeof hosts === 'function' ? hosts() : hosts).map(hostBody);
}

function hostBody(host: SimulatedHost): JsonObject {
  return {
    bk_host_id: toJsonNumber(host.bkHostId),
    ip: host.ip,
    bk_cloud_id: toJsonNumber(host.bkCloudId),
    status: host.statusCode,
    tag: host.tag,
    exit_code: host.exitCode,
    error_code: host.errorCode,
    start_time: host.startTime,
    end_time: host.endTime,
    total_time: host.totalTime,
  };
}
