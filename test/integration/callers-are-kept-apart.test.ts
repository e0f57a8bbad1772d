import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/start-test-service.ts';

const jobQuery = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { name } }';
const page = 'https://cmdb.example.com';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ environment: { BKJOB_GQL__SERVER__ALLOWED_ORIGINS: page } });
});
beforeEach(() => {
  service.simulator.calls.clear();
});
afterAll(() => service[Symbol.asyncDispose]());

const users = () => service.simulator.calls.all().map(({ user }) => user);

describe('a caller', () => {
  it('is asked for under its own proof, whoever else asks at the same time', async () => {
    const tokens = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'alice' : 'bob'));
    const answers = await Promise.all(tokens.map((token) => service.query(jobQuery, { token })));
    expect(answers.map(({ body }) => body.data?.['jobInstance'])).toEqual(
      tokens.map((token) => (token === 'alice' ? { name: 'deploy order-service 2.8.1' } : null)),
    );
    expect(new Set(users())).toEqual(new Set(['alice', 'bob']));
  });

  it('shares a read under way with itself, never with another', async () => {
    service.simulator.faults.inject({ fault: { kind: 'delay', ms: 1_000 } });
    const tokens = Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? 'alice' : 'bob'));
    await Promise.all(tokens.map((token) => service.query(jobQuery, { token })));
    service.simulator.faults.clear();
    expect(users().sort()).toEqual(['alice', 'bob']);
  });

  it.each([{ 'x-bk-tenant-id': 'other' }, { 'blueking-language': 'en' }])(
    'with another %j is another caller',
    async (headers) => {
      service.simulator.faults.inject({ fault: { kind: 'delay', ms: 1_000 } });
      await Promise.all([service.query(jobQuery), service.query(jobQuery, { headers })]);
      service.simulator.faults.clear();
      expect(users()).toEqual(['alice', 'alice']);
    },
  );

  it.each(['bk_token', 'bk_ticket', 'access_token'])('may prove who it is by %s', async (kind) => {
    const headers = { 'x-bkapi-authorization': JSON.stringify({ [kind]: 'alice' }) };
    const { body } = await service.query(jobQuery, { token: null, headers });
    expect(body.errors).toBeUndefined();
    expect(users()).toEqual(['alice']);
  });

  it('has its tenant and language passed on', async () => {
    const headers = { 'x-bk-tenant-id': 'tencent', 'blueking-language': 'en' };
    await service.query(jobQuery, { headers });
    expect(service.simulator.calls.all()[0]!.headers).toMatchObject(headers);
  });

  it('whose sign-in has ended is UNAUTHENTICATED', async () => {
    const { status, body } = await service.query(jobQuery, { token: 'expired' });
    expect(status).toBe(200);
    expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', upstreamCode: 1640001 } }]);
  });
});

describe('a request without credentials', () => {
  it('is refused before anything is read', async () => {
    const { status, body } = await service.query(jobQuery, { token: null });
    expect(status).toBe(401);
    expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(body.data).toBeUndefined();
    expect(users()).toEqual([]);
  });

  it('may learn the schema', async () => {
    const { status, body } = await service.query('{ __typename _service { sdl } }', { token: null });
    expect(status).toBe(200);
    expect(JSON.stringify(body.data)).toContain('type JobInstance');
  });
});

describe('credentials that cannot be', () => {
  it.each([
    ['no JSON', 'alice'],
    ['an empty object', '{}'],
    ['two proofs', '{"bk_token":"alice","bk_ticket":"alice"}'],
    ['the same proof twice', '{"bk_token":"alice","bk_token":"bob"}'],
    ['an application', '{"bk_token":"alice","bk_app_code":"demo_app"}'],
    ['a user name', '{"bk_token":"alice","bk_username":"admin"}'],
    ['a proof of another type', '{"bk_token":1}'],
    ['a proof that would break a header', JSON.stringify({ bk_token: 'alice\r\nX-Bk-Username: admin' })],
  ])('are refused before anything is sent: %s', async (_case, value) => {
    const { status, body } = await service.query(jobQuery, {
      token: null,
      headers: { 'x-bkapi-authorization': value },
    });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(JSON.stringify(body)).not.toMatch(/alice|admin/);
    expect(users()).toEqual([]);
  });

  it.each([
    ['x-bk-tenant-id', 'a b'],
    ['blueking-language', 'fr'],
  ])('nor is anything sent with a header %s of %j', async (name, value) => {
    const { status } = await service.query(jobQuery, { headers: { [name]: value } });
    expect(status).toBe(400);
    expect(users()).toEqual([]);
  });

  it.each([
    'bk_token=alice',
    'query=%7B__typename%7D&BK_TICKET=x',
    'X-Bkapi-Authorization=x',
    'access_token',
    'x=a?&bk_token=alice',
  ])('do not stand in a URL: ?%s', async (query) => {
    const response = await fetch(`${service.graphqlUrl}?${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('alice');
  });
});

describe('a page in a browser', () => {
  const cookie = 'theme=dark; bk_token=alice';

  it('on an allowed origin signs in by cookie and may read the answer', async () => {
    const { body, headers } = await service.query(jobQuery, {
      token: null,
      headers: { cookie, origin: page },
    });
    expect(body.errors).toBeUndefined();
    expect(users()).toEqual(['alice']);
    expect(headers).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-credentials': 'true',
    });
  });

  it.each([
    {},
    { origin: 'https://evil.example.com' },
    { origin: 'null' },
    { origin: `${page}.evil.example.com` },
  ])('elsewhere does not: %j', async (origin) => {
    const { status, headers } = await service.query(jobQuery, {
      token: null,
      headers: { cookie, ...origin },
    });
    expect(status).toBe(401);
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(users()).toEqual([]);
  });

  it('is told that nothing may be asked from elsewhere where no origin is allowed', async () => {
    await using closed = await startTestService();
    const response = await fetch(closed.graphqlUrl, {
      method: 'OPTIONS',
      headers: { origin: page, 'access-control-request-method': 'POST' },
    });
    expect(response.status).toBe(405);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('that signs in twice, differently, is refused', async () => {
    const { status } = await service.query(jobQuery, { token: 'bob', headers: { cookie, origin: page } });
    expect(status).toBe(400);
    expect(users()).toEqual([]);
  });

  it('cannot make a browser ask by a plain form or link', async () => {
    const response = await fetch(`${service.graphqlUrl}?query=%7B__typename%7D`);
    expect(response.status).toBe(400);
    const form = await fetch(service.graphqlUrl, { method: 'POST', body: '{"query":"{__typename}"}' });
    expect([400, 415]).toContain(form.status);
  });
});

it('no cache on the way may keep an answer', async () => {
  const { headers } = await service.query(jobQuery);
  expect(headers['cache-control']).toBe('private, no-store');
});

describe('a demonstration', () => {
  it('answers whoever brings no credentials as its own user', async () => {
    await using demonstration = await startTestService({ guest: true });
    const { body } = await demonstration.query(jobQuery, { token: null });
    expect(body.data).toEqual({ jobInstance: { name: 'deploy order-service 2.8.1' } });
    expect(demonstration.simulator.calls.all().map(({ user }) => user)).toEqual(['alice']);
  });

  it('answers whoever brings some as whom they prove', async () => {
    await using demonstration = await startTestService({ guest: true });
    const { body } = await demonstration.query(jobQuery, { token: 'carol' });
    expect(body.errors).toMatchObject([{ extensions: { code: 'PERMISSION_DENIED' } }]);
  });
});
