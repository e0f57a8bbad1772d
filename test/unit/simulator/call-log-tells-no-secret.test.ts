import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../../src/simulator/index.ts';
import { ask, esbPath, gatewayPath, send } from './ask.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

const secret = 's3cr3t-of-a-user';
const parameters = { bk_scope_type: 'biz', bk_scope_id: '2', job_instance_id: '20000000004' };

it('no secret is in any record, wherever it was sent', async () => {
  const credentials = { bk_app_code: 'demo_app', bk_app_secret: secret, bk_token: secret, bk_ticket: secret };
  const header = JSON.stringify(credentials);
  for (const frontDoor of ['apigw-v3', 'esb'] as const) {
    await ask(simulator, { frontDoor, credentials, parameters });
    await ask(simulator, {
      frontDoor,
      credentials: {},
      parameters: { ...parameters, ...credentials },
      headers: {
        'X-Bkapi-Authorization': header,
        Authorization: `Bearer ${secret}`,
        Cookie: `bk_token=${secret}`,
        'X-Bkapi-JWT': secret,
        'X-Bk-Token': secret,
      },
    });
  }
  const query = new URLSearchParams(credentials).toString();
  await send(`${simulator.url}${esbPath}?${query}`);
  await send(`${simulator.url}${gatewayPath}?${query}`);
  const records = simulator.calls.all();
  expect(records).toHaveLength(6);
  expect(JSON.stringify(records)).not.toContain(secret);
  expect(records[0]?.headers['x-bkapi-authorization']).toBe('<redacted>');
});

it('a record tells who asked for what, and what became of it', async () => {
  await ask(simulator, {
    token: 'bob',
    parameters: { ...parameters, return_ip_result: true },
    headers: { 'X-Bk-Tenant-Id': 'system', 'Blueking-Language': 'en' },
  });
  expect(simulator.calls.all()).toEqual([
    {
      sequence: 1,
      frontDoor: 'apigw-v3',
      endpoint: 'get_job_instance_status',
      method: 'GET',
      path: gatewayPath,
      user: 'bob',
      scope: { type: 'biz', id: '2' },
      jobInstanceId: '20000000004',
      returnIpResult: true,
      headers: expect.objectContaining({ 'x-bk-tenant-id': 'system', 'blueking-language': 'en' }),
      status: 200,
      code: 9900403,
      fault: null,
    },
  ]);
});

it('a record of the ESB reads the body, and a set is read out of bk_biz_id', async () => {
  await ask(simulator, {
    frontDoor: 'esb',
    parameters: { bk_biz_id: 9_991_001, job_instance_id: 7, return_ip_result: 'true' },
  });
  expect(simulator.calls.all()).toMatchObject([
    {
      frontDoor: 'esb',
      method: 'POST',
      scope: { type: 'biz_set', id: '9991001' },
      jobInstanceId: '7',
      returnIpResult: true,
      code: 1243049,
    },
  ]);
});

it('what a request does not tell is null', async () => {
  await ask(simulator, { token: 'expired', parameters: { bk_scope_type: 'project' } });
  expect(simulator.calls.all()).toMatchObject([
    { user: null, scope: null, jobInstanceId: null, returnIpResult: false, status: 400, code: 1640001 },
  ]);
});

it('every request leaves one record, in the order of arrival, and numbers go on after a clear', async () => {
  for (const job of [1, 2, 3]) await ask(simulator, { parameters: { job_instance_id: job } });
  expect(simulator.calls.all().map(({ sequence, jobInstanceId }) => [sequence, jobInstanceId])).toEqual([
    [1, '1'],
    [2, '2'],
    [3, '3'],
  ]);
  simulator.calls.clear();
  expect(simulator.calls.all()).toEqual([]);
  await ask(simulator, { parameters });
  expect(simulator.calls.all().map(({ sequence }) => sequence)).toEqual([4]);
});

it('what was handed out does not change with later calls', async () => {
  const before = simulator.calls.all();
  await ask(simulator, { parameters });
  expect(before).toEqual([]);
});

it('requests that lead to no front door leave none', async () => {
  await send(`${simulator.url}/`);
  await send(`${simulator.url}/simulator/jobs`);
  expect(simulator.calls.all()).toEqual([]);
});
