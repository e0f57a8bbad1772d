import type { ReceivedRequest } from './answer.ts';
import { provenUser, readAuthorizationHeader, readCredentials, type Credentials } from './credentials.ts';
import type { SimulatedScope } from './job-model.ts';
import { parseMembers } from './json.ts';
import type { Language } from './messages.ts';
import { readFlag, readScope, type Parameters } from './parameters.ts';
import type { SimulatedWorld } from './world.ts';

/** A way into bk-job. */
export type SimulatedFrontDoor = 'apigw-v3' | 'esb';

/** A request to bk-job, understood as far as a front door understands it. */
export interface BkJobCall {
  readonly frontDoor: SimulatedFrontDoor;
  /** Last part of the path. */
  readonly endpoint: string;
  /** Whether the front door knows path and method. */
  readonly published: 'yes' | 'no-such-path' | 'no-such-method';
  readonly request: ReceivedRequest;
  /** Null where they stand in a header that is not JSON. */
  readonly credentials: Credentials | null;
  /** Null where the body is not JSON. */
  readonly parameters: Parameters | null;
  /** Who the proof belongs to; null if nobody. */
  readonly user: string | null;
  readonly scope: SimulatedScope | null;
  readonly jobInstanceId: string | null;
  readonly returnIpResult: boolean;
  readonly language: Language;
}

const gatewayPaths = /^\/api\/bk-job\/([^/]+)(\/.*)?$/;
const esbPaths = /^\/api\/c\/compapi(?:\/|$)/;
const esbStatusPath = /^\/api\/c\/compapi(?:\/v2)?\/jobv3\/get_job_instance_status\/?$/;
const statusPath = '/api/v3/get_job_instance_status';

/** Reads a request to a front door; null where its path leads to none. */
export function decodeBkJobCall(request: ReceivedRequest, world: SimulatedWorld): BkJobCall | null {
  const frontDoor = frontDoorOf(request.path);
  if (frontDoor === null) return null;
  const parameters = frontDoor === 'esb' && request.method === 'POST' ? bodyMembers(request) : request.query;
  const credentials = credentialsOf(request, frontDoor, parameters ?? {});
  const scope = readScope(parameters ?? {});
  return {
    frontDoor,
    endpoint: request.path.split('/').findLast((part) => part !== '') ?? '',
    published: publicationOf(request, frontDoor),
    request,
    credentials,
    parameters,
    user: provenUser(world, credentials),
    scope: scope === 'illegal' ? null : scope,
    jobInstanceId: parameters?.['job_instance_id'] ?? null,
    returnIpResult: readFlag(parameters?.['return_ip_result']) ?? false,
    language: languageOf(request, frontDoor),
  };
}

function frontDoorOf(path: string): SimulatedFrontDoor | null {
  if (gatewayPaths.test(path)) return 'apigw-v3';
  return esbPaths.test(path) ? 'esb' : null;
}

function publicationOf(
  { method, path }: ReceivedRequest,
  frontDoor: SimulatedFrontDoor,
): BkJobCall['published'] {
  if (frontDoor === 'esb') {
    if (!esbStatusPath.test(path)) return 'no-such-path';
    return method === 'POST' || method === 'GET' ? 'yes' : 'no-such-method';
  }
  const [, stage, rest] = gatewayPaths.exec(path) ?? [];
  if (stage !== 'prod' || rest !== statusPath) return 'no-such-path';
  return method === 'GET' ? 'yes' : 'no-such-method';
}

function bodyMembers({ body, query }: ReceivedRequest): Parameters | null {
  const members = body.trim() === '' ? {} : parseMembers(body);
  return members === null ? null : { ...query, ...members };
}

/** The gateway reads the header only; at the ESB the header, where there is one, hides all others (contract 6.3). */
function credentialsOf(
  { headers }: ReceivedRequest,
  frontDoor: SimulatedFrontDoor,
  members: Parameters,
): Credentials | null {
  const header = headers['x-bkapi-authorization'] ?? '';
  return frontDoor === 'esb' && header === '' ? readCredentials(members) : readAuthorizationHeader(header);
}

/** The ESB asks for English where its caller asked for nothing (upstream contract 1.3). */
function languageOf({ headers }: ReceivedRequest, frontDoor: SimulatedFrontDoor): Language {
  const asked = (headers['blueking-language'] ?? (frontDoor === 'esb' ? 'en' : '')).toLowerCase();
  return asked === 'en' ? 'en' : 'zh-cn';
}
