import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const mebibyte = 1024 ** 2;

/** As much as a message may hold, which takes more than a mebibyte when it has been read. */
const much = Array.from({ length: 20_000 }, () => ({}));

async function heapUsed(): Promise<number> {
  await nextTurn();
  collect();
  return process.memoryUsage().heapUsed;
}

/** A socket of somebody, and how to have so many messages come on it. */
async function signIn({ graphqlUrl }: TestService, more: object = {}) {
  const url = new URL('/ws', graphqlUrl).href.replace('http', 'ws');
  const socket = new WebSocket(url, 'graphql-transport-ws');
  let count = 0;
  let tellNext = (): void => undefined;
  socket.on('message', () => {
    count += 1;
    tellNext();
  });
  const come = async (messages: number): Promise<void> => {
    while (count < messages) {
      await new Promise<void>((resolve) => {
        tellNext = resolve;
      });
    }
  };
  const tell = (message: object): void => {
    socket.send(JSON.stringify(message));
  };
  await new Promise((resolve) => socket.once('open', resolve));
  tell({ type: 'connection_init', payload: { 'X-Bkapi-Authorization': '{"bk_token":"alice"}', ...more } });
  await come(1);
  return { tell, come };
}

async function startService(): Promise<TestService> {
  const service = await startTestService({
    environment: { BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0' },
  });
  addControlledJob(service.simulator);
  return service;
}

const query = 'subscription { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42") { phase } }';

it('of its first message a socket keeps who is on it', async () => {
  await using service = await startService();
  await signIn(service, { much });
  const before = await heapUsed();
  for (let socket = 0; socket < 20; socket++) await signIn(service, { much });
  expect((await heapUsed()) - before).toBeLessThan(8 * mebibyte);
});

it.each([
  ['beside what it asks for', { much, payload: { query } }],
  ['beside its text', { payload: { query, much } }],
  ['in extensions', { payload: { query, extensions: { much } } }],
  ['in variables that there are not', { payload: { query, variables: { much } } }],
])(
  'of a message that follows a job a socket keeps what it asks for: not what stands %s',
  async (_where, more) => {
    await using service = await startService();
    const { tell, come } = await signIn(service);
    const before = await heapUsed();
    for (let stream = 0; stream < 20; stream++) {
      tell({ id: String(stream), type: 'subscribe', ...more });
      await come(stream + 2);
    }
    expect((await heapUsed()) - before).toBeLessThan(8 * mebibyte);
  },
);
