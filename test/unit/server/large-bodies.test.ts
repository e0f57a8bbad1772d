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

function createApp(largest = maxRequestBytes) {
  const server = Fastify({ bodyLimit: largest, forceCloseConnections: true });
  answerErrorsAsGraphql(server, () => undefined);
  limitLargeBodies(server, { maxRequestBytes: largest });
  let arrived = 0;
  server.addHook('preParsing', (request, _reply, _payload, done) => {
    request.raw.on('data', (chunk: Buffer) => {
      arrived += chunk.length;
    });
    request.raw.once('close', () => server.server.emit('left'));
    done();
  });
  server.post('/', () => 'answer');
  return { server, arrived: () => arrived };
}

/** A client with what it has been told, and whether its connection has been ended. */
function connectToApp() {
  const socket = connect((app.server.server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8');
  const client = { socket, told: '', isEnded: false };
  socket.on('data', (text: string) => (client.told += text));
  socket.on('close', () => (client.isEnded = true));
  clients.push(socket);
  return client;
}

type Client = ReturnType<typeof connectToApp>;

const length = (bytes: number): string => `content-length: ${String(bytes)}`;
const chunked = 'transfer-encoding: chunked';
const post = (head: string): string =>
  `POST / HTTP/1.1\r\nhost: service\r\ncontent-type: application/json\r\n${head}\r\n\r\n`;

/** Sends the head of a request and so much of its body, and resolves when that has arrived. */
async function begin(bytes: number): Promise<Client> {
  const before = app.arrived();
  const client = connectToApp();
  client.socket.write(post(length(maxRequestBytes)) + 'x'.repeat(bytes));
  await expect.poll(app.arrived, { interval: 1 }).toBe(before + bytes);
  return client;
}

/** So many clients, one after another, that send nearly all of the largest body and stop. */
async function beginSlow(count: number): Promise<readonly Client[]> {
  const slow: Client[] = [];
  while (slow.length < count) slow.push(await begin(maxRequestBytes - 2));
  return slow;
}

async function ask(bytes: number): Promise<number> {
  const { port } = app.server.server.address() as AddressInfo;
  const body = JSON.stringify('x'.repeat(bytes - 2));
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`http://127.0.0.1:${String(port)}/`, { method: 'POST', headers, body })).status;
}

async function askInChunks(): Promise<string> {
  const { socket } = connectToApp();
  socket.write(`${post(chunked)}2\r\n""\r\n0\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [string];
  return answer.slice(0, 'HTTP/1.1 200'.length);
}

it.each([chunked, length(maxRequestBytes)])(
  'heads that announce bodies, and bring none, take no room from anybody: %s',
  async (head) => {
    const silent = Array.from({ length: 3 * atATime }, connectToApp);
    for (const { socket } of silent) socket.write(post(head));
    await Promise.all(silent.map(({ socket }) => once(socket, 'connect')));
    expect([await ask(maxRequestBytes), await ask(9000), await askInChunks()]).toEqual([
      200,
      200,
      'HTTP/1.1 200',
    ]);
    expect(silent.filter(({ isEnded }) => isEnded)).toEqual([]);
  },
);

it('bodies that arrive take as much at a time as there is memory for: those that stopped first are ended', async () => {
  const slow = await beginSlow(atATime);
  // What has moved since is not what has stopped first.
  const before = app.arrived();
  slow[0]!.socket.write('x');
  await expect.poll(app.arrived, { interval: 1 }).toBe(before + 1);
  expect(await ask(maxRequestBytes)).toBe(200);
  await expect.poll(() => slow[1]!.isEnded).toBe(true);
  expect(slow[1]!.told).toContain('HTTP/1.1 408 ');
  expect(slow.slice(2).some(({ isEnded }) => isEnded)).toBe(false);
});

it('a crowd that sends nearly all and stops takes no more than that, however large it is', async () => {
  const slow = await beginSlow(3 * atATime);
  await expect.poll(() => slow.filter(({ isEnded }) => isEnded).length).toBe(2 * atATime);
  expect(slow.slice(-atATime).some(({ isEnded }) => isEnded)).toBe(false);
});

it('a body in very small pieces takes what its pieces do, and may have thousands of them', async () => {
  const client = connectToApp();
  const piece = '1\r\n1\r\n';
  client.socket.write(`${post(chunked)}${piece.repeat(8192)}`);
  await expect.poll(app.arrived).toBe(8192);
  // Of those that wait, it takes the room of many.
  const before = await beginSlow(1);
  await expect.poll(() => client.isEnded).toBe(true);
  expect(client.told).toContain('HTTP/1.1 408 ');
  expect(before[0]!.isEnded).toBe(false);
  const other = connectToApp();
  other.socket.write(`${post(chunked)}${piece.repeat(8193)}`);
  await expect.poll(() => other.told).toContain('HTTP/1.1 413 ');
});

it('a body may have a piece for each 512 bytes of the largest', async () => {
  await app.server.close();
  const pieces = 10_000;
  app = createApp(pieces * 512);
  await app.server.listen({ host: '127.0.0.1', port: 0 });
  const { socket } = connectToApp();
  socket.write(`${post(chunked)}1\r\n"\r\n${'1\r\n1\r\n'.repeat(pieces - 2)}1\r\n"\r\n0\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [string];
  expect(answer).toContain('HTTP/1.1 200 ');
});

it('small ones are not counted, nor ended', async () => {
  const small = await begin(8192);
  await beginSlow(atATime + 1);
  const before = app.arrived();
  small.socket.write('x');
  await expect.poll(app.arrived, { interval: 1 }).toBe(before + 1);
  expect(small.isEnded).toBe(false);
});

it.each([
  [
    'far too long',
    `POST / HTTP/1.1\r\ncontent-type: application/json\r\n${length(9 * maxRequestBytes)}`,
    413,
  ],
  ['of a type that nobody reads', `POST / HTTP/1.1\r\ncontent-type: text/csv\r\n${length(16_000)}`, 415],
  ['for nobody', `POST /nobody HTTP/1.1\r\ncontent-type: text/csv\r\n${length(16_000)}`, 404],
  ['of a GET', `GET / HTTP/1.1\r\n${length(maxRequestBytes)}`, 404],
])('a body that is answered before it is there takes no room for good: %s', async (_what, head, status) => {
  for (let count = 0; count < 3 * atATime; count += 1) {
    const { socket } = connectToApp();
    socket.write(`${head}\r\nhost: service\r\n\r\n${'x'.repeat(9000)}`);
    const [answer] = (await once(socket, 'data')) as [string];
    expect(answer).toContain(`HTTP/1.1 ${String(status)} `);
    const ended = once(socket, 'close');
    socket.destroy();
    await ended;
  }
  await expectRoomForAll();
});

it('a body that is there, and one whose client has left, make room for others', async () => {
  for (let count = 0; count < 3 * atATime; count += 1) expect(await ask(maxRequestBytes)).toBe(200);
  for (let count = 0; count < atATime; count += 1) {
    const { socket } = await begin(maxRequestBytes - 1);
    const left = once(app.server.server, 'left');
    socket.destroy();
    await left;
  }
  await expectRoomForAll();
});

async function expectRoomForAll(): Promise<void> {
  const slow = await beginSlow(atATime);
  // By then whoever was to be ended has been.
  expect(await ask(2)).toBe(200);
  expect(slow.filter(({ isEnded }) => isEnded)).toEqual([]);
}
