import type { HttpRequest } from '../../../src/upstream/http-request.ts';
import type { Canaries } from './personas.ts';

/** An answer of the upstream, before it is sent. */
export interface CanaryAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A bk-job that marks every answer: each text, id, number and time in it, also in refusals, holds the digits of whoever
 * the bytes of the request say is asking, and texts hold the number of the answer besides: of a crowded job those of
 * hosts alone.
 */
export interface CanaryUpstream {
  answer(request: Pick<HttpRequest, 'path' | 'headers'>): CanaryAnswer;
  /** How many answers have been given. */
  answered(): number;
  /** From now on whoever has these digits may see nothing, or everything again. */
  flipPermission(canary: string): void;
  /** Everybody may see everything again. */
  permitAll(): void;
}

/** Ids of answers, as operators are told them: whose an answer is, which one, and of a job which. */
export const requestIds = /^rc(\d+)q(\d+)q(?:j(\d+))?$/;

/** A job that is never over: whoever follows it is told what others were told before. */
export const lastingJob = '3';

/**
 * A job of so many hosts that they are taken from bytes, into memory that is used again. It is the one of which all
 * answers say the same, but for texts of hosts: no two answers that tell their number are so.
 */
export const crowdedJob = '4';
const hostsOfCrowd = 150;

/** Jobs by what becomes of them. All others are there, and fine. */
export const oddJobs = {
  missing: '101',
  forbidden: '102',
  rateLimited: '103',
  failing: '104',
  malformed: '105',
  refused: '106',
  signedOut: '107',
  withoutHosts: '108',
  page: '109',
  unavailable: '110',
  late: '111',
} as const;

type OddJob = keyof typeof oddJobs;

const oddities = new Map<string, OddJob>(
  Object.entries(oddJobs).map(([oddity, id]) => [id, oddity as OddJob]),
);

/** Makes the upstream. */
export function createCanaryUpstream(canaries: Canaries): CanaryUpstream {
  const denied = new Set<string>();
  let answers = 0;
  return {
    answered: () => answers,
    flipPermission: (canary) => {
      if (!denied.delete(canary)) denied.add(canary);
    },
    permitAll: () => {
      denied.clear();
    },
    answer: ({ path, headers }) => {
      answers += 1;
      const query = new URLSearchParams(path.slice(path.indexOf('?') + 1));
      const canary = canaries.canaryOf(identityIn(headers));
      const asked: Asked = {
        canary,
        stamp: `c${canary}q${String(answers)}q`,
        jobInstanceId: query.get('job_instance_id') ?? '',
        hosts: query.get('return_ip_result') === 'true',
      };
      if (denied.has(canary)) return oddAnswer('forbidden', asked);
      const { jobInstanceId } = asked;
      const isOfAnother = canaries.isCanary(jobInstanceId) && jobInstanceId !== canary;
      const oddity = isOfAnother ? 'missing' : oddities.get(jobInstanceId);
      return oddity === undefined || (oddity === 'withoutHosts' && !asked.hosts)
        ? success(asked)
        : oddAnswer(oddity, asked);
    },
  };
}

interface Asked {
  readonly canary: string;
  readonly stamp: string;
  readonly jobInstanceId: string;
  readonly hosts: boolean;
}

function identityIn(headers: HttpRequest['headers']) {
  const byName = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const members = JSON.parse(byName['x-bkapi-authorization'] ?? '{}') as Record<string, string>;
  const { bk_app_code, bk_app_secret, ...proofs } = members;
  if (bk_app_code === undefined || bk_app_secret === undefined) throw new TypeError('No application asks.');
  const [proof = ['none', 'none'] as const, ...others] = Object.entries(proofs);
  if (others.length > 0) throw new TypeError('More than one user asks at once.');
  return {
    kind: proof[0],
    value: proof[1],
    tenantId: byName['x-bk-tenant-id'] ?? null,
    language: byName['blueking-language'] ?? null,
  };
}

function success({ canary, stamp, jobInstanceId, hosts }: Asked): CanaryAnswer {
  // A moment that is the digits in seconds.
  const times = `"start_time":${canary}001,"end_time":${canary}002,"total_time":${canary}`;
  const host = (id: string, status: number): string =>
    `{"bk_host_id":${canary}${id},"ip":"ip-${stamp}-${id}","bk_cloud_id":${canary},"status":${String(status)},` +
    `"tag":"tag ${stamp}","exit_code":${canary},"error_code":${canary},${times}}`;
  const isOver = jobInstanceId !== lastingJob;
  const hostsOf = (id: string): string => {
    const few = [host(`${id}1`, 9), host(`${id}2`, 11)];
    const crowd = jobInstanceId === crowdedJob ? hostsOfCrowd : 0;
    return [
      ...few,
      ...Array.from({ length: crowd }, (_none, place) => host(`${id}${String(100 + place)}`, 9)),
    ].join(',');
  };
  const stampOfState = jobInstanceId === crowdedJob ? `c${canary}q` : stamp;
  const step = (id: string): string =>
    `{"step_instance_id":${canary}${id},"name":"step ${stampOfState}","type":1,"status":4,"execute_count":${canary},` +
    `"create_time":${canary}000,${times},` +
    `"step_ip_result_list":${hosts ? `[${hostsOf(id)}]` : 'null'}}`;
  const requestId = `r${stamp}j${jobInstanceId}`;
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'x-bk-job-request-id': requestId },
    body:
      `{"code":0,"result":true,"job_request_id":"${requestId}","data":{"finished":${String(isOver)},"job_instance":{` +
      `"job_instance_id":${jobInstanceId},"bk_biz_id":2,"name":"job ${stampOfState}","status":${isOver ? '3' : '2'},"create_time":${canary}000,${times}},` +
      `"step_instance_list":[${step('1')},${step('2')}]}}`,
  };
}

const failures: Readonly<Record<OddJob, { readonly status: number; readonly code: number }>> = {
  missing: { status: 200, code: 1_244_006 },
  forbidden: { status: 200, code: 9_900_403 },
  rateLimited: { status: 429, code: 1_642_902 },
  failing: { status: 200, code: 1_240_002 },
  malformed: { status: 200, code: 0 },
  refused: { status: 200, code: 1_241_007 },
  signedOut: { status: 200, code: 1_247_002 },
  withoutHosts: { status: 200, code: 1_240_002 },
  page: { status: 502, code: 0 },
  unavailable: { status: 200, code: 1_240_001 },
  late: { status: 504, code: 1_650_401 },
};

function oddAnswer(oddity: OddJob, { canary, stamp }: Asked): CanaryAnswer {
  const { status, code } = failures[oddity];
  const headers = {
    'content-type': 'application/json',
    'x-bk-job-request-id': `r${stamp}`,
    ...(oddity === 'rateLimited' && { 'x-bkapi-ratelimit-reset': '0' }),
  };
  if (oddity === 'malformed') return { status, headers, body: `{"result":true,"data":{"name":"${stamp}"` };
  if (oddity === 'page') return { status, headers, body: `<html>${stamp}</html>` };
  const action = {
    id: `view-${stamp}`,
    name: `View ${stamp}`,
    related_resource_types: [
      { type: 'biz', instances: [[{ type: `biz-${stamp}`, id: `${canary}1`, name: `name ${stamp}` }]] },
    ],
  };
  const permission = oddity === 'forbidden' ? { system_id: `bk_job-${stamp}`, actions: [action] } : undefined;
  const failure = { code, result: false, job_request_id: `r${stamp}`, message: `no: ${stamp}`, permission };
  return { status, headers, body: JSON.stringify(failure) };
}
