import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/start-test-service.ts';

const limit = 64 * 1024;
const query = '{"query":"{ __typename }"}';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    environment: { BKJOB_GQL__LIMITS__HTTP_MAX_REQUEST_BYTES: String(limit) },
  });
});
afterAll(() => service[Symbol.asyncDispose]());

function connectTo({ graphqlUrl }: TestService): Socket {
  const { hostname, port } = new URL(graphqlUrl);
  return connect(Number(port), hostname);
}

function post(body: string): string {
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`;
  return `${head}content-length: ${String(body.length)}\r\n\r\n${body}`;
}

it('is refused when it has come, so that its client reads why, on a connection that goes on', async () => {
  const socket = connectTo(service);
  let answers = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answers += text));
  const tooLarge = post(query.padEnd(limit * 8));
  socket.write(tooLarge.slice(0, limit));
  socket.write(tooLarge.slice(limit) + post(query));
  await expect
    .poll(() => answers)
    .toMatch(/^HTTP\/1\.1 413 .*"code":"BAD_USER_INPUT".*HTTP\/1\.1 200 .*"__typename":"Query"/s);
  socket.destroy();
  await once(socket, 'close');
});

it('is refused all the same where the rest of it does not come', async () => {
  const socket = connectTo(service);
  socket.write(post(query.padEnd(limit + 1)).slice(0, -1));
  const [answer] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
  await once(socket, 'close');
});

it('of more than eight times what may be is refused for the last time on its connection', async () => {
  const socket = connectTo(service);
  const head = post(query).split('content-length')[0]!;
  socket.write(`${head}content-length: ${String(limit * 8 + 1)}\r\n\r\n`);
  const [answer] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(answer.toLowerCase()).toContain('\r\nconnection: close\r\n');
  socket.destroy();
  await once(socket, 'close');
});
