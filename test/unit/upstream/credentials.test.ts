import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import {
  authorizationHeader,
  authorizationMembers,
  callerHeaders,
} from '../../../src/upstream/credentials.ts';
import { createApigwV3FrontDoor } from '../../../src/upstream/front-door-apigw-v3.ts';
import { createEsbFrontDoor } from '../../../src/upstream/front-door-esb.ts';

const app = { appCode: 'my_app', appSecret: 'secret' };
const job = { scope: { kind: 'biz', id: '2' }, jobInstanceId: '1' } as const;

function callerWith(changes: Partial<Caller> = {}): Caller {
  return {
    proof: { kind: 'bk_token', value: 'alice' },
    tenantId: null,
    language: null,
    fingerprint: '',
    account: '',
    ...changes,
  };
}

describe('what authorizes a request', () => {
  it('is the application and the one proof of the user', () => {
    for (const kind of ['bk_token', 'bk_ticket', 'access_token'] as const) {
      const caller = callerWith({ proof: { kind, value: 'v' } });
      expect(authorizationMembers(app, caller)).toEqual({
        bk_app_code: 'my_app',
        bk_app_secret: 'secret',
        [kind]: 'v',
      });
    }
  });

  it('is ASCII in a header, whatever it holds', () => {
    const header = authorizationHeader({ bk_app_code: '作业😀', bk_app_secret: 'a"b\\c\n' });
    expect(header).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(header)).toEqual({ bk_app_code: '作业😀', bk_app_secret: 'a"b\\c\n' });
  });

  it('holds nothing that could break out of it', () => {
    for (const value of ['', 'a b', 'a\r\nb', 'a\0', 'é', 'x'.repeat(4_097)]) {
      expect(() => authorizationMembers(app, callerWith({ proof: { kind: 'bk_token', value } }))).toThrow(
        expect.objectContaining({
          code: 'BAD_USER_INPUT',
          message: 'bk_token holds characters that no sign-in has.',
        }),
      );
    }
    const longest = callerWith({ proof: { kind: 'bk_token', value: 'x'.repeat(4_096) } });
    expect(authorizationMembers(app, longest)['bk_token']).toHaveLength(4_096);
  });
});

describe('tenant and language', () => {
  it('are handed on where there are any', () => {
    expect(callerHeaders(callerWith())).toEqual({});
    expect(callerHeaders(callerWith({ tenantId: 'tencent', language: 'en' }))).toEqual({
      'X-Bk-Tenant-Id': 'tencent',
      'Blueking-Language': 'en',
    });
  });

  it.each([{ tenantId: 'a\r\nX-Evil: 1' }, { language: 'e n' }, { tenantId: '' }])(
    'never break a header: %j',
    (changes) => {
      expect(() => callerHeaders(callerWith(changes))).toThrow(
        expect.objectContaining({ code: 'BAD_USER_INPUT' }),
      );
    },
  );
});

describe.each([
  ['the API gateway', createApigwV3FrontDoor({ ...app, basePath: '', scopeParameters: 'scope' })],
  ['ESB', createEsbFrontDoor({ ...app, basePath: '', scopeParameters: 'scope', credentialsIn: 'body' })],
])('a request to %s', (_door, frontDoor) => {
  it('never names a user', () => {
    const request = frontDoor.jobInstanceStatusRequest(callerWith(), job, { hostDetail: true });
    expect(JSON.stringify(request)).not.toContain('bk_username');
  });

  it('has no secret in its path', () => {
    const { path } = frontDoor.jobInstanceStatusRequest(callerWith(), job, { hostDetail: true });
    expect(path).not.toMatch(/secret|alice/);
  });

  it('is not made for a caller whose values cannot be sent', () => {
    const caller = callerWith({ tenantId: 'a b' });
    expect(() => frontDoor.jobInstanceStatusRequest(caller, job, { hostDetail: false })).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    );
  });
});
