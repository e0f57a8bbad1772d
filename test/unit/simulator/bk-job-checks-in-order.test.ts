import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../../src/simulator/index.ts';
import { ask, codeOf, esbPath, gatewayPath, jsonOf, send, type Asked } from './ask.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const wrongScopeType = { bk_scope_type: 'project', bk_scope_id: '2' };
const unknownScope = { bk_scope_type: 'biz', bk_scope_id: '404404' };
const business2 = { bk_scope_type: 'biz', bk_scope_id: '2' };

/** From the outermost check to the innermost: each request also breaks every rule that is checked later. */
const gatewayOrder: readonly (readonly [string, Asked, number, number])[] = [
  ['no such path', { path: `${gatewayPath}s`, credentials: {}, parameters: wrongScopeType }, 404, 1640401],
  ['no application', { credentials: {}, parameters: wrongScopeType }, 400, 1640001],
  ['no user', { token: null, parameters: wrongScopeType }, 400, 1640001],
  ['illegal type of scope', { token: 'carol', parameters: wrongScopeType }, 200, 1241005],
  ['no such scope', { token: 'carol', parameters: unknownScope }, 200, 1243049],
  ['not in the business', { token: 'carol', parameters: business2 }, 200, 9900403],
  ['no number', { token: 'bob', parameters: business2 }, 200, 1240003],
  ['a number below 1', { token: 'bob', parameters: { ...business2, job_instance_id: 0 } }, 200, 1241007],
  ['no such job', { token: 'bob', parameters: { ...business2, job_instance_id: 4711 } }, 200, 1244006],
  ["another's job", { token: 'bob', parameters: { ...business2, job_instance_id: 999 } }, 200, 9900403],
  ['no steps', { token: 'alice', parameters: { ...business2, job_instance_id: 999 } }, 200, 1244007],
  [
    'hosts of containers',
    { parameters: { ...business2, job_instance_id: '20000000021', return_ip_result: true } },
    200,
    1240002,
  ],
  ['nothing', { parameters: { ...business2, job_instance_id: '20000000021' } }, 200, 0],
];

