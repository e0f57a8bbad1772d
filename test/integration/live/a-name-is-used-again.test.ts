import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';
import { until } from '../../support/eventually.ts';

const authorization = '{"bk_token":"alice"}';

/** A service with one place to begin in, which is taken until it is let go. */
async function startFull() {
  const service = await startTestService({
    environment: {
      BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0',
      BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__QUEUE__MAX: '8',
      BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__QUEUE__MAX_WAIT: '1m',
      BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__CONCURRENCY_LIMIT: '1',
    },
  });
  addControlledJob(service.simulator);
  service.simulator.faults.inject({ fault: { kind: 'delay', ms: 30_000 }, times: 1 });
  const controller = new AbortController();
  const query = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { phase } }';
  const kept = fetch(service.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-bkapi-authorization': authorization },
    body: JSON.stringify({ query }),
    signal: controller.signal,
  }).catch(() => null);
  await until(() => service.simulator.calls.all().length === 1);
  const letGo = async (): Promise<void> => {
    controller.abort();
    await kept;
  };
  return { service, letGo };
}

interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** A socket that was told who is on it, and what comes on it. */
async function signIn({ graphqlUrl }: TestService) {
  const url = new URL('/ws', graphqlUrl).href.replace('http', 'ws');
  const socket = new WebSocket(url, 'graphql-transport-ws');
  const messages: Message[] = [];
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as Message);
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const tell = (message: object): void => {
    socket.send(JSON.stringify(message));
  };
  const types = (): readonly string[] => messages.map(({ type }) => type);
  tell({ type: 'connection_init', payload: { 'X-Bkapi-Authorization': authorization } });
  await until(() => messages.length === 1);
  const leave = (): Promise<number> => {
    socket.close();
    return closed;
  };
  return { closed, tell, messages, types, leave };
}

const subscribe = (id = '1', selection = 'observedAt') => ({
  id,
  type: 'subscribe',
  payload: {
    query: `subscription { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42") { ${selection} } }`,
  },
});
const complete = { id: '1', type: 'complete' };

async function readersOf({ telemetry }: TestService): Promise<string | undefined> {
  return /^bkjob_gql_live_readers (\d+)$/m.exec(await telemetry.metricsPage())?.[1];
}

it("a name whose operation its client has ended before it began is the next one's when that is over", async () => {
  const { service, letGo } = await startFull();
  await using _service = service;
  const { tell, messages, types } = await signIn(service);
  for (const message of [subscribe(), complete, subscribe('1', 'second: observedAt')]) tell(message);
  await letGo();
  await until(() => types().length > 1);
  expect(messages[1]).toMatchObject({
    id: '1',
    payload: { data: { jobInstanceUpdated: { second: expect.any(String) as string } } },
  });
  await expect.poll(() => readersOf(service)).toBe('1');
  tell(complete);
  await expect.poll(() => readersOf(service)).toBe('0');
  expect(types()).toEqual(['connection_ack', 'next']);
});

it('what waits for its name to be free is nothing to be read where its client ends it, too, or leaves', async () => {
  const { service, letGo } = await startFull();
  await using _service = service;
  const ended = await signIn(service);
  for (const message of [subscribe(), complete, subscribe(), complete]) ended.tell(message);
  const left = await signIn(service);
  for (const message of [subscribe(), complete, subscribe()]) left.tell(message);
  await left.leave();
  await letGo();
  ended.tell({ type: 'ping' });
  await until(() => ended.types().includes('pong'));
  expect((await service.query('{ __typename }')).status).toBe(200);
  await expect.poll(() => readersOf(service)).toBe('0');
  expect(ended.types()).toEqual(['connection_ack', 'pong']);
});

it.each([
  ['while one of that name goes on', [subscribe(), subscribe()]],
  ['while another one waits for it', [subscribe(), complete, subscribe(), subscribe()]],
])('a name is not given twice: %s', async (_what, messages) => {
  const { service, letGo } = await startFull();
  await using _service = service;
  const { closed, tell } = await signIn(service);
  for (const message of messages) tell(message);
  expect(await closed).toBe(4409);
  await letGo();
  expect((await service.query('{ __typename }')).status).toBe(200);
  await expect.poll(() => readersOf(service)).toBe('0');
});

it('a name is free when its operation is over', async () => {
  const { service, letGo } = await startFull();
  await using _service = service;
  await letGo();
  const { tell, types } = await signIn(service);
  for (let time = 1; time <= 3; time++) {
    tell(subscribe());
    await until(() => types().length > time);
    tell(complete);
    await expect.poll(() => readersOf(service)).toBe('0');
  }
  expect(types()).toEqual(['connection_ack', 'next', 'next', 'next']);
});

it('a name that is too long to be told with the end of its socket is not', async () => {
  const { service, letGo } = await startFull();
  await using _service = service;
  await letGo();
  const { closed, tell } = await signIn(service);
  const id = '作'.repeat(500);
  for (const message of [subscribe(id), subscribe(id)]) tell(message);
  expect(await closed).toBe(4409);
});
