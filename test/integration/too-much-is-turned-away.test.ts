import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/start-test-service.ts';

const plain = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { phase } }';
const withHosts =
  '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { ipResultSummary { total } } }';

const traffic = (settings: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__${name}`, value]),
  );

const noLine = { QUEUE__MAX: '0' };
const onePlace = traffic({ ...noLine, CONCURRENCY_LIMIT: '1' });

/**
 * Asks, as alice, for something that bk-job does not answer while it is needed; resolves when bk-job has been asked.
 * Whoever disposes of it leaves.
 */
async function occupy(service: TestService, document: string): Promise<AsyncDisposable> {
  const asked = service.simulator.calls.all().length;
  service.simulator.faults.inject({ fault: { kind: 'delay', ms: 3000 }, times: 1 });
  const controller = new AbortController();
  const answer = fetch(service.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-bkapi-authorization': '{"bk_token":"alice"}' },
    body: JSON.stringify({ query: document }),
    signal: controller.signal,
  });
  const ended = answer.then(
    () => undefined,
    () => undefined,
  );
  await expect.poll(() => service.simulator.calls.all().length).toBe(asked + 1);
  return {
    [Symbol.asyncDispose]: async () => {
      controller.abort();
      await ended;
    },
  };
}

/** Begins to send a request whose body would be of so many bytes, and sends so many of them. */
function beginLargeBody({ graphqlUrl }: TestService, bytes: number, sent: number): Socket {
  const { hostname, port } = new URL(graphqlUrl);
  const head = `POST /graphql HTTP/1.1\r\nhost: service\r\ncontent-type: application/json\r\ncontent-length: ${String(bytes)}`;
  const client = connect(Number(port), hostname).resume();
  client.write(`${head}\r\n\r\n${'x'.repeat(sent)}`);
  return client;
}

type Names = readonly PropertyKey[];

/** Asks on a connection of its own; gives the names of all that its socket and its answer have then, in their order. */
async function askForShapes(service: TestService, wanted: number): Promise<readonly Names[]> {
  const shapes: (readonly Names[])[] = [];
  const { port } = new URL(service.graphqlUrl);
  const finished = (message: unknown): void => {
    const { socket, response } = message as { readonly socket: Socket; readonly response: ServerResponse };
    if (String(socket.localPort) === port) shapes.push([socket, response].map(Reflect.ownKeys));
  };
  subscribe('http.server.response.finish', finished);
  try {
    const { status } = await service.query(plain, { token: 'bob', headers: { connection: 'close' } });
    expect(status).toBe(wanted);
    await expect.poll(() => shapes).toHaveLength(1);
  } finally {
    unsubscribe('http.server.response.finish', finished);
  }
  return shapes[0] ?? [];
}

const rateLimited = { code: 'RATE_LIMITED', retryable: true, retryAfter: 1000 };

describe('an operation for which there is no place', () => {
  it('is told so in the shape of GraphQL, with a time to come back, and bk-job is not asked', async () => {
    await using service = await startTestService({ environment: onePlace });
    await using _occupied = await occupy(service, plain);
    const { status, headers, body } = await service.query(plain, { token: 'bob' });
    expect(status).toBe(429);
    expect(headers['retry-after']).toBe('1');
    expect(headers['cache-control']).toBe('private, no-store');
    expect(body).toEqual({ errors: [{ message: expect.any(String), extensions: rateLimited }] });
    expect(service.simulator.calls.all()).toHaveLength(1);
  });

  it('is counted, logged and numbered like every other request, whoever is told first', async () => {
    await using service = await startTestService({ environment: onePlace });
    await using _occupied = await occupy(service, plain);
    const bySelf = await service.query(plain, { token: 'bob', headers: { 'x-request-id': 'turned-away-1' } });
    const byPage = await service.query(plain, {
      token: 'bob',
      headers: { 'x-request-id': 'turned-away-2', origin: 'https://elsewhere.example.com' },
    });
    // From a page it goes the long way, where CORS has a say; everybody else is turned away before that.
    for (const { status, headers } of [bySelf, byPage]) {
      expect(status).toBe(429);
      expect(headers).toMatchObject({
        'content-type': 'application/graphql-response+json; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'retry-after': '1',
      });
    }
    expect(bySelf.body).toEqual(byPage.body);
    expect(bySelf.headers['x-request-id']).toBe('turned-away-1');
    const told = () => service.logged.filter(({ code }) => code === 'RATE_LIMITED');
    await expect.poll(told).toHaveLength(2);
    expect(told()).toMatchObject([
      { requestId: 'turned-away-1', transport: 'http', status: 429, calls: 0 },
      { requestId: 'turned-away-2', transport: 'http', status: 429, calls: 0 },
    ]);
  });

  it('is answered in the shape of all others, by what V8 has compiled for them', async () => {
    await using service = await startTestService({ environment: onePlace });
    const answered = await askForShapes(service, 200);
    await using _occupied = await occupy(service, plain);
    expect(await askForShapes(service, 429)).toEqual(answered);
  });

  it('says the same where its document had to be read to know', async () => {
    const environment = traffic({ ...noLine, CONCURRENCY_LIMIT: '4', PER_IDENTITY_CONCURRENCY: '3' });
    await using service = await startTestService({ environment });
    await using _first = await occupy(service, withHosts);
    await using _second = await occupy(service, withHosts.replace('20000000004', '20000000011'));
    const { status, headers, body } = await service.query(withHosts, { token: 'bob' });
    expect(status).toBe(429);
    expect(headers['retry-after']).toBe('1');
    expect(body.errors?.[0]?.extensions).toEqual(rateLimited);
    // Those without hosts have places of their own.
    expect((await service.query(plain)).body.data).toEqual({ jobInstance: { phase: 'FAILED' } });
  });

  it('takes no place from health, which says that it is not ready while too many are turned away', async () => {
    const environment = { ...onePlace, BKJOB_GQL__HEALTH_CHECK__READINESS__ALLOWED: '2' };
    await using service = await startTestService({ environment });
    await using _occupied = await occupy(service, plain);
    const ready = async () => (await fetch(`${service.healthUrl}?ready`)).status;
    expect(await ready()).toBe(200);
    for (const token of ['bob', 'carol', 'dave']) await service.query(plain, { token });
    expect(await ready()).toBe(503);
    expect((await fetch(`${service.healthUrl}?live`)).status).toBe(200);
  });
});

it('a caller with as many under way as one may have is turned away, and others are not', async () => {
  const environment = traffic({ ...noLine, PER_IDENTITY_CONCURRENCY: '1' });
  await using service = await startTestService({ environment });
  await using _occupied = await occupy(service, plain);
  const refused = await service.query(withHosts, { token: 'alice' });
  expect(refused.status).toBe(429);
  expect(refused.body.errors?.[0]?.extensions).toEqual(rateLimited);
  const { status, body } = await service.query(withHosts, { token: 'bob' });
  expect(status).toBe(200);
  expect(body.errors?.[0]?.extensions['code']).not.toBe('RATE_LIMITED');
});

it('a place is free again when the answer is there, and when the client has left', async () => {
  await using service = await startTestService({ environment: onePlace });
  for (let time = 0; time < 3; time++) expect((await service.query(plain)).status).toBe(200);
  await using occupied = await occupy(service, plain);
  expect((await service.query(plain, { token: 'bob' })).status).toBe(429);
  await occupied[Symbol.asyncDispose]();
  await expect.poll(async () => (await service.query(plain, { token: 'bob' })).status).toBe(200);
});

it('what a caller may spend is charged by the price of operations, where that is wanted', async () => {
  await using service = await startTestService({
    environment: {
      BKJOB_GQL__DEMAND_CONTROL__MAX: '100',
      BKJOB_GQL__DEMAND_CONTROL__PER_IDENTITY__CAPACITY: '100',
      BKJOB_GQL__DEMAND_CONTROL__PER_IDENTITY__REFILL_PER_SECOND: '1',
    },
  });
  const outcomes: number[] = [];
  for (let time = 0; time < 101; time++) outcomes.push((await service.query(plain)).status);
  expect(outcomes[0]).toBe(200);
  expect(outcomes.at(-1)).toBe(429);
  const { headers, body } = await service.query(plain);
  expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect((await service.query(plain, { token: 'bob' })).status).toBe(200);
});

it('bodies that do not come take nothing from others, and of those that stop the first makes room', async () => {
  await using service = await startTestService({
    environment: { BKJOB_GQL__LIMITS__HTTP_MAX_REQUEST_BYTES: '16KiB' },
  });
  const clients = Array.from({ length: 64 }, () => beginLargeBody(service, 16_384, 0));
  try {
    await Promise.all(clients.map((client) => once(client, 'connect')));
    const variables = { unused: 'x'.repeat(10_000) };
    expect((await service.query(plain, { variables })).status).toBe(200);
    const slow = Array.from({ length: 65 }, () => beginLargeBody(service, 16_384, 16_383));
    clients.push(...slow);
    await Promise.race(slow.map((client) => once(client, 'close')));
    expect((await service.query(plain, { variables })).status).toBe(200);
    expect(clients.filter(({ closed }) => closed).length).toBeLessThanOrEqual(2);
  } finally {
    for (const client of clients) client.destroy();
  }
});

it('health can be told at an address of its own', async () => {
  await using service = await startTestService({
    environment: { BKJOB_GQL__HEALTH_CHECK__LISTEN: '127.0.0.1:0' },
  });
  expect(new URL(service.healthUrl).port).not.toBe(new URL(service.graphqlUrl).port);
  expect(await (await fetch(`${service.healthUrl}?ready`)).json()).toEqual({ status: 'UP' });
  expect((await fetch(new URL('/health', service.graphqlUrl))).status).toBe(404);
  expect((await fetch(new URL('/graphql', service.healthUrl))).status).toBe(404);
  service.stopBeingReady();
  expect((await fetch(`${service.healthUrl}?ready`)).status).toBe(503);
  expect((await fetch(service.healthUrl)).status).toBe(200);
});

it('the time that a client gives must be one', async () => {
  await using service = await startTestService();
  const headers = { 'x-request-timeout': 'soon' };
  const { status, body } = await service.query(plain, { headers });
  expect(status).toBe(400);
  expect(body.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', retryable: false });
  expect(service.simulator.calls.all()).toEqual([]);
});