describe('at the gateway', () => {
  beforeAll(() => {
    const scope = { type: 'biz', id: '2' } as const;
    simulator.world.addJob({ scope, jobInstanceId: '999', statusCode: 3, operator: 'alice', steps: [] });
  });

  it.each(gatewayOrder)('the first thing that is wrong is told: %s', async (_what, asked, status, code) => {
    const answer = await ask(simulator, asked);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  });

  it("the operator of a job sees it without view_history, and none of another's", async () => {
    const asked = async (token: string, id: string) =>
      codeOf(await ask(simulator, { token, parameters: { ...business2, job_instance_id: id } }));
    expect(await asked('bob', '20000000013')).toBe(0);
    expect(await asked('bob', '20000000011')).toBe(9900403);
    expect(await asked('alice', '20000000013')).toBe(0);
    expect(await asked('carol', '20000000013')).toBe(9900403);
  });

  it.each([
    ['bk_token', 200],
    ['bk_ticket', 200],
    ['access_token', 200],
    ['bk_username', 400],
  ])('%s as the only proof of a user has status %i', async (proof, status) => {
    const credentials = { bk_app_code: 'demo_app', bk_app_secret: 'demo_secret', [proof]: 'alice' };
    const answer = await ask(simulator, {
      credentials,
      parameters: { ...business2, job_instance_id: '20000000001' },
    });
    expect(answer.status).toBe(status);
  });

  it('an access_token alone stands for an application, too', async () => {
    const parameters = { ...business2, job_instance_id: '20000000001' };
    expect(codeOf(await ask(simulator, { credentials: { access_token: 'alice' }, parameters }))).toBe(0);
    expect(codeOf(await ask(simulator, { credentials: { bk_token: 'alice' }, parameters }))).toBe(1640001);
  });

  it('a header that is not JSON is refused', async () => {
    const answer = await ask(simulator, { headers: { 'X-Bkapi-Authorization': 'bk_token=alice' } });
    expect([answer.status, codeOf(answer)]).toEqual([400, 1640001]);
  });

  it('credentials in the query count for nothing', async () => {
    const parameters = { bk_app_code: 'demo_app', bk_app_secret: 'demo_secret', bk_token: 'alice' };
    expect(codeOf(await ask(simulator, { credentials: {}, parameters }))).toBe(1640001);
  });

  it('a POST, and another stage, are not published', async () => {
    const posted = await send(simulator.url + gatewayPath, { method: 'POST', body: '{}' });
    expect([posted.status, codeOf(posted)]).toEqual([404, 1640401]);
    const staged = await ask(simulator, { path: gatewayPath.replace('prod', 'test') });
    expect([staged.status, codeOf(staged)]).toEqual([404, 1640401]);
  });

  it('a request id of the caller is kept, others are made', async () => {
    const parameters = { ...business2, job_instance_id: '20000000001' };
    const kept = await ask(simulator, { parameters, headers: { 'X-Request-Id': 'mine-1' } });
    expect(kept.headers['x-request-id']).toBe('mine-1');
    expect(kept.headers['x-bk-job-request-id']).toBe(jsonOf(kept)['job_request_id']);
    const made = await ask(simulator, { parameters });
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(made.headers['x-bkapi-request-id']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('a message is Chinese unless English is asked for', async () => {
    const parameters = { ...business2, job_instance_id: 4711 };
    const chinese = await ask(simulator, { parameters });
    expect(jsonOf(chinese)['message']).toBe('任务实例不存在');
    const english = await ask(simulator, { parameters, headers: { 'Blueking-Language': 'en' } });
    expect(jsonOf(english)['message']).toBe('Task instance does not exist');
  });

  it.each([
    ['text', 1240003],
    ['1e3', 1240003],
    ['99999999999999999999', 1240003],
    ['-1', 1241007],
    ['020000000001', 0],
  ])('a number that is %s has code %i', async (id, code) => {
    expect(codeOf(await ask(simulator, { parameters: { ...business2, job_instance_id: id } }))).toBe(code);
  });

  it('return_ip_result takes what Spring takes', async () => {
    const asked = (text: string) =>
      ask(simulator, {
        parameters: { ...business2, job_instance_id: '20000000021', return_ip_result: text },
      });
    expect(codeOf(await asked('True'))).toBe(1240002);
    expect(codeOf(await asked('0'))).toBe(0);
    expect(codeOf(await asked('perhaps'))).toBe(1240003);
  });
});

describe('a scope', () => {
  const codeFor = async (parameters: Asked['parameters'], frontDoor: 'apigw-v3' | 'esb' = 'apigw-v3') =>
    codeOf(await ask(simulator, { frontDoor, parameters: { job_instance_id: 100, ...parameters } }));

  it('is bk_biz_id where there is no other', async () => {
    expect(await codeFor({ bk_biz_id: 1 })).toBe(0);
    expect(await codeFor({ bk_biz_id: 2 })).toBe(1244006);
  });

  it('wins over bk_biz_id', async () => {
    expect(await codeFor({ bk_biz_id: 1, bk_scope_type: 'biz', bk_scope_id: '2' })).toBe(1244006);
    expect(await codeFor({ bk_biz_id: 1, bk_scope_type: 'biz' })).toBe(1243049);
    expect(await codeFor({ bk_biz_id: 1, bk_scope_id: '1' })).toBe(1241005);
  });

  it('is a set where bk_biz_id is from 8000000 to 9999999', async () => {
    for (const id of ['8000000', '9999999']) {
      simulator.world.addJob({
        scope: { type: 'biz_set', id },
        jobInstanceId: '100',
        statusCode: 3,
        steps: [{ stepInstanceId: '1', statusCode: 3, hosts: [] }],
      });
      expect(await codeFor({ bk_biz_id: id })).toBe(0);
    }
    expect(await codeFor({ bk_biz_id: 7_999_999 })).toBe(1243049);
    expect(await codeFor({ bk_biz_id: 10_000_000 })).toBe(1243049);
  });

  it('that is missing breaks a GET and is told of a POST', async () => {
    expect(await codeFor({})).toBe(1240002);
    expect(await codeFor({ bk_biz_id: 'x' })).toBe(1240002);
    expect(await codeFor({}, 'esb')).toBe(1240003);
  });
});

describe('at the ESB', () => {
  const job1 = { bk_biz_id: 2, job_instance_id: 20000000001 };

  it.each([
    esbPath,
    esbPath.replace(/\/$/, ''),
    '/api/c/compapi/jobv3/get_job_instance_status/',
    '/api/c/compapi/jobv3/get_job_instance_status',
  ])('%s is the way', async (path) => {
    const answer = await ask(simulator, { frontDoor: 'esb', path, parameters: job1 });
    expect([answer.status, codeOf(answer)]).toEqual([200, 0]);
    expect(jsonOf(answer)).toMatchObject({
      message: '',
      request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('a GET answers as a POST does', async () => {
    const query = 'bk_app_code=demo_app&bk_app_secret=demo_secret&bk_token=alice&bk_biz_id=1';
    const found = await send(`${simulator.url}${esbPath}?${query}&job_instance_id=100&return_ip_result=true`);
    expect(codeOf(found)).toBe(0);
    expect(found.text).toContain('"ip":"10.0.0.1"');
    expect(codeOf(await send(`${simulator.url}${esbPath}?${query}`))).toBe(1241007);
  });

  it('credentials in the header hide those in the body', async () => {
    const header = (token: string) => ({
      'X-Bkapi-Authorization': JSON.stringify({
        bk_app_code: 'demo_app',
        bk_app_secret: 'demo_secret',
        bk_token: token,
      }),
    });
    const asked = { frontDoor: 'esb', parameters: job1 } as const;
    expect(codeOf(await ask(simulator, { ...asked, credentials: {}, headers: header('alice') }))).toBe(0);
    expect(codeOf(await ask(simulator, { ...asked, headers: header('expired') }))).toBe(1306000);
  });

  it('an id above 2^53 in a body arrives whole', async () => {
    const body =
      '{"bk_app_code": "demo_app", "bk_app_secret": "demo_secret", "bk_token": "alice", "bk_biz_id": 2, ' +
      '"job_instance_id": 9007199254740993}';
    const answer = await send(simulator.url + esbPath, { method: 'POST', body });
    expect(answer.text).toContain('"job_instance_id":9007199254740993,');
  });

  it.each([
    ['a body that is not JSON', 'POST', esbPath, '{', 200, 1306406],
    ['a list', 'POST', esbPath, '[]', 200, 1306406],
    ['another method', 'PUT', esbPath, '{}', 200, 1306209],
    ['another component', 'POST', esbPath.replace('status', 'statuz'), '{}', 200, 1306404],
  ])('%s has its number', async (_what, method, path, body, status, code) => {
    const answer = await send(simulator.url + path, { method, body });
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  });

  it('a path that leads nowhere is a 404 without a number', async () => {
    const answer = await send(`${simulator.url}/api/c/compapi/`, { method: 'POST' });
    expect([answer.status, jsonOf(answer)]).toEqual([
      404,
      { result: false, data: null, message: 'Page not found' },
    ]);
  });

  it('speaks English unless it is told otherwise', async () => {
    const asked = { frontDoor: 'esb', token: 'expired', parameters: job1 } as const;
    expect(jsonOf(await ask(simulator, asked))['message']).toMatch(/^User authentication failed/);
    const chinese = await ask(simulator, { ...asked, headers: { 'Blueking-Language': 'zh-cn' } });
    expect(jsonOf(chinese)['message']).toMatch(/^用户认证失败/);
  });

  it('a POST with a number that is none, and one without, differ', async () => {
    const asked = (id: string) =>
      ask(simulator, { frontDoor: 'esb', parameters: { ...job1, job_instance_id: id } });
    expect(codeOf(await asked('x'))).toBe(1240003);
    expect(codeOf(await asked(''))).toBe(1241007);
  });
});

describe('hosts', () => {
  const lists = async (parameters: Asked['parameters']) => {
    const data = jsonOf(await ask(simulator, { parameters: { bk_biz_id: 2, ...parameters } }))['data'];
    const { step_instance_list: steps } = data as { step_instance_list: Record<string, unknown>[] };
    return steps.map((step) => step['step_ip_result_list']);
  };

  it('are null where they are not asked for, and a list where they are', async () => {
    expect(await lists({ job_instance_id: '20000000001' })).toEqual([null, null]);
    expect(await lists({ job_instance_id: '20000000001', return_ip_result: true })).toEqual([[], []]);
  });

  it('of which a member is null are sent with null, and of which one is not there without', async () => {
    simulator.world.addJob({
      scope: { type: 'biz', id: '2' },
      jobInstanceId: '77',
      statusCode: 3,
      steps: [
        { stepInstanceId: '1', statusCode: 3, hosts: [{ statusCode: 9, ip: null, tag: undefined }] },
        { stepInstanceId: '2', statusCode: 3, hosts: undefined },
        { stepInstanceId: '3', statusCode: 3, hosts: null },
      ],
    });
    const [rows, absent, none] = await lists({ job_instance_id: 77, return_ip_result: true });
    expect(rows).toEqual([{ ip: null, status: expect.objectContaining({ value: '9' }) }]);
    expect([absent, none]).toEqual([undefined, null]);
  });
});
