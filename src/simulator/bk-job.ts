import { objectText, valueText } from './json-text.ts';
import { messageOf, permissionMessage, permissionNames, type Language } from './messages.ts';
import type { SimulatedScope } from './job-model.ts';
import { statusData, type ArrangeHosts } from './status-body.ts';
import { scopeKey, type SimulatedUser, type SimulatedWorld } from './world.ts';

/** A status request as bk-job gets it from either front door. Values are as they came; null where there are none. */
export interface StatusRequest {
  readonly method: 'GET' | 'POST';
  readonly user: string;
  readonly language: Language;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What bk-job answers. `members` are JSON texts. */
export interface StatusAnswer {
  readonly code: number;
  readonly message: string | null;
  /** `data` of a success. */
  readonly data: string | null;
  /** `permission` of a denial. */
  readonly permission: string | null;
}

const scopeTypes = ['biz', 'biz_set', 'tenant_set'] as const;

/** A bk_biz_id in this range names a business set (upstream contract 1.2). */
const firstBizSetId = 8_000_000n;
const lastBizSetId = 9_999_999n;

/** get_job_instance_status inside bk-job, its checks in bk-job's own order (upstream contract 3.7). */
export function answerStatus(
  world: SimulatedWorld,
  request: StatusRequest,
  arrange: ArrangeHosts,
): StatusAnswer {
  const { parameters, method, user, language } = request;
  const failure = (code: number, message = messageOf(code, language)): StatusAnswer => ({
    code,
    message,
    data: null,
    permission: null,
  });

  const scope = scopeOf(parameters);
  if (scope === null) return method === 'GET' ? failure(1240002) : failure(1240003, 'Invalid bk_scope_type');
  if (scope === 'illegal') return failure(1241005);
  const scopeName = world.scopeName(scope);
  if (scopeName === null) return failure(1243049);

  const rights = world.findUser(user) ?? { accessBusiness: [], viewHistory: [] };
  if (!covers(rights.accessBusiness, scope)) return denial('access_business', { request, scope, scopeName });

  const asked = parameters['job_instance_id'] ?? '';
  if (method === 'GET' && !/^-?\d+$/.test(asked)) return failure(1240003);
  if (!/^[1-9]\d*$/.test(asked)) return failure(1241007);
  const job = world.findJob(scope, asked);
  if (job === null) return failure(1244006);
  if (job.operator !== user && !covers(rights.viewHistory, scope)) {
    return denial('view_history', { request, scope, scopeName });
  }
  if (job.steps.length === 0) return failure(1244007);
  const returnIpResult = parameters['return_ip_result'] === 'true';
  if (returnIpResult && job.onContainers === true) return failure(1240002);
  return { code: 0, message: null, data: statusData(job, returnIpResult, arrange), permission: null };
}

/** The scope of a request; null where it names none. Any scope parameter wins over bk_biz_id. */
export function scopeOf(parameters: Readonly<Record<string, string>>): SimulatedScope | 'illegal' | null {
  const { bk_scope_type: type = '', bk_scope_id: id = '', bk_biz_id: bizId = '' } = parameters;
  if (type !== '' || id !== '') {
    const known = scopeTypes.find((one) => one === type);
    return known === undefined ? 'illegal' : { type: known, id };
  }
  if (!/^\d+$/.test(bizId)) return null;
  const isSet = BigInt(bizId) >= firstBizSetId && BigInt(bizId) <= lastBizSetId;
  return { type: isSet ? 'biz_set' : 'biz', id: bizId };
}

function covers(scopes: SimulatedUser['accessBusiness'], scope: SimulatedScope): boolean {
  return scopes === 'all' || scopes.includes(scopeKey(scope));
}

interface Denied {
  readonly request: StatusRequest;
  readonly scope: SimulatedScope;
  readonly scopeName: string;
}

/** What is missing, in the permission centre's words (upstream contract 3.6). */
function denial(
  action: 'access_business' | 'view_history',
  { request, scope, scopeName }: Denied,
): StatusAnswer {
  const names = permissionNames(request.language);
  const instanceType = { biz: 'biz', biz_set: 'business_set', tenant_set: 'tenant_set' }[scope.type];
  const instanceTypeName = { biz: names.business, biz_set: names.business_set, tenant_set: names.tenant_set }[
    scope.type
  ];
  const permission = {
    system_id: 'bk_job',
    system_name: names.system,
    actions: [
      {
        id: action,
        name: names[action],
        related_resource_types: [
          {
            system_id: 'bk_cmdb',
            system_name: names.cmdb,
            type: 'biz',
            type_name: names.business,
            instances: [[{ id: scope.id, type: instanceType, type_name: instanceTypeName, name: scopeName }]],
          },
        ],
      },
    ],
  };
  return {
    code: 9900403,
    message: permissionMessage(request.user, request.language),
    data: null,
    permission: JSON.stringify(permission),
  };
}

/** The v3 envelope: it leaves out what is null (EsbResp, bk-job 3.12; upstream contract 2.1). */
export function envelopeMembers({ code, message, data, permission }: StatusAnswer, requestId: string) {
  return {
    code: String(code),
    result: String(code === 0),
    job_request_id: valueText(requestId),
    message: message === null ? undefined : valueText(message),
    permission: permission ?? undefined,
    data: data ?? undefined,
  };
}

/** The v3 envelope as text. */
export function envelopeText(answer: StatusAnswer, requestId: string): string {
  return objectText(envelopeMembers(answer, requestId));
}
