import { afterEach, describe, expect, it } from 'vitest';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { followOverSocket, type Followed } from '../../support/live/follow-over-socket.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

const traffic = (settings: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__${name}`, value]),
  );
const onePlace = traffic({ QUEUE__MAX: '0', CONCURRENCY_LIMIT: '1' });

const follow = (job = '42', selection = 'phase') =>
  `subscription { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "${job}") { ${selection} } }`;
const phase = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { phase } }';

let clients: Client[] = [];
afterEach(async () => {
  for (const client of clients) await client.dispose();
  clients = [];
});

async function start(environment: Readonly<Record<string, string>>): Promise<TestService> {
  const service = await startTestService({
    environment: { BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0', ...environment },
  });
  for (const job of ['42', '43', '44']) addControlledJob(service.simulator, job);
  return service;
}

function followOn({ graphqlUrl }: TestService, query: string, token = 'alice'): Followed {
  const client = createClient({
    url: new URL('/ws', graphqlUrl).href.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { 'X-Bkapi-Authorization': JSON.stringify({ bk_token: token }) },
  });
  clients.push(client);
  return followOverSocket(client, query);
}

function stream({ graphqlUrl }: TestService, query: string, signal?: AbortSignal): Promise<Response> {
  return fetch(graphqlUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'x-bkapi-authorization': '{"bk_token":"alice"}',
    },
    body: JSON.stringify({ query }),
    ...(signal !== undefined && { signal }),
  });
}

/** Has a start wait for bk-job, which is asked and takes its time. */
async function hold(service: TestService, query = follow()): Promise<Followed> {
  const asked = service.simulator.calls.all().length;
  service.simulator.faults.inject({ fault: { kind: 'delay', ms: 900 }, times: 1 });
  const held = followOn(service, query);
  await expect.poll(() => service.simulator.calls.all().length).toBeGreaterThan(asked);
  return held;
}

const rateLimited = { code: 'RATE_LIMITED', retryable: true, retryAfter: 1000 };
const refusedSubscriptions = /bkjob_gql_subscriptions_rejected_total\{reason="overload"\} (\d+)/;

async function refusals({ telemetry }: TestService): Promise<number> {
  return Number(refusedSubscriptions.exec(await telemetry.metricsPage())?.[1] ?? 0);
}

describe('a subscription for whose start there is no place', () => {
  it('is refused on its socket, which stays, with a time to come back', async () => {
    await using service = await start(onePlace);
    await hold(service);
    const refused = followOn(service, follow('43'), 'bob');
    await expect(refused.completed).rejects.toEqual([
      { message: expect.any(String), extensions: rateLimited },
    ]);
    expect(await refusals(service)).toBe(1);
    expect(service.simulator.calls.all().map(({ jobInstanceId }) => jobInstanceId)).not.toContain('43');
  });

  it('is refused over HTTP as every request is', async () => {
    await using service = await start(onePlace);
    await hold(service);
    const response = await stream(service, follow('43'));
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual({
      errors: [{ message: expect.any(String), extensions: rateLimited }],
    });
  });

  it('is refused over HTTP where its document had to be read to know', async () => {
    await using service = await start(
      traffic({ QUEUE__MAX: '0', CONCURRENCY_LIMIT: '4', PER_IDENTITY_CONCURRENCY: '3' }),
    );
    await hold(service, follow('42', 'ipResultSummary { total }'));
    await hold(service, follow('43', 'ipResultSummary { total }'));
    const response = await stream(service, follow('44', 'ipResultSummary { total }'));
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: rateLimited }] });
    expect(await refusals(service)).toBe(1);
  });

  it('waits for a place as a request does, and begins when there is one', async () => {
    await using service = await start(
      traffic({ QUEUE__MAX: '8', QUEUE__MAX_WAIT: '1m', CONCURRENCY_LIMIT: '1' }),
    );
    const held = await hold(service);
    const waiting = followOn(service, follow('43'));
    await held.until(1);
    expect(await waiting.until(1)).toEqual({ data: { jobInstanceUpdated: { phase: 'RUNNING' } } });
  });

  it('leaves the line with its client', async () => {
    await using service = await start(
      traffic({ QUEUE__MAX: '8', QUEUE__MAX_WAIT: '1m', CONCURRENCY_LIMIT: '1' }),
    );
    const waiting = /\{class="plain",state="waiting"\} (\d+)/;
    const inLine = async () => Number(waiting.exec(await service.telemetry.metricsPage())?.[1] ?? NaN);
    // The place is kept by a request, since a start gives its own back after a while.
    service.simulator.faults.inject({ fault: { kind: 'delay', ms: 3000 }, times: 1 });
    const keeping = new AbortController();
    const kept = fetch(service.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-bkapi-authorization': '{"bk_token":"alice"}' },
      body: JSON.stringify({ query: phase }),
      signal: keeping.signal,
    }).catch(() => null);
    await expect.poll(() => service.simulator.calls.all().length).toBe(1);
    const leaving = new AbortController();
    const left = stream(service, follow('43'), leaving.signal).catch(() => null);
    await expect.poll(inLine).toBe(1);
    leaving.abort();
    await left;
    await expect.poll(inLine).toBe(0);
    keeping.abort();
    await kept;
  });
});

describe('a subscription that has begun', () => {
  it('takes no place from anybody', async () => {
    await using service = await start(onePlace);
    for (const job of ['42', '43', '44']) await followOn(service, follow(job)).until(1);
    const { status, body } = await service.query(phase);
    expect(status).toBe(200);
    expect(body.data).toEqual({ jobInstance: { phase: 'FAILED' } });
  });

  it('takes none either while it waits for a bk-job that cannot be read', async () => {
    await using service = await start(onePlace);
    service.simulator.faults.inject({ fault: { kind: 'reset' } });
    const followed = followOn(service, follow());
    await expect.poll(() => service.simulator.calls.all().length).toBeGreaterThan(0);
    // A place that is not given back would be the last.
    await expect.poll(async () => (await service.query('{ __typename }')).status).toBe(200);
    service.simulator.faults.clear();
    expect(await followed.until(1)).toMatchObject({ data: { jobInstanceUpdated: { phase: 'RUNNING' } } });
  });

  it('lets others in who ask for the same, before its first state is there', async () => {
    await using service = await start(traffic({ QUEUE__MAX: '0', CONCURRENCY_LIMIT: '2' }));
    const held = await hold(service);
    const others = Array.from({ length: 10 }, () => followOn(service, follow()));
    for (const other of [held, ...others]) expect(await other.until(1)).toHaveProperty('data');
    expect(await refusals(service)).toBe(0);
  });
});

it('a subscription that leaves out what it would follow is refused, and is no fault of this service', async () => {
  await using service = await start({});
  const nothing = follow().replace(') {', ') @skip(if: true) {');
  const response = await stream(service, nothing);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  await expect(followOn(service, nothing).completed).rejects.toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' } },
  ]);
  expect(service.reported).toEqual([]);
});

it('a subscription that follows something only if a variable says so is refused, and is no fault of this service', async () => {
  await using service = await start({});
  const followed = follow().slice(follow().indexOf('{'));
  for (const conditional of [
    followed.replace(') {', ') @include(if: $yes) {'),
    `{ ... @skip(if: $yes) ${followed} }`,
    `{ ...Followed } fragment Followed on Subscription { ...Deeper @include(if: $yes) } fragment Deeper on Subscription ${followed}`,
  ]) {
    const query = `subscription ($yes: Boolean = true) ${conditional}`;
    const response = await stream(service, query);
    const refused = {
      message: expect.stringContaining('must not depend on a variable') as string,
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    };
    expect(await response.json()).toMatchObject({ errors: [refused] });
    await expect(followOn(service, query).completed).rejects.toMatchObject([refused]);
    expect((await service.query(query)).body).toMatchObject({ errors: [refused] });
  }
  expect(service.reported).toEqual([]);
});
