import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ environment: { BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0' } });
});
afterAll(() => service[Symbol.asyncDispose]());

/** The first message of an operation of alice, asked for with these variables as they stand. */
function follow(variables: string): Promise<unknown> {
  const socket = new WebSocket(new URL('/ws', service.graphqlUrl), 'graphql-transport-ws', {
    headers: { 'x-bkapi-authorization': '{"bk_token":"alice"}' },
  });
  socket.once('open', () => {
    socket.send('{"type":"connection_init"}');
  });
  const query = `subscription ($id: ID!) { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: $id) { jobInstanceId } }`;
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
