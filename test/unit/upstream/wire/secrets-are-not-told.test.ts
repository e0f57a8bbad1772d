import { describe, expect, it } from 'vitest';
import { JobApiError } from '../../../../src/domain/errors.ts';
import { holdsRunOf } from '../../../../src/secrets/held-runs.ts';
import { createSecretCheck } from '../../../../src/secrets/secret-search.ts';
import { openEnvelope, requestIdIn } from '../../../../src/upstream/wire/envelope.ts';

const appSecret = 'k3J9sQ2mZx8LpRtY/0aBcD+EfGhIjKlMnOpQ==';
const token = 'Zq3kQ9xT7mB2nV5cLw';
const hex = Buffer.from(appSecret).toString('hex');

const inUrl = (one: string) => `%${one.charCodeAt(0).toString(16)}`;
const inJson = (one: string) => `\\u00${one.charCodeAt(0).toString(16)}`;

interface Told {
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is told of a job that is not there. */
function toldOf(body: object, { secret = appSecret, headers = {} }: Told = {}): JobApiError {
  const bytes = new TextEncoder().encode(JSON.stringify({ result: false, code: 1244006, ...body }));
  const options = {
    permissionApplyUrl: null,
    holdsSecret: createSecretCheck(secret),
    holdsSignIn: (text: string) => holdsRunOf(text, token),
  };
  try {
    openEnvelope({ status: 200, headers, body: bytes }, options);
  } catch (error) {
    if (error instanceof JobApiError) return error;
    throw error;
  }
  throw new Error('The answer is a success.');
}

describe('a text for clients that holds the app secret', () => {
  it.each([
    ['as it is', appSecret],
    ['as in a URL', encodeURIComponent(appSecret)],
    ['in base64', Buffer.from(`a:${appSecret}`).toString('base64')],
    ['in hex', hex],
    ['in a URL in a URL', encodeURIComponent(appSecret.replaceAll(/./g, inUrl))],
    ['in entities of HTML', appSecret.replaceAll(/./g, (one) => `&#x${one.charCodeAt(0).toString(16)};`)],
    ['in escapes of JSON here and there', appSecret.replaceAll(/[a-z/+]/g, inJson)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ bk_app_secret: appSecret }))],
    ['in part', appSecret.slice(0, 20)],
    ['in a part of its middle', appSecret.slice(9, 21)],
    ['where it would be cut in two', `${'m'.repeat(999)}${appSecret}`],
  ])('is not told: %s', (_how, message) => {
    expect(toldOf({ message }).message).toBe(new JobApiError('NOT_FOUND').message);
  });

  it.each([
    ['where it would be cut in two', 'SECRET123', `${'m'.repeat(993)}SECRET123`],
    ['as JSON writes it', 'SEC"RET', 'got {"bk_app_secret":"SEC\\"RET"}'],
  ])('is not told where that is short: %s', (_how, secret, message) => {
    expect(toldOf({ message }, { secret }).message).toBe(new JobApiError('NOT_FOUND').message);
  });

  it('is told as far as it is told at all, where the secret stands beyond', () => {
    expect(toldOf({ message: `${'m'.repeat(1_000)}${appSecret}` }).message).toBe('m'.repeat(1_000));
  });
});

describe('the id of an exchange that holds the app secret', () => {
  it.each([hex, hex.toUpperCase(), Buffer.from(appSecret).toString('base64url'), appSecret.slice(0, 16)])(
    'is not told, and the next one is: %s',
    (id) => {
      expect(toldOf({ job_request_id: id, request_id: 'esb' }).requestId).toBe('esb');
      const headers = { 'x-bk-job-request-id': id, 'x-bkapi-request-id': id, 'x-request-id': id };
      expect(toldOf({ job_request_id: id, request_id: id }, { headers }).requestId).toBeNull();
      const options = { permissionApplyUrl: null, holdsSecret: createSecretCheck(appSecret) };
      const response = { status: 200, body: new Uint8Array(), headers };
      expect(requestIdIn(response, options)).toBeNull();
      const named = { ...response, headers: { ...headers, 'x-request-id': 'any' } };
      expect(requestIdIn(named, options)).toBe('any');
    },
  );
});

describe('what a caller signs in with', () => {
  it.each([
    ['as it is', token],
    ['in part', `${token.slice(0, 12)}…`],
    ['in base64', Buffer.from(`:${token}`).toString('base64')],
    ['in hex', `0x${Buffer.from(token).toString('hex')}`],
    ['in entities of HTML', token.replaceAll(/./g, (one) => `&#${String(one.charCodeAt(0))};`)],
  ])('is not told where bk-job repeats it: %s', (_how, repeated) => {
    const id = repeated.replaceAll(/[^\w.-]/g, '');
    const error = toldOf({ message: `No job for ${repeated}`, job_request_id: id, request_id: 'esb' });
    expect(error.message).toBe(new JobApiError('NOT_FOUND').message);
    if (!repeated.includes('&')) expect(error.requestId).toBe('esb');
    const related = [{ type: 'biz', instances: [[{ type: 'biz', id: '2', name: repeated }]] }];
    const actions = [{ id: 'view', name: repeated, related_resource_types: related }, { id: repeated }];
    const { permission } = toldOf({ code: 9_900_403, permission: { system_id: 'bk_job', actions } });
    const resources = [{ type: 'biz', id: '2', name: null }];
    expect(permission?.actions).toEqual([{ id: 'view', name: 'view', resources }]);
  });

  it('is told of no answer that cannot be read', () => {
    const error = toldOf({ result: true, code: 0, data: [], job_request_id: token });
    expect(error).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', requestId: null });
  });
});
