import { isFinished, type SimulatedHost, type SimulatedJob, type SimulatedStep } from './job-model.ts';
import { idText, listText, objectText, valueText } from './json-text.ts';

/** Puts hosts into the order in which they are sent. */
export type ArrangeHosts = (hosts: readonly SimulatedHost[]) => readonly SimulatedHost[];

/** `data` of a status as v3 and ESB send it (EsbJobInstanceStatusV3DTO, bk-job 3.12; upstream contract 2.2). */
export function statusData(job: SimulatedJob, returnIpResult: boolean, arrange: ArrangeHosts): string {
  return objectText({
    finished: valueText(isFinished(job)),
    job_instance: objectText({
      bk_biz_id: idText(job.scope.id),
      bk_scope_type: valueText(job.scope.type),
      bk_scope_id: valueText(job.scope.id),
      job_instance_id: idText(job.jobInstanceId),
      status: valueText(job.statusCode),
      name: valueText(job.name),
      create_time: valueText(job.createTime),
      start_time: valueText(job.startTime),
      end_time: valueText(job.endTime),
      total_time: valueText(job.totalTime),
    }),
    step_instance_list: listText(job.steps.map((step) => stepText(step, returnIpResult ? arrange : null))),
  });
}

function stepText(step: SimulatedStep, arrange: ArrangeHosts | null): string {
  return objectText({
    step_instance_id: idText(step.stepInstanceId),
    name: valueText(step.name),
    status: valueText(step.statusCode),
    type: valueText(step.typeCode),
    execute_count: valueText(step.executeCount),
    start_time: valueText(step.startTime),
    end_time: valueText(step.endTime),
    total_time: valueText(step.totalTime),
    create_time: valueText(step.createTime),
    step_ip_result_list: arrange === null ? 'null' : listText(arrange(step.hosts).map(hostText)),
  });
}

function hostText(host: SimulatedHost): string {
  return objectText({
    bk_host_id: idText(host.bkHostId),
    ip: valueText(host.ip),
    bk_cloud_id: idText(host.bkCloudId),
    status: valueText(host.statusCode),
    tag: valueText(host.tag),
    exit_code: valueText(host.exitCode),
    error_code: valueText(host.errorCode),
    start_time: valueText(host.startTime),
    end_time: valueText(host.endTime),
    total_time: valueText(host.totalTime),
  });
}
