import { request } from 'node:http';
import { once } from 'node:events';
import { parse } from 'lossless-json';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator, type SimulatorFault } from '../../../src/simulator/index.ts';
import { ask, codeOf, gatewayPath, jsonOf, send } from './ask.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ now: () => 1_800_000_000_000 });
});
afterEach(() => simulator.close());

const parameters = { bk_biz_id: 1, job_instance_id: 100, return_ip_result: true };
const asked = { parameters };

function inject(fault: SimulatorFault): void {
  simulator.faults.inject({ fault });
}

const lastCall = () => simulator.calls.all().at(-1)!;

/** The answer without the ids that differ from request to request. */
const dataOf = ({ text }: { text: string }) => (parse(text) as { data: unknown }).data;

/** Sends a request whose end is not awaited, and hands over what tells of it. */
function begin() {
  const outgoing = request(`${simulator.url}${gatewayPath}?bk_biz_id=1&job_instance_id=100`, {
    agent: false,
  });
  const failed = once(outgoing, 'error').then(([error]) => error as NodeJS.ErrnoException);
  outgoing.end();
  return { outgoing, failed };
}

describe('a fault', () => {
  it('delay answers as ever, later', async () => {
    const without = dataOf(await ask(simulator, asked));
    inject({ kind: 'delay', ms: 30 });
    const begun = performance.now();
    expect(dataOf(await ask(simulator, asked))).toEqual(without);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(29);
    expect(lastCall()).toMatchObject({ fault: 'delay', status: 200, code: 0 });
  });

  it('hang takes the request and answers nothing until the simulator ends', async () => {
    inject({ kind: 'hang' });
    const { failed } = begin();
    const other = ask(simulator, { ...asked, frontDoor: 'esb' }).catch((error: unknown) => error);
    while (simulator.calls.all().length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(simulator.calls.all().map(({ fault, status, code }) => [fault, status, code])).toEqual([
      ['hang', null, null],
      ['hang', null, null],
    ]);
    await simulator.close();
    expect((await failed).code).toBe('ECONNRESET');
    expect(await other).toBeInstanceOf(Error);
  });

  it('reset cuts the connection before the answer', async () => {
    inject({ kind: 'reset' });
    await expect(ask(simulator, asked)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(lastCall()).toMatchObject({ fault: 'reset', status: null, code: null });
  });

  it.each([false, true])('truncated sends a half and cuts the connection, chunked: %s', async (chunked) => {
    const whole = (await ask(simulator, asked)).text;
    inject({ kind: 'truncated', chunked });
    const { headers, text } = await new Promise<{ headers: NodeJS.Dict<unknown>; text: string }>(
      (resolve, reject) => {
        const credentials = { bk_app_code: 'demo_app', bk_app_secret: 'demo_secret', bk_token: 'alice' };
        const query = 'bk_biz_id=1&job_instance_id=100&return_ip_result=true';
        const outgoing = request(`${simulator.url}${gatewayPath}?${query}`, {
          agent: false,
          headers: { 'X-Bkapi-Authorization': JSON.stringify(credentials) },
        });
        outgoing.on('error', reject);
        outgoing.on('response', (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          response.on('error', () => resolve({ headers: response.headers, text }));
          response.on('end', () => reject(new Error('The answer came whole.')));
        });
        outgoing.end();
      },
    );
    expect(text.length).toBe(Math.floor(whole.length / 2));
    expect(headers['content-length']).toBe(chunked ? undefined : String(whole.length));
    expect(headers['transfer-encoding']).toBe(chunked ? 'chunked' : undefined);
    expect(lastCall()).toMatchObject({ fault: 'truncated', status: 200 });
  });

  it('html is a page with status 502', async () => {
    inject({ kind: 'html' });
    const { status, headers, text } = await ask(simulator, asked);
    expect([status, headers['content-type']]).toEqual([502, 'text/html']);
    expect(text).toMatch(/^<html>/);
    expect(lastCall()).toMatchObject({ fault: 'html', status: 502, code: null });
  });

  it('empty is a status without a body', async () => {
    inject({ kind: 'empty', status: 401 });
    const answer = await ask(simulator, asked);
    expect([answer.status, answer.text, answer.headers['content-length']]).toEqual([401, '', '0']);
    simulator.faults.clear();
    inject({ kind: 'empty' });
    expect((await ask(simulator, asked)).status).toBe(502);
  });

  it('status carries the body and the headers that it is given', async () => {
    inject({ kind: 'status', status: 302, headers: { Location: 'http://192.0.2.1/' }, body: 'elsewhere' });
    const { status, headers, text } = await ask(simulator, asked);
    expect([status, headers['location'], text]).toEqual([302, 'http://192.0.2.1/', 'elsewhere']);
  });

  it.each([
    ['apigw-v3', 429],
    ['esb', 200],
  ] as const)("rate-limited is the gateway's envelope; at %s with status %i", async (frontDoor, status) => {
    inject({ kind: 'rate-limited', resetSeconds: 37 });
    const answer = await ask(simulator, { ...asked, frontDoor });
    expect(answer.status).toBe(status);
    expect(jsonOf(answer)).toMatchObject({ code_name: 'RATE_LIMIT_RESTRICTION', result: false, data: null });
    expect(answer.headers).toMatchObject({
      'x-bkapi-ratelimit-limit': '100',
      'x-bkapi-ratelimit-remaining': '0',
      'x-bkapi-ratelimit-reset': '37',
      'x-bkapi-ratelimit-plugin': 'bk-resource-rate-limit',
    });
    expect(lastCall()).toMatchObject({ status, code: 1642903 });
  });

  it('wrong-types changes the type of the members that it names and of no other', async () => {
    const right = JSON.parse((await ask(simulator, asked)).text) as { data: object };
    inject({
      kind: 'wrong-types',
      members: ['finished', 'status', 'ip', 'step_ip_result_list', 'bk_biz_id'],
    });
    const wrong = JSON.parse((await ask(simulator, asked)).text) as { data: object };
    expect(wrong.data).toEqual({
      ...right.data,
      finished: 'perhaps',
      job_instance: {
        ...(right.data as { job_instance: object }).job_instance,
        status: 'seven',
        bk_biz_id: 'seven',
      },
      step_instance_list: (right.data as { step_instance_list: object[] }).step_instance_list.map((step) => ({
        ...step,
        status: 'seven',
        step_ip_result_list: { unexpected: true },
      })),
    });
    simulator.faults.clear();
    inject({ kind: 'wrong-types', members: ['data', 'job_request_id', 'end_time'] });
    const answer = await ask(simulator, { parameters: { bk_biz_id: 2, job_instance_id: '20000000001' } });
    expect(JSON.parse(answer.text)).toEqual({
      code: 0,
      result: true,
      job_request_id: 7,
      data: ['unexpected'],
    });
    simulator.faults.clear();
    inject({ kind: 'wrong-types', members: ['end_time'] });
    const waiting = await ask(simulator, { parameters: { bk_biz_id: 2, job_instance_id: '20000000001' } });
    expect(waiting.text).toContain('"end_time":{"unexpected":true}');
  });

  it('slow-drip sends the same, a few bytes at a time', async () => {
    const without = dataOf(await ask(simulator, asked));
    inject({ kind: 'slow-drip', bytesPerTick: 200, tickMs: 1 });
    expect(dataOf(await ask(simulator, asked))).toEqual(without);
    simulator.faults.clear();
    inject({ kind: 'slow-drip', bytesPerTick: 1, tickMs: 60_000 });
    const { outgoing, failed } = begin();
    const response = new Promise((resolve) => outgoing.on('response', resolve));
    await response;
    outgoing.destroy(new Error('enough'));
    expect((await failed).message).toBe('enough');
  });

  it('not-json is called JSON and is none', async () => {
    inject({ kind: 'not-json' });
    const { status, headers, text } = await ask(simulator, asked);
    expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });

  it('oversized is the same answer, as large as it is told to be', async () => {
    const without = dataOf(await ask(simulator, asked));
    inject({ kind: 'oversized', bytes: 3_000_000 });
    const answer = await ask(simulator, asked);
    expect(answer.text.length).toBe(3_000_000);
    expect(dataOf(answer)).toEqual(without);
  });

  it.each([
    ['apigw-v3', 1640302, 403, { code_name: 'CROSS_TENANT_FORBIDDEN', message: 'Cross tenant forbidden' }],
    ['apigw-v3', 1650401, 504, { code_name: 'REQUEST_BACKEND_TIMEOUT' }],
    ['esb', 1640001, 200, { code_name: 'INVALID_ARGS' }],
    ['apigw-v3', 1252001, 200, { result: false, job_request_id: expect.any(String) }],
    ['apigw-v3', 1247002, 401, { result: false }],
    ['esb', 1211001, 200, { data: null, request_id: expect.any(String), job_request_id: expect.any(String) }],
    ['esb', 1306429, 200, { data: null, request_id: expect.any(String) }],
  ] as const)('envelope at %s speaks number %i in its own shape', async (frontDoor, code, status, shape) => {
    inject({ kind: 'envelope', code });
    const answer = await ask(simulator, { ...asked, frontDoor });
    expect(answer.status).toBe(status);
    expect(jsonOf(answer)).toMatchObject(shape);
    expect(codeOf(answer)).toBe(code);
    expect(lastCall()).toMatchObject({ fault: 'envelope', code });
  });

  it('envelope says what it is told to say', async () => {
    for (const code of [1640001, 1240002, 1306000]) {
      simulator.faults.clear();
      inject({ kind: 'envelope', code, message: 'as told' });
      expect(jsonOf(await ask(simulator, asked))['message']).toBe('as told');
    }
  });

  it('sample is exactly what it is given', async () => {
    const body = '{"result":true,"code":0,"data":{"job_instance":{"job_instance_id":9007199254740993}}}';
    inject({
      kind: 'sample',
      status: 203,
      headers: { 'X-Of-The-Sample': 'yes', 'Content-Length': '0' },
      body,
    });
    const { status, headers, text } = await ask(simulator, asked);
    expect([status, headers['x-of-the-sample'], text]).toEqual([203, 'yes', body]);
    expect(lastCall()).toMatchObject({ fault: 'sample', status: 203, code: 0 });
  });
});

describe('faults', () => {
  const isCut = (answer: { text: string }) => answer.text.startsWith('<html>');
  const fault = { kind: 'html' } as const;

  it.each([
    [{ jobInstanceId: '100' }, { parameters: { ...parameters, job_instance_id: 101 } }],
    [{ returnIpResult: true }, { parameters: { ...parameters, return_ip_result: false } }],
    [{ frontDoor: 'apigw-v3' }, { parameters, frontDoor: 'esb' }],
    [{ user: 'alice' }, { parameters, token: 'bob' }],
    [
      { user: 'alice', jobInstanceId: '100' },
      { parameters, token: null },
    ],
  ] as const)('that match %j meet no other request', async (match, other) => {
    simulator.faults.inject({ match, fault });
    expect(isCut(await ask(simulator, other))).toBe(false);
    expect(isCut(await ask(simulator, asked))).toBe(true);
    expect(isCut(await ask(simulator, asked))).toBe(true);
  });

  it('happen as often as they are told to', async () => {
    simulator.faults.inject({ fault, times: 2 });
    const cut: boolean[] = [];
    for (let count = 0; count < 3; count += 1) cut.push(isCut(await ask(simulator, asked)));
    expect(cut).toEqual([true, true, false]);
    expect(simulator.calls.all().map((call) => call.fault)).toEqual(['html', 'html', null]);
  });

  it('happen in the order in which they were added', async () => {
    simulator.faults.inject({ fault: { kind: 'empty', status: 503 }, times: 1 });
    simulator.faults.inject({ fault });
    expect((await ask(simulator, asked)).status).toBe(503);
    expect((await ask(simulator, asked)).status).toBe(502);
  });

  it('are over when they are cleared', async () => {
    simulator.faults.inject({ fault });
    simulator.faults.clear();
    expect((await ask(simulator, asked)).status).toBe(200);
  });

  it.each([
    { kind: 'empty', status: 99 },
    { kind: 'status', status: 600 },
    { kind: 'sample', status: 200, headers: { 'no name': 'x' }, body: '' },
    { kind: 'status', status: 200, headers: { 'X-Name': 'two\nlines' } },
  ] as const)('that HTTP cannot carry are refused: %j', (wrong) => {
    expect(() => simulator.faults.inject({ fault: wrong })).toThrow();
  });

  it('meet no control path', async () => {
    simulator.faults.inject({ fault });
    expect((await send(`${simulator.url}/simulator/calls`)).status).toBe(200);
  });
});
