import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import Fastify from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { limitLargeBodies } from '../../../src/server/large-bodies.ts';
import { answerErrorsAsGraphql } from '../../../src/server/refusals.ts';

const maxRequestBytes = 16 * 1024;
const atATime = 64;

let app: ReturnType<typeof createApp>;
let clients: Socket[];

beforeEach(async () => {
  app = createApp();
  clients = [];
  await app.server.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  await app.server.close();
});

function createApp() {
  const server = Fastify({ bodyLimit: maxRequestBytes, forceCloseConnections: true });
  answerErrorsAsGraphql(server, () => undefined);
  limitLargeBodies(server, { maxRequestBytes });
  let counted = (): void => undefined;
  server.addHook('onRequest', (request, _reply, done) => {
    request.raw.once('close', () => server.server.emit('left'));
    counted();
    done();
  });
  server.post('/', () => 'answer');
  return { server, whenCounted: (listener: () => void) => (counted = listener) };
}

function connectToApp(): Socket {
  const client = connect((app.server.server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8');
  clients.push(client);
  return client;
}

/** Sends the head of a request and a part of its body, and resolves when the head was taken or refused. */
async function begin(head: string): Promise<Socket> {
  const client = connectToApp();
  const taken = new Promise<void>((resolve) => {
    app.whenCounted(resolve);
    client.once('data', () => {
      resolve();
    });
  });
  client.write(`POST / HTTP/1.1\r\nhost: service\r\ncontent-type: application/json\r\n${head}\r\n\r\n`);
  await taken;
  return client;
}

const length = (bytes: number): string => `content-length: ${String(bytes)}`;

async function ask(bytes: number): Promise<Response> {
  const { port } = app.server.server.address() as AddressInfo;
  const body = JSON.stringify('x'.repeat(bytes - 2));
  const headers = { 'content-type': 'application/json' };
  return fetch(`http://127.0.0.1:${String(port)}/`, { method: 'POST', headers, body });
}

it('bodies that arrive are as many at a time as there is memory for, and small ones are not counted', async () => {
  for (let count = 0; count < atATime; count += 1) await begin(length(maxRequestBytes));
  const refused = await ask(8193);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({
    errors: [{ extensions: { code: 'RATE_LIMITED', retryable: true } }],
  });
  expect((await ask(8192)).status).toBe(200);
});

it('a body that does not say how long it is counts as one of the largest, and one that says too much likewise', async () => {
  for (let count = 0; count < atATime / 2; count += 1) {
    await begin('transfer-encoding: chunked');
    await begin(length(16 * 1024));
  }
  expect((await ask(9000)).status).toBe(429);
});

it.each([
  ['too long', `POST / HTTP/1.1\r\ncontent-type: application/json\r\n${length(maxRequestBytes + 1)}`, 413],
  ['of a type that nobody reads', `POST / HTTP/1.1\r\ncontent-type: text/csv\r\n${length(9000)}`, 415],
  ['for nobody', `POST /nobody HTTP/1.1\r\ncontent-type: text/csv\r\n${length(9000)}`, 404],
  ['of a GET', `GET / HTTP/1.1\r\n${length(maxRequestBytes)}`, 404],
])('a body that is answered before it is there takes no room for good: %s', async (_what, head, status) => {
  for (let count = 0; count < 3 * atATime; count += 1) {
    const client = connectToApp();
    client.write(`${head}\r\nhost: service\r\n\r\n{`);
    const [answer] = (await once(client, 'data')) as [string];
    expect(answer).toContain(`HTTP/1.1 ${String(status)} `);
    const ended = once(client, 'close');
    client.destroy();
    await ended;
  }
  expect((await ask(maxRequestBytes)).status).toBe(200);
});

it('a body that is there, and one whose client has left, make room for others', async () => {
  for (let count = 0; count < 3 * atATime; count += 1) expect((await ask(maxRequestBytes)).status).toBe(200);
  for (let count = 0; count < atATime; count += 1) await begin(length(maxRequestBytes));
  expect((await ask(maxRequestBytes)).status).toBe(429);
  const left = once(app.server.server, 'left');
  clients[0]!.destroy();
  await left;
  expect((await ask(maxRequestBytes)).status).toBe(200);
});
