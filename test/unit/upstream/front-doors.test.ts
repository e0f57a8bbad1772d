import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import type { JobReference } from '../../../src/domain/scope.ts';
import { createApigwV3FrontDoor } from '../../../src/upstream/front-door-apigw-v3.ts';
import { createEsbFrontDoor } from '../../../src/upstream/front-door-esb.ts';

const app = { appCode: 'my_app', appSecret: 'my_"secret"' };
const caller: Caller = {
  proof: { kind: 'bk_ticket', value: 't"icket\\' },
  tenantId: 'tencent',
  language: 'zh-cn',
  fingerprint: 'fingerprint',
  account: 'fingerprint',
};
const plainCaller: Caller = { ...caller, tenantId: null, language: null };
const job: JobReference = { scope: { kind: 'biz', id: '9007199254740993' }, jobInstanceId: '20003456789' };
const jobOfSet: JobReference = { ...job, scope: { kind: 'biz_set', id: '9991001' } };

const apigw = (scopeParameters: 'scope' | 'bk_biz_id', basePath = '/api/bk-job/prod') =>
  createApigwV3FrontDoor({ ...app, basePath, scopeParameters });
const esb = (scopeParameters: 'scope' | 'bk_biz_id', credentialsIn: 'body' | 'header', basePath = '') =>
  createEsbFrontDoor({ ...app, basePath, scopeParameters, credentialsIn });

const authorization =
  '{"bk_app_code":"my_app","bk_app_secret":"my_\\"secret\\"","bk_ticket":"t\\"icket\\\\"}';
const authorizationMembers = authorization.slice(1, -1);

describe('a read through the API gateway', () => {
  it('is signed for who asks, also where one caller was made from another that asked before', () => {
    const door = apigw('scope');
    const headersOf = (asking: Caller) =>
      door.jobInstanceStatusRequest(asking, job, { hostDetail: false }).headers;
    const asking = { ...caller };
    expect(headersOf(asking)).toBe(headersOf(asking));
    expect(inspect(asking, { depth: null })).not.toContain('secret');
    const other = { ...asking, proof: { kind: 'bk_token', value: 'BOB' }, tenantId: 'other' } as const;
    expect(headersOf(other)).toMatchObject({
      'X-Bk-Tenant-Id': 'other',
      'X-Bkapi-Authorization': expect.stringContaining('"bk_token":"BOB"') as string,
    });
    expect(headersOf(Object.freeze({ ...caller }))).toEqual(headersOf(asking));
  });

  it('is a GET that names the scope, with the credentials in a header', () => {
    expect(apigw('scope').jobInstanceStatusRequest(caller, job, { hostDetail: true })).toEqual({
      method: 'GET',
      path: '/api/bk-job/prod/api/v3/get_job_instance_status?bk_scope_type=biz&bk_scope_id=9007199254740993&job_instance_id=20003456789&return_ip_result=true',
      headers: {
        'X-Bk-Tenant-Id': 'tencent',
        'Blueking-Language': 'zh-cn',
        'X-Bkapi-Authorization': authorization,
      },
      body: null,
    });
  });

  it('names a business by its number where that is asked for, and a set never', () => {
    const door = apigw('bk_biz_id', '');
    expect(door.jobInstanceStatusRequest(plainCaller, job, { hostDetail: false })).toEqual({
      method: 'GET',
      path: '/api/v3/get_job_instance_status?bk_biz_id=9007199254740993&job_instance_id=20003456789&return_ip_result=false',
      headers: { 'X-Bkapi-Authorization': authorization },
      body: null,
    });
    expect(door.jobInstanceStatusRequest(plainCaller, jobOfSet, { hostDetail: false }).path).toBe(
      '/api/v3/get_job_instance_status?bk_scope_type=biz_set&bk_scope_id=9991001&job_instance_id=20003456789&return_ip_result=false',
    );
  });
});

