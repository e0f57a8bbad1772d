import type { SimulatedScope } from './job-model.ts';
import type { Json, JsonObject } from './json.ts';
import { messageOf, permissionMessage, permissionNames, type Language } from './messages.ts';
import { readFlag, readScope, type Parameters } from './parameters.ts';
import { statusData, type ArrangeHosts } from './status-body.ts';
import { scopeKey, type SimulatedUser, type SimulatedWorld } from './world.ts';

/** A status request as bk-job gets it from either front door. */
export interface StatusRequest {
  /** The ESB hands on a POST, whatever it got. */
  readonly method: 'GET' | 'POST';
  /** Who asks, as the front door found out. */
  readonly user: string;
  readonly language: Language;
  readonly parameters: Parameters;
}

/** What bk-job answers; null is left out of the envelope. */
export interface StatusAnswer {
  readonly code: number;
  readonly message: string | null;
  readonly data: JsonObject | null;
  readonly permission: JsonObject | null;
}

const maxLong = 2n ** 63n - 1n;

/** get_job_instance_status inside bk-job, its checks in bk-job's own order (upstream contract 3.7). */
export function answerStatus(
  world: SimulatedWorld,
  request: StatusRequest,
  arrange: ArrangeHosts,
): StatusAnswer {
  const { parameters, method, user, language } = request;
  const fail = (code: number): StatusAnswer => failure(code, messageOf(code, language));

  const scope = readScope(parameters);
  // A GET without a scope is not validated and breaks later on; a POST is (upstream contract 3.7).
  if (scope === null) return method === 'GET' ? fail(1240002) : failure(1240003, 'Invalid bk_scope_type');
  if (scope === 'illegal') return fail(1241005);
  const scopeName = world.scopeName(scope);
  if (scopeName === null) return fail(1243049);

  const rights = world.findUser(user);
  if (!covers(rights?.accessBusiness, scope)) return denial('access_business', { request, scope, scopeName });

  const jobInstanceId = readJobInstanceId(request);
  const returnIpResult = readFlag(parameters['return_ip_result']);
  if (jobInstanceId === null || returnIpResult === null) return fail(1240003);
  if (jobInstanceId < 1n) return fail(1241007);
  const job = world.findJob(scope, jobInstanceId.toString());
  if (job === null) return fail(1244006);
  if (job.operator !== user && !covers(rights?.viewHistory, scope)) {
    return denial('view_history', { request, scope, scopeName });
  }
  if (job.steps.length === 0) return fail(1244007);
  if (returnIpResult && job.onContainers === true) return fail(1240002);
  return { code: 0, message: null, data: statusData(job, returnIpResult ? arrange : null), permission: null };
}

/** A failure with bk-job's number. */
export function failure(code: number, message: string): StatusAnswer {
  return { code, message, data: null, permission: null };
}

/** The v3 envelope: it leaves out what is null (EsbResp, bk-job 3.12; upstream contract 2.1). */
export function toEnvelope({ code, message, data, permission }: StatusAnswer, requestId: string): JsonObject {
  return {
    code,
    result: code === 0,
    job_request_id: requestId,
    message: message ?? undefined,
    permission: permission ?? undefined,
    data: data ?? undefined,
  };
}

/** Null where it is no number of 64 bits. A GET needs one; a POST without one is checked as if it were 0. */
function readJobInstanceId({ method, parameters }: StatusRequest): bigint | null {
  const { job_instance_id: text = '' } = parameters;
  if (text === '' && method === 'POST') return 0n;
  if (!/^[+-]?\d{1,40}$/.test(text)) return null;
  const number = BigInt(text.replace(/^\+/, ''));
  return number > maxLong || number < -maxLong ? null : number;
}

function covers(scopes: SimulatedUser['accessBusiness'] | undefined, scope: SimulatedScope): boolean {
  return scopes === 'all' || (scopes?.includes(scopeKey(scope)) ?? false);
}

interface Denied {
  readonly request: StatusRequest;
  readonly scope: SimulatedScope;
  readonly scopeName: string;
}

const instanceTypes = {
  biz: { type: 'biz', name: 'business' },
  biz_set: { type: 'business_set', name: 'business_set' },
  tenant_set: { type: 'tenant_set', name: 'tenant_set' },
} as const;

/** What is missing, in the words of the permission centre (upstream contract 3.6). */
function denial(
  action: 'access_business' | 'view_history',
  { request, scope, scopeName }: Denied,
): StatusAnswer {
  const names = permissionNames(request.language);
  const { type, name } = instanceTypes[scope.type];
  const path: Json = [{ id: scope.id, type, type_name: names[name], name: scopeName }];
  const resourceType: Json = {
    system_id: 'bk_cmdb',
    system_name: names.cmdb,
    type: 'biz',
    type_name: names.business,
    instances: [path],
  };
  return {
    code: 9900403,
    message: permissionMessage(request.user, request.language),
    data: null,
    permission: {
      system_id: 'bk_job',
      system_name: names.system,
      actions: [{ id: action, name: names[action], related_resource_types: [resourceType] }],
    },
  };
}
