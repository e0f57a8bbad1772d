import type { Answer, RequestIds } from './answer.ts';
import type { BkJobCall } from './bk-job-call.ts';
import { answerStatus, toEnvelope, type StatusAnswer } from './bk-job.ts';
import { findCredentialFault, type CredentialFault } from './credentials.ts';
import type { FrontDoorContext } from './gateway.ts';
import type { Language } from './messages.ts';

type Texts = Readonly<Record<Language, string>>;

const credentialErrors: Readonly<Record<CredentialFault, { readonly code: number } & Texts>> = {
  'not-json': {
    code: 1306406,
    en: 'Parameters error [reason="request header X-Bkapi-Authorization is not a valid JSON"]',
    'zh-cn': '参数错误，请求头 X-Bkapi-Authorization 不是合法的 JSON',
  },
  'app-code-missing': {
    code: 1306000,
    en: 'APP Code [bk_app_code] cannot be empty',
    'zh-cn': '应用ID [bk_app_code] 不能为空',
  },
  'app-secret-missing': {
    code: 1306000,
    en: 'Signature [bk_signature] and APP Secret [bk_app_secret] cannot be empty at the same time',
    'zh-cn': '签名 [bk_signature] 和应用密钥 [bk_app_secret] 不能同时为空',
  },
  'app-incorrect': {
    code: 1306000,
    en: 'APP authentication failed, please check if the bk_app_secret is valid',
    'zh-cn': '应用认证失败，请检查 bk_app_secret 是否有效',
  },
  'user-missing': {
    code: 1306000,
    en: 'User authentication failed, please provide a valid user identity, such as bk_token, bk_username',
    'zh-cn': '用户认证失败，请提供有效的用户身份，如 bk_token、bk_username',
  },
  'user-invalid': {
    code: 1306000,
    en: 'User authentication failed, please check if the bk_token is valid',
    'zh-cn': '用户认证失败，请检查 bk_token 是否有效',
  },
  'username-unverified': {
    code: 1306000,
    en: 'User authentication failed, the application may not call with bk_username alone',
    'zh-cn': '用户认证失败，应用不能仅凭 bk_username 调用',
  },
  'app-not-granted': {
    code: 1306403,
    en:
      'APP permission is insufficient, APP has no permission to access the component ' +
      '(get_job_instance_status) of the system (JOBV3). The APP manager can go to the Developer Center and apply ' +
      'for permission to access the component',
    'zh-cn':
      '应用权限不足，应用无权访问系统 (JOBV3) 的组件 (get_job_instance_status)，应用负责人可前往开发者中心申请',
  },
};

const json = { 'Content-Type': 'application/json' };

/** Answers a call at the ESB: HTTP 200 whatever becomes of it (upstream contract 3.1). */
export function answerAtEsb(call: BkJobCall, context: FrontDoorContext): Answer {
  const { world, ids, arrange } = context;
  if (call.published !== 'yes') return notPublished(call, ids);
  if (call.parameters === null)
    return esbError(1306406, 'Parameters error [reason="not a JSON object"]', ids);
  const fault = findCredentialFault(world, call.credentials);
  if (fault !== null) {
    const error = credentialErrors[fault];
    return esbError(error.code, error[call.language], ids);
  }
  const status = answerStatus(
    world,
    { method: 'POST', user: call.user ?? '', language: call.language, parameters: call.parameters },
    arrange,
  );
  return throughEsb(status, ids);
}

/** An answer of bk-job as the ESB hands it on: with what it misses filled in (upstream contract 2.1). */
export function throughEsb(status: StatusAnswer, ids: RequestIds): Answer {
  const filled =
    status.code === 0 ? { request_id: ids.esb, message: '' } : { request_id: ids.esb, data: null };
  return {
    status: 200,
    headers: json,
    body: { ...withoutUndefined(toEnvelope(status, ids.job)), ...filled },
    code: status.code,
  };
}

/** A failure of the ESB itself. */
export function esbError(code: number, message: string, ids: RequestIds): Answer {
  return {
    status: 200,
    headers: json,
    body: { result: false, code, data: null, message, request_id: ids.esb },
    code,
  };
}

function notPublished({ published, request }: BkJobCall, ids: RequestIds): Answer {
  if (published === 'no-such-method') return esbError(1306209, `Method ${request.method} not allowed`, ids);
  if (/^\/api\/c\/compapi(?:\/v2)?\/\w+\/\w+\/?$/.test(request.path)) {
    return esbError(1306404, 'Not found, component class not found', ids);
  }
  return {
    status: 404,
    headers: json,
    body: { result: false, data: null, message: 'Page not found' },
    code: null,
  };
}

/** So that what the ESB fills in stands behind what bk-job sent. */
function withoutUndefined<Members extends object>(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members;
}
