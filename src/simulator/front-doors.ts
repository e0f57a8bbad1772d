import type { IncomingMessage, ServerResponse } from 'node:http';
import { apigwV3Door } from './apigw-v3-door.ts';
import { answerStatus, scopeOf } from './bk-job.ts';
import { loggedHeaders, type WritableCallLog } from './call-log.ts';
import { esbDoor } from './esb-door.ts';
import type { ActiveFaults } from './faults.ts';
import type {
  FrontDoorAnswer,
  FrontDoorRequest,
  RequestIds,
  SimulatedDoor,
  Admission,
} from './front-door-request.ts';
import type { SimulatedHost } from './job-model.ts';
import { createRandom, shuffled, type Random } from './random.ts';
import { sendAnswer } from './send-answer.ts';
import type { SimulatedWorld } from './world.ts';

/** What the doors lead to. */
export interface FrontDoorsOptions {
  readonly world: SimulatedWorld;
  readonly calls: WritableCallLog;
  readonly faults: ActiveFaults;
  readonly seed: number;
  readonly shuffleHosts: boolean;
}

/** Answers a request to a bk-job endpoint; resolves with false where it is none. */
export type AnswerFrontDoor = (
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
) => Promise<boolean>;

const doors: readonly SimulatedDoor[] = [apigwV3Door, esbDoor];

/** Both doors into one bk-job. */
export function answerFrontDoor(options: FrontDoorsOptions): AnswerFrontDoor {
  const { world, calls, faults } = options;
  const random = createRandom(options.seed);
  const arrange = (hosts: readonly SimulatedHost[]) =>
    options.shuffleHosts ? shuffled(hosts, random) : hosts;

  return async (incoming, body, response) => {
    const request = toRequest(incoming, body);
    const door = doors.find((one) => one.endpointOf(request.path) !== null);
    if (door === undefined) return false;
    const ids = requestIds(random);
    const admission = door.admit(request, world, ids);
    const asked = askedOf(admission);
    const fault = faults.take({ ...asked.match, frontDoor: door.frontDoor });
    const call = calls.open({
      frontDoor: door.frontDoor,
      endpoint: door.endpointOf(request.path) ?? '',
      method: request.method,
      path: request.path,
      user: admission.user,
      scope: asked.scope,
      jobInstanceId: asked.match.jobInstanceId === '' ? null : asked.match.jobInstanceId,
      returnIpResult: asked.match.returnIpResult,
      headers: loggedHeaders(request.headers),
      fault: fault?.kind ?? null,
    });
    const answer = answerOf(door, { request, admission, ids });
    await sendAnswer(response, { answer, fault }, call.answered);
    return true;
  };

  function answerOf(
    door: SimulatedDoor,
    { request, admission, ids }: { request: FrontDoorRequest; admission: Admission; ids: RequestIds },
  ): FrontDoorAnswer {
    if (admission.user === null || admission.refusal !== null)
      return admission.refusal ?? door.wrap(nobody, ids);
    const fallback = door.frontDoor === 'esb' ? 'en' : 'zh-cn';
    const status = answerStatus(
      world,
      {
        // ESB turns a GET into a POST (upstream contract 1.1).
        method: door.frontDoor === 'esb' || request.method === 'POST' ? 'POST' : 'GET',
        user: admission.user,
        language: languageOf(request.headers['blueking-language'], fallback),
        parameters: admission.parameters,
      },
      arrange,
    );
    return door.wrap(status, ids);
  }
}

const nobody = { code: 1247002, message: 'Missing user info', data: null, permission: null };

function languageOf(header: string | string[] | undefined, fallback: 'en' | 'zh-cn'): 'en' | 'zh-cn' {
  if (header === undefined) return fallback;
  return header === 'en' ? 'en' : 'zh-cn';
}

function askedOf({ parameters, user }: Admission) {
  const scope = scopeOf(parameters);
  return {
    scope: scope === 'illegal' ? null : scope,
    match: {
      user: user ?? '',
      jobInstanceId: parameters['job_instance_id'] ?? '',
      returnIpResult: parameters['return_ip_result'] === 'true',
    },
  };
}

function toRequest({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): FrontDoorRequest {
  const { pathname, searchParams } = new URL(url, 'http://bk-job');
  return { method, path: pathname, query: Object.fromEntries(searchParams), headers, body };
}

function requestIds(random: Random): RequestIds {
  const hex = (length: number) =>
    Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  const gateway = [8, 4, 4, 4, 12].map(hex).join('-');
  return { job: hex(32), gateway, esb: hex(32) };
}
