import type { Answer, RequestIds } from './answer.ts';
import type { BkJobCall } from './bk-job-call.ts';
import { answerStatus, toEnvelope, type StatusAnswer } from './bk-job.ts';
import { findCredentialFault, type CredentialFault } from './credentials.ts';
import type { ArrangeHosts } from './status-body.ts';
import type { SimulatedWorld } from './world.ts';

/** What a front door answers with. */
export interface FrontDoorContext {
  readonly world: SimulatedWorld;
  readonly ids: RequestIds;
  readonly arrange: ArrangeHosts;
}

/** A failure of the gateway itself (errorx.lua, blueking-apigateway-apisix; upstream contract 3.3). */
interface GatewayError {
  readonly status: number;
  readonly codeName: string;
  readonly message: string;
}

const gatewayErrors: Readonly<Record<number, GatewayError>> = {
  1640001: { status: 400, codeName: 'INVALID_ARGS', message: 'Parameters error' },
  1640004: { status: 400, codeName: 'JWT_VERIFY_FAILED', message: 'JWT verify failed' },
  1640100: { status: 401, codeName: 'UNAUTHORIZED', message: 'Unauthorized' },
  1640101: { status: 401, codeName: 'APP_VERIFY_FAILED', message: 'App verify failed' },
  1640102: { status: 401, codeName: 'USER_VERIFY_FAILED', message: 'User verify failed' },
  1640301: { status: 403, codeName: 'APP_NO_PERMISSION', message: 'App has no permission to the resource' },
  1640302: { status: 403, codeName: 'CROSS_TENANT_FORBIDDEN', message: 'Cross tenant forbidden' },
  1640303: { status: 403, codeName: 'BK_USER_NOT_ALLOWED', message: 'Bk user not allowed' },
  1640304: { status: 403, codeName: 'BK_TENANT_NOT_ALLOWED', message: 'Bk tenant not allowed' },
  1640401: { status: 404, codeName: 'API_NOT_FOUND', message: 'API not found' },
  1641301: { status: 413, codeName: 'BODY_SIZE_LIMIT_EXCEED', message: 'Request body size too large' },
  1641401: { status: 414, codeName: 'URI_SIZE_LIMIT_EXCEED', message: 'Request uri size too large' },
  1642901: {
    status: 429,
    codeName: 'RATE_LIMIT_RESTRICTION',
    message: 'API rate limit exceeded by stage global limit',
  },
  1642902: {
    status: 429,
    codeName: 'RATE_LIMIT_RESTRICTION',
    message: 'API rate limit exceeded by stage strategy',
  },
  1642903: {
    status: 429,
    codeName: 'RATE_LIMIT_RESTRICTION',
    message: 'API rate limit exceeded by resource strategy',
  },
  1642904: {
    status: 429,
    codeName: 'CONCURRENCY_LIMIT_RESTRICTION',
    message: 'Request concurrency exceeds',
  },
  1650001: { status: 500, codeName: 'INTERNAL_SERVER_ERROR', message: 'Internal Server Error' },
  1650002: { status: 500, codeName: 'INVALID_RESOURCE_CONFIG', message: 'Invalid resource config' },
  1650200: { status: 502, codeName: 'BAD_GATEWAY', message: 'Bad Gateway' },
  1650201: { status: 502, codeName: 'ERROR_REQUESTING_RESOURCE', message: 'Error requesting resource' },
  1650300: { status: 503, codeName: 'SERVICE_UNAVAILABLE', message: 'Service unavailable' },
  1650401: { status: 504, codeName: 'REQUEST_BACKEND_TIMEOUT', message: 'Request backend service timeout' },
  1650801: { status: 508, codeName: 'RECURSIVE_REQUEST_DETECTED', message: 'Recursive request detected' },
};

const missingUser =
  'user authentication failed, please provide a valid user identity, such as bk_username, bk_token, access_token';

const credentialReasons: Readonly<Record<Exclude<CredentialFault, 'app-not-granted'>, string>> = {
  'not-json': 'request header X-Bkapi-Authorization is not a valid JSON',
  'app-code-missing': 'app code cannot be empty',
  'app-secret-missing': 'bk_app_code or bk_app_secret is incorrect',
  'app-incorrect': 'bk_app_code or bk_app_secret is incorrect',
  'user-missing': missingUser,
  'user-invalid': missingUser,
  'username-unverified': 'user authentication failed, the user indicated by bk_username is not verified',
};

/** Answers a call at the API gateway, user type of v3: real statuses from the gateway, 200 from bk-job. */
export function answerAtGateway(call: BkJobCall, context: FrontDoorContext): Answer {
  const { world, ids, arrange } = context;
  const { request, credentials } = call;
  if (call.published !== 'yes') {
    return gatewayError(1640401, ids, { detail: `[method="${request.method}" path="${request.path}"]` });
  }
  const fault = findCredentialFault(world, credentials);
  if (fault === 'app-not-granted') {
    return gatewayError(1640301, ids, {
      detail: `[reason="no permission, bk_app_code=${credentials?.appCode ?? ''}"]`,
    });
  }
  if (fault !== null) return gatewayError(1640001, ids, { detail: `[reason="${credentialReasons[fault]}"]` });
  const status = answerStatus(
    world,
    { method: 'GET', user: call.user ?? '', language: call.language, parameters: call.parameters ?? {} },
    arrange,
  );
  return throughGateway(status, call, ids);
}

/** An answer of bk-job as the gateway hands it on. */
export function throughGateway(status: StatusAnswer, call: BkJobCall, ids: RequestIds): Answer {
  const asked = call.request.headers['x-request-id'] ?? '';
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/json',
      'X-Bk-Job-Request-Id': ids.job,
      'X-Bkapi-Request-Id': ids.gateway,
      'X-Request-Id': /^[\w.-]{1,64}$/.test(asked) ? asked : ids.request,
    },
    body: toEnvelope(status, ids.job),
    code: status.code,
  };
}

/** Whether a number is one of the gateway's own. */
export function isGatewayCode(code: number): boolean {
  return code in gatewayErrors;
}

/** Words of a failure: all of them, or what follows those that belong to its number. */
export type GatewayErrorText = { readonly message: string } | { readonly detail: string };

/** A failure of the gateway itself. */
export function gatewayError(code: number, ids: RequestIds, text?: GatewayErrorText): Answer {
  const known = gatewayErrors[code];
  const words = known?.message ?? 'Error';
  const message = text === undefined ? words : 'message' in text ? text.message : `${words} ${text.detail}`;
  return {
    status: known?.status ?? 500,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'X-Bkapi-Error-Code': String(code),
      'X-Bkapi-Error-Message': message.replace(/[^\x20-\x7e]/g, '?'),
      'X-Bkapi-Request-Id': ids.gateway,
    },
    body: { code, code_name: known?.codeName ?? 'ERROR', message, result: false, data: null },
    code,
  };
}
