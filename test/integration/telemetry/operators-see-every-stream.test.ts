import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from 'graphql-ws';
import { addControlledJob, type ControlledJob } from '../../support/live/controlled-job.ts';
import { connect, followOverSocket, type Followed } from '../../support/live/follow-over-socket.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestService, type LogLine, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
let job: ControlledJob;
let client: Client;
let isEnded: boolean;

beforeEach(async () => {
  service = await startTestService({ environment: { BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0' } });
  job = addControlledJob(service.simulator);
  client = connect(new URL('/ws', service.graphqlUrl).href.replace('http', 'ws'));
  isEnded = false;
});
afterEach(end);

async function end(): Promise<void> {
  if (isEnded) return;
  isEnded = true;
  await client.dispose();
  await service[Symbol.asyncDispose]();
}

const query = `subscription Follow {
  jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42") { phase }
}`;
const follow = (asked = query): Followed => followOverSocket(client, asked);
const lines = (): readonly LogLine[] => service.logged.filter(({ msg }) => msg === 'request');

/** The one line that there is in the end. */
async function line(): Promise<LogLine> {
  await eventually(() => {
    expect(lines().length).toBeGreaterThan(0);
  });
  expect(lines().length).toBe(1);
  return lines()[0]!;
}

async function metric(name: string): Promise<number> {
  const page = (await service.telemetry.metricsPage()).split('\n');
  const found = page.find((one) => one.startsWith(`${name} `));
  return Number(found?.slice(name.length) ?? 0);
}

const counted = (code: string) =>
  metric(`bkjob_gql_operations_total{operation_type="subscription",operation_name="Follow",code="${code}"}`);

function stream(accept: string, signal: AbortSignal | null = null): Promise<Response> {
  return fetch(service.graphqlUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept,
      'x-bkapi-authorization': '{"bk_token":"alice"}',
    },
    body: JSON.stringify({ query }),
    signal,
  });
}

const ofFollowing = {
  operation: 'subscription',
  name: 'Follow',
  caller: expect.stringMatching(/^[\w-]{10}$/),
};

describe('a subscription of a socket', () => {
  it('is a line of the log when it is over, and is none before', async () => {
    const followed = follow();
    await followed.until(1);
    expect(lines()).toEqual([]);
    expect(await metric('http_server_active_requests')).toBe(0);
    expect(await metric('bkjob_gql_subscriptions_active{transport="websocket"}')).toBe(1);
    job.become(3);
    await followed.completed;
    const expected = { ...ofFollowing, transport: 'websocket', code: 'ok', status: 200 };
    expect(await line()).toMatchObject({ ...expected, durationMs: expect.any(Number) });
    expect(await counted('ok')).toBe(1);
    const duration = 'http_server_request_duration_seconds_count';
    expect(await metric(`${duration}{transport="websocket",http_response_status_code="200"}`)).toBe(1);
  });

  it('has the code with which it ended', async () => {
    const followed = follow();
    await followed.until(1);
    job.remove();
    await followed.completed;
    expect(await line()).toMatchObject({ ...ofFollowing, code: 'NOT_FOUND', status: 200 });
    expect([await counted('NOT_FOUND'), await counted('ok')]).toEqual([1, 0]);
  });

  it.each(['is stopped by its client', 'is left with its socket'])(
    'has status 499 where it %s',
    async (how) => {
      const followed = follow();
      await followed.until(1);
      if (how === 'is stopped by its client') followed.stop();
      else client.terminate();
      expect(await line()).toMatchObject({ ...ofFollowing, code: 'ok', status: 499 });
    },
  );

  it('has not, where it is told to go on elsewhere', async () => {
    await follow().until(1);
    await end();
    expect(await line()).toMatchObject({ ...ofFollowing, code: 'ok', status: 200 });
  });

  it('that is refused is a line at once', async () => {
    await expect(follow('subscription Follow { no }').completed).rejects.toBeDefined();
    expect(await line()).toMatchObject({ transport: 'websocket', code: 'GRAPHQL_VALIDATION_FAILED' });
  });
});

describe.each([
  ['sse', 'text/event-stream'],
  ['multipart', 'multipart/mixed;subscriptionSpec=1.0'],
])('a subscription over HTTP (%s)', (transport, accept) => {
  it('is a line of its transport when it is over, with the code with which it ended', async () => {
    const response = await stream(accept);
    const reader = response.body!.getReader();
    await reader.read();
    expect(lines()).toEqual([]);
    expect(await metric('http_server_active_requests')).toBe(0);
    job.remove();
    while (!(await reader.read()).done);
    expect(await line()).toMatchObject({ ...ofFollowing, transport, code: 'NOT_FOUND', status: 200 });
    expect([await counted('NOT_FOUND'), await counted('ok')]).toEqual([1, 0]);
  });

  it('has status 499 where its client leaves', async () => {
    const leaving = new AbortController();
    const response = await stream(accept, leaving.signal);
    await response.body!.getReader().read();
    leaving.abort();
    expect(await line()).toMatchObject({ ...ofFollowing, transport, code: 'ok', status: 499 });
  });
});
