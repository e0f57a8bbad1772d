import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'lossless-json';
import type { SimulatedJob, SimulatedScope } from '../../../src/simulator/index.ts';

/** JSON with its numbers digit by digit. */
export type Json = Readonly<Record<string, unknown>>;

/** One exchange with bk-job. */
export interface WireSample {
  readonly transport: string;
  readonly request: { readonly path: string; readonly query?: Json; readonly body?: Json };
  readonly response: {
    readonly status: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: Json;
    readonly bodyText?: string;
  };
}

const directory = new URL('../../fixtures/wire-samples/', import.meta.url);
/** Names of all samples. */
export const sampleNames = readdirSync(directory)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''));

/** Reads a sample. */
export function sampleNamed(name: string): WireSample {
  return parse(readFileSync(new URL(`${name}.json`, directory), 'utf8')) as WireSample;
}

/** What a sample's failure says. */
export function messageOfSample(name: string): string {
  return String(sampleNamed(name).response.body?.['message']);
}

/** The status of a sample as a job of the simulator's model. */
export function jobOf(data: Json): SimulatedJob {
  const {
    job_instance: job,
    step_instance_list: steps,
    finished,
  } = data as {
    job_instance: Json;
    step_instance_list: readonly Json[];
    finished: boolean;
  };
  return {
    scope: { type: job['bk_scope_type'] as SimulatedScope['type'], id: String(job['bk_scope_id']) },
    jobInstanceId: String(job['job_instance_id']),
    ...(job['bk_biz_id'] === null && { bkBizId: null }),
    name: String(job['name']),
    statusCode: Number(job['status']),
    finished,
    createTime: Number(job['create_time']),
    ...timesOf(job),
    steps: steps.map((step) => ({
      stepInstanceId: String(step['step_instance_id']),
      name: String(step['name']),
      statusCode: Number(step['status']),
      typeCode: Number(step['type']),
      executeCount: Number(step['execute_count']),
      createTime: Number(step['create_time']),
      ...timesOf(step),
      hosts: ((step['step_ip_result_list'] ?? []) as readonly Json[]).map((host) => ({
        bkHostId: String(host['bk_host_id']),
        ip: host['ip'] as string | null,
        bkCloudId: String(host['bk_cloud_id']),
        statusCode: Number(host['status']),
        tag: String(host['tag']),
        exitCode: numberOf(host['exit_code']),
        errorCode: numberOf(host['error_code']),
        ...timesOf(host),
      })),
    })),
  };
}

function timesOf(row: Json) {
  return {
    startTime: numberOf(row['start_time']),
    endTime: numberOf(row['end_time']),
    totalTime: numberOf(row['total_time']),
  };
}

function numberOf(value: unknown): number | null {
  return value === null ? null : Number(value);
}
