import type { Caller } from '../domain/caller.ts';
import { JobApiError } from '../domain/errors.ts';

/** What this service calls itself towards the platform. */
export interface AppCredentials {
  readonly appCode: string;
  readonly appSecret: string;
}

/** Members that authorize a request, in bk-job's names (upstream contract 1.3). bk_username is never among them. */
export type AuthorizationMembers = Readonly<Record<string, string>>;

const visibleAscii = /^[\x21-\x7e]{1,4096}$/;

/** Control characters and halves of characters stand in no app code or secret. */
const plainText = /^[^\p{Cc}\p{Cs}]{1,4096}$/u;

/** The members that authorize a caller's request. Throws where a value could break out of where it is put. */
export function authorizationMembers(app: AppCredentials, { proof }: Caller): AuthorizationMembers {
  assertSound(app);
  if (!visibleAscii.test(proof.value)) {
    throw new JobApiError('BAD_USER_INPUT', `${proof.kind} holds characters that no sign-in has.`);
  }
  return { bk_app_code: app.appCode, bk_app_secret: app.appSecret, [proof.kind]: proof.value };
}

/** Applications whose credentials were looked at and can be sent: they are the same with every request. */
const soundApps = new WeakSet<AppCredentials>();

function assertSound(app: AppCredentials): void {
  if (soundApps.has(app)) return;
  if (!plainText.test(app.appCode) || !plainText.test(app.appSecret)) {
    throw new JobApiError('SERVICE_MISCONFIGURED', null, {
      cause: new Error('The app code or the app secret is empty, too long, or holds control characters.'),
    });
  }
  soundApps.add(app);
}

const plainAscii = /^[\x20-\x7e]*$/;

/** Value of the header X-Bkapi-Authorization: JSON in ASCII, whatever the settings hold. */
export function authorizationHeader(members: AuthorizationMembers): string {
  const json = JSON.stringify(members);
  if (plainAscii.test(json)) return json;
  return json.replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const noHeaders: Readonly<Record<string, string>> = {};

/** Headers that hand a caller's tenant and language on. Throws where a value could break a header. */
export function callerHeaders({ tenantId, language }: Caller): Readonly<Record<string, string>> {
  if (tenantId === null && language === null) return noHeaders;
  for (const value of [tenantId, language]) {
    if (value !== null && !visibleAscii.test(value)) {
      throw new JobApiError('BAD_USER_INPUT', 'X-Bk-Tenant-Id or Blueking-Language cannot be handed on.');
    }
  }
  return {
    ...(tenantId !== null && { 'X-Bk-Tenant-Id': tenantId }),
    ...(language !== null && { 'Blueking-Language': language }),
  };
}
