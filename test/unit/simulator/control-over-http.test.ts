import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../../src/simulator/index.ts';
import { ask, send } from './ask.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

async function control(method: string, path: string, body?: unknown) {
  const answer = await send(`${simulator.url}/simulator/${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  return { status: answer.status, value: JSON.parse(answer.text) as unknown };
}

const asked = { parameters: { bk_biz_id: 1, job_instance_id: 100 } };

it('calls are listed and cleared', async () => {
  await ask(simulator, asked);
  expect(await control('GET', 'calls')).toEqual({ status: 200, value: simulator.calls.all() });
  expect(await control('DELETE', 'calls')).toEqual({ status: 200, value: [] });
  expect(simulator.calls.all()).toEqual([]);
});

it('jobs are listed with what they show', async () => {
  const { value } = await control('GET', 'jobs');
  expect(value).toHaveLength(simulator.world.jobs().length);
  expect(value).toContainEqual({
    scope: { type: 'biz', id: '2' },
    jobInstanceId: '9007199254740993',
    name: 'nightly-cleanup',
    statusCode: 3,
    shows: 'Ids above 2^53 of a job, its step and its hosts.',
  });
});

it('a fault is added and cleared', async () => {
  const injection = { match: { user: 'alice' }, fault: { kind: 'empty', status: 503 }, times: 2 };
  expect(await control('POST', 'faults', injection)).toEqual({ status: 200, value: injection });
  expect((await ask(simulator, asked)).status).toBe(503);
  expect(await control('DELETE', 'faults')).toEqual({ status: 200, value: [] });
  expect((await ask(simulator, asked)).status).toBe(200);
});

describe('a fault that is none', () => {
  it.each([
    ['is not JSON', '{'],
    ['is a list', []],
    ['has no kind', { fault: {} }],
    ['has a kind that does not exist', { fault: { kind: 'toString' } }],
    ['misses a member', { fault: { kind: 'delay' } }],
    ['has a member too many', { fault: { kind: 'hang', ms: 1 } }],
    ['has a member of another type', { fault: { kind: 'delay', ms: '1' } }],
    ['has a status that HTTP does not know', { fault: { kind: 'empty', status: 1 } }],
    [
      'has a header that HTTP cannot carry',
      { fault: { kind: 'status', status: 200, headers: { 'a b': '' } } },
    ],
    ['drips nothing', { fault: { kind: 'slow-drip', bytesPerTick: 0 } }],
    ['limits by something else', { fault: { kind: 'rate-limited', strategy: 'user' } }],
    ['names members by numbers', { fault: { kind: 'wrong-types', members: [1] } }],
    ['matches a number', { fault: { kind: 'hang' }, match: { jobInstanceId: 100 } }],
    ['matches something else', { fault: { kind: 'hang' }, match: { tenant: 'system' } }],
    ['comes from nowhere', { fault: { kind: 'hang' }, match: { frontDoor: 'apigw-v4' } }],
    ['never happens', { fault: { kind: 'hang' }, times: 0 }],
  ])('is refused with a reason: it %s', async (_what, injection) => {
    const { status, value } = await control('POST', 'faults', injection);
    expect(status).toBe(400);
    expect(value).toEqual({ message: expect.stringMatching(/^.{10,}/) });
    expect((await ask(simulator, asked)).status).toBe(200);
  });
});

it('every kind of fault can be added', async () => {
  const faults = [
    { kind: 'delay', ms: 1 },
    { kind: 'hang' },
    { kind: 'reset' },
    { kind: 'truncated', chunked: true },
    { kind: 'html' },
    { kind: 'empty' },
    { kind: 'status', status: 418, body: '', headers: { 'X-A': 'b' } },
    { kind: 'rate-limited', resetSeconds: 3, strategy: 'stage' },
    { kind: 'wrong-types', members: ['ip'] },
    { kind: 'slow-drip', bytesPerTick: 1, tickMs: 0 },
    { kind: 'not-json' },
    { kind: 'oversized', bytes: 10 },
    { kind: 'envelope', code: 1240002, message: 'x' },
    { kind: 'sample', status: 200, headers: {}, body: '' },
  ];
  for (const fault of faults) expect((await control('POST', 'faults', { fault })).status).toBe(200);
});

it('other paths tell which ones there are', async () => {
  for (const [method, path] of [
    ['GET', ''],
    ['PUT', 'faults'],
    ['GET', '../constructor'],
  ] as const) {
    const { status, value } = await control(method, path);
    expect(status).toBe(404);
    expect(value).toMatchObject({ paths: expect.arrayContaining(['GET /simulator/calls']) });
  }
});
