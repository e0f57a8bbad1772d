import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ environment: { BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0' } });
});
afterAll(() => service[Symbol.asyncDispose]());

const signIn = { 'x-bkapi-authorization': '{"bk_token":"alice"}' };

const query = `subscription ($id: ID!) { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: $id) { jobInstanceId } }`;

/** The first message of an operation of alice, asked for with these variables as they stand. */
function followBySocket(variables: string): Promise<unknown> {
  const socket = new WebSocket(new URL('/ws', service.graphqlUrl), 'graphql-transport-ws', {
    headers: signIn,
  });
  socket.once('open', () => {
    socket.send('{"type":"connection_init"}');
  });
  return new Promise((resolve, reject) => {
    socket.once('close', reject);
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { readonly type: string; readonly payload: unknown };
      if (message.type === 'connection_ack') {
        const payload = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
        socket.send(`{"id":"1","type":"subscribe","payload":${payload}}`);
      } else {
        socket.removeListener('close', reject);
        socket.close();
        resolve(message.payload);
      }
    });
  });
}

/** The same by events of a stream that a URL asks for. */
async function followByUrl(variables: string): Promise<unknown> {
  const url = new URL(service.graphqlUrl);
  url.search = new URLSearchParams({ query, variables }).toString();
  const response = await fetch(url, {
    headers: { ...signIn, accept: 'text/event-stream', 'apollo-require-preflight': 'x' },
  });
  if (response.status !== 200) return { status: response.status, ...((await response.json()) as object) };
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value = '' } = await reader.read();
    text += value;
    const data = /^data: (.+)$/m.exec(text)?.[1];
    if (data !== undefined) {
      await reader.cancel();
      return JSON.parse(data);
    }
  }
}

describe.each([
  ['a WebSocket', followBySocket],
  ['a stream that a URL asks for', followByUrl],
])('over %s', (_way, follow) => {
  it.each(['9007199254740993', '"9007199254740993"'])(
    'a job is followed by the id that its client has sent as %s, digit by digit',
    async (id) => {
      addControlledJob(service.simulator, '9007199254740993');
      addControlledJob(service.simulator, '9007199254740992');
      expect(await follow(`{"id":${id}}`)).toEqual({
        data: { jobInstanceUpdated: { jobInstanceId: '9007199254740993' } },
      });
    },
  );
});

it.each([
  ['no JSON', '{"id": 9007199254740993x}'],
  ['no object', '[9007199254740993]'],
  ['deeper than those of a body', `{"id": 1, "a": ${'['.repeat(100)}${']'.repeat(100)}}`],
])('variables that are %s are refused in the URL of a stream', async (_case, variables) => {
  expect(await followByUrl(variables)).toMatchObject({
    status: 400,
    errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
  });
});