describe('a read through ESB', () => {
  it('is a POST with everything in its body, numbers of 64 bits digit by digit', () => {
    const door = esb('bk_biz_id', 'body', '/paas');
    expect(door.jobInstanceStatusRequest(caller, job, { hostDetail: true })).toEqual({
      method: 'POST',
      path: '/paas/api/c/compapi/v2/jobv3/get_job_instance_status/',
      headers: {
        'Content-Type': 'application/json',
        'X-Bk-Tenant-Id': 'tencent',
        'Blueking-Language': 'zh-cn',
      },
      body: `{${authorizationMembers},"bk_biz_id":9007199254740993,"job_instance_id":20003456789,"return_ip_result":true}`,
    });
  });

  it('names a scope by texts', () => {
    const scoped = esb('scope', 'body').jobInstanceStatusRequest(plainCaller, job, { hostDetail: false });
    expect(scoped.body).toBe(
      `{${authorizationMembers},"bk_scope_type":"biz","bk_scope_id":"9007199254740993","job_instance_id":20003456789,"return_ip_result":false}`,
    );
    expect(
      esb('bk_biz_id', 'body').jobInstanceStatusRequest(plainCaller, jobOfSet, { hostDetail: false }).body,
    ).toBe(
      `{${authorizationMembers},"bk_scope_type":"biz_set","bk_scope_id":"9991001","job_instance_id":20003456789,"return_ip_result":false}`,
    );
  });

  it('has no credentials in its body where they are in the header', () => {
    const request = esb('scope', 'header').jobInstanceStatusRequest(plainCaller, job, { hostDetail: true });
    expect(request).toEqual({
      method: 'POST',
      path: '/api/c/compapi/v2/jobv3/get_job_instance_status/',
      headers: { 'Content-Type': 'application/json', 'X-Bkapi-Authorization': authorization },
      body: '{"bk_scope_type":"biz","bk_scope_id":"9007199254740993","job_instance_id":20003456789,"return_ip_result":true}',
    });
  });
});

const doors = [
  ['the API gateway', apigw('scope')],
  ['ESB', esb('bk_biz_id', 'body')],
  ['ESB with a header', esb('scope', 'header')],
] as const;

describe.each(doors)('a request to %s', (_name, door) => {
  it.each(['0', '', '-1', '1,"bk_username":"admin"', '1&bk_username=admin', '1e3', '12345678901234567890'])(
    'is not made for an id of %j',
    (id) => {
      for (const [argument, asked] of [
        ['jobInstanceId', { ...job, jobInstanceId: id }],
        ['scope', { ...job, scope: { kind: 'biz', id } }],
      ] as const) {
        expect(() => door.jobInstanceStatusRequest(caller, asked, { hostDetail: false })).toThrow(
          expect.objectContaining({
            code: 'BAD_USER_INPUT',
            message: expect.stringMatching(`^${argument} must be`) as string,
          }),
        );
      }
    },
  );

  it('holds what was asked and what authorizes it, whatever visible text that is', () => {
    const visible = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 1,
    });
    fc.assert(
      fc.property(visible, fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String), (value, id) => {
        const { headers, body } = door.jobInstanceStatusRequest(
          { ...caller, proof: { kind: 'bk_token', value } },
          { ...job, jobInstanceId: id },
          { hostDetail: true },
        );
        const inHeader = headers['X-Bkapi-Authorization'];
        expect(JSON.parse(inHeader ?? body ?? '')).toMatchObject({
          bk_app_code: app.appCode,
          bk_app_secret: app.appSecret,
          bk_token: value,
        });
        if (body !== null) expect(body).toContain(`"job_instance_id":${id},`);
      }),
    );
  });
});

describe('an application', () => {
  const broken = ['', 'a\r\nX-Bk-Username: admin', 'a\0', 'a\u0085', '\ud800', 'x'.repeat(4_097)];

  it.each(broken)('whose code or secret cannot be sent is misconfigured: %j', (value) => {
    for (const options of [
      { ...app, appSecret: value },
      { ...app, appCode: value },
    ]) {
      const door = createApigwV3FrontDoor({ ...options, basePath: '', scopeParameters: 'scope' });
      const request = () => door.jobInstanceStatusRequest(caller, job, { hostDetail: false });
      expect(request).toThrow(
        expect.objectContaining({
          code: 'SERVICE_MISCONFIGURED',
          cause: expect.objectContaining({
            message: 'The app code or the app secret is empty, too long, or holds control characters.',
          }) as Error,
        }),
      );
      expect(request).toThrow(/^The platform refuses this service itself/);
    }
  });

  it('may be written in any language', () => {
    const door = createApigwV3FrontDoor({
      appCode: '作业 é',
      appSecret: 'x'.repeat(4_096),
      basePath: '',
      scopeParameters: 'scope',
    });
    const { headers } = door.jobInstanceStatusRequest(caller, job, { hostDetail: false });
    expect(headers['X-Bkapi-Authorization']).toContain(
      '"bk_app_code":"\\u4f5c\\u4e1a \\u00e9","bk_app_secret":"xxxx',
    );
  });
});
