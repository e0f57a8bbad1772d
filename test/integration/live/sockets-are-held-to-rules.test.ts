import { connect as connectTo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
let sockets: WebSocket[] = [];
let isEnded = false;

beforeEach(async () => {
  isEnded = false;
  service = await startTestService({
    environment: {
      BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '300ms',
      BKJOB_GQL__SERVER__ALLOWED_ORIGINS: 'https://cmdb.example.com',
      BKJOB_GQL__SUBSCRIPTION__MAX_PER_IDENTITY: '30',
      BKJOB_GQL__SUBSCRIPTION__WEBSOCKET__CONNECTION_INIT_TIMEOUT: '1s',
      BKJOB_GQL__SUBSCRIPTION__WEBSOCKET__MAX_PAYLOAD: '4KiB',
    },
  });
});
afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  sockets = [];
  if (!isEnded) await end();
});

function end(): Promise<void> {
  isEnded = true;
  return Promise.resolve(service[Symbol.asyncDispose]());
}

const socketUrl = (path = '/ws') => new URL(path, service.graphqlUrl).href.replace('http', 'ws');

/** Tries to open a socket. */
function opening(options: ClientOptions = {}, path = '/ws', protocols = ['graphql-transport-ws']) {
  return outcomeOf(new WebSocket(socketUrl(path), protocols, options));
}

/** How the opening of a socket ends: `open`, or the status with which it is refused. */
function outcomeOf(socket: WebSocket): Promise<string> {
  sockets.push(socket);
  return new Promise<string>((resolve) => {
    socket.on('open', () => resolve('open'));
    socket.on('unexpected-response', (_request, { statusCode }) => {
      resolve(String(statusCode));
    });
    socket.on('error', () => resolve('error'));
  });
}

/** An open socket. */
async function open(): Promise<WebSocket> {
  const socket = new WebSocket(socketUrl(), ['graphql-transport-ws']);
  expect(await outcomeOf(socket)).toBe('open');
  return socket;
}

function closing(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.once('close', resolve);
  });
}

const init = JSON.stringify({
  type: 'connection_init',
  payload: { 'X-Bkapi-Authorization': '{"bk_token":"alice"}' },
});
const subscribe = (id = '1') =>
  JSON.stringify({
    id,
    type: 'subscribe',
    payload: {
      query: 'subscription { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42") { phase } }',
    },
  });

/** An open socket that has been told who is on it. */
async function signIn(): Promise<WebSocket> {
  const socket = await open();
  await answerTo(socket, init);
  return socket;
}

/** The first message that comes after one that is sent. */
function answerTo(socket: WebSocket, message: string): Promise<unknown> {
  const answer = new Promise((resolve) => {
    socket.once('message', (data: Buffer) => {
      resolve(JSON.parse(data.toString()));
    });
  });
  socket.send(message);
  return answer;
}

describe('a socket is opened', () => {
  it.each([
    ['by a program, which sends no origin', {}],
    ['by a page on an allowed origin', { origin: 'https://cmdb.example.com' }],
  ])('%s', async (_what, options) => {
    expect(await opening(options)).toBe('open');
  });

  it('by a page of this service', async () => {
    expect(await opening({ origin: new URL(service.graphqlUrl).origin })).toBe('open');
  });

  it.each([
    ['by a page elsewhere', { origin: 'https://evil.example.com' }, '/ws', '403'],
    ['by a page of no origin', { origin: 'null' }, '/ws', '403'],
    [
      'by a page elsewhere that has the cookie of its reader',
      { origin: 'https://evil.example.com', headers: { cookie: 'bk_token=alice' } },
      '/ws',
      '403',
    ],
    ['at another path', {}, '/graphql', '404'],
    ['with a credential in the URL', {}, '/ws?bk_token=alice', '400'],
    [
      'with too many headers',
      { headers: Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`x-${String(at)}`, '1'])) },
      '/ws',
      '431',
    ],
  ])('not %s', async (_what, options, path, status) => {
    expect(await opening(options, path)).toBe(status);
  });

  it.each([['graphql-ws'], ['soap']])('not for the protocol %s', async (protocol) => {
    expect(await opening({}, '/ws', [protocol])).toBe('400');
  });

  it('not without a protocol', async () => {
    expect(await opening({}, '/ws', [])).toBe('400');
  });
});

describe('a request that asks for HTTP/2 in the clear, as clients of Java do', () => {
  /** Sends the parts of a request one after another, and reads until its connection is closed. */
  function exchange(parts: readonly string[]): Promise<string> {
    const { hostname, port } = new URL(service.graphqlUrl);
    const socket = connectTo(Number(port), hostname);
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString();
    });
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', () => {
        resolve(answer);
      });
      void (async () => {
        for (const part of parts) {
          socket.write(part);
          await new Promise((resume) => setImmediate(resume));
        }
      })();
    });
  }

  const body = JSON.stringify({ query: '{ __typename }' });
  const head = (more = '') =>
    `POST /graphql HTTP/1.1\r\nhost: a\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\n${more}\r\n`;
  const last = `POST /graphql HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`;

  it.each([
    ['in one piece', [head() + body, last]],
    ['its body after its head', [head(), body, last]],
    ['in the middle of its body', [head() + body.slice(0, 9), body.slice(9), last]],
  ])('is answered as it is, and so is the next on its connection: %s', async (_how, parts) => {
    const answer = await exchange(parts);
    expect(answer.match(/HTTP\/1\.1 200 OK/g)?.length).toBe(2);
    expect(answer.match(/"__typename":"Query"/g)?.length).toBe(2);
  });

  it('is held to the rules of requests', async () => {
    const answer = await exchange([
      head('connection: close\r\n').replace('/graphql', '/graphql?bk_token=x') + body,
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('a socket is closed', () => {
  it('where its client does not say who it is', async () => {
    expect(await closing(await open())).toBe(4408);
  });

  it.each([
    ['subscribes before it has said who it is', [subscribe()], 4401],
    ['says who it is twice', [init, init], 4429],
    ['sends what is no message', [init, '{'], 4400],
    ['sends a message of no kind', [init, '{"type":"constructor"}'], 4400],
    ['sends more than a message may hold', [init, 'x'.repeat(5000)], 1009],
    ['sends bytes', [init, Buffer.from([1, 2, 3])], 4400],
    [
      'sends a hundred messages within a second',
      [init, ...Array.from({ length: 100 }, () => '{"type":"ping"}')],
      4429,
    ],
  ])('where its client %s', async (_what, messages, code) => {
    addControlledJob(service.simulator);
    const socket = await open();
    const closed = closing(socket);
    for (const message of messages) socket.send(message);
    expect(await closed).toBe(code);
  });

  it('where its client sends a message in more pieces than there are', async () => {
    const socket = await signIn();
    const closed = closing(socket);
    for (let piece = 0; piece < 150; piece++) socket.send(' ', { fin: false });
    expect(await closed).toBe(1008);
  });

  it('not where it sends one in a hundred pieces', async () => {
    const socket = await signIn();
    for (let piece = 0; piece < 99; piece++) socket.send(' ', { fin: false });
    expect(await answerTo(socket, '{"type":"ping"}')).toEqual({ type: 'pong' });
  });

  it('where its client sends a hundred pongs that nobody has asked for', async () => {
    const socket = await signIn();
    const closed = closing(socket);
    for (let count = 0; count < 100; count++) socket.pong();
    expect(await closed).toBe(4429);
  });

  it('where its client pings without end, and takes what answers it', async () => {
    const socket = await signIn();
    const closed = closing(socket);
    let pongs = 0;
    // All at once they would be more than the library itself lets wait.
    const pingSome = (): void => {
      for (let count = 0; count < 25; count++) socket.ping();
    };
    socket.on('pong', () => {
      pongs += 1;
      if (pongs % 25 === 0) pingSome();
    });
    pingSome();
    expect(await closed).toBe(4429);
  });

  it('where its client gives two streams one name', async () => {
    addControlledJob(service.simulator);
    const socket = await signIn();
    const closed = closing(socket);
    socket.send(subscribe());
    socket.send(subscribe());
    expect(await closed).toBe(4409);
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty'])('not for a stream named %s', async (id) => {
    addControlledJob(service.simulator);
    const socket = await signIn();
    expect(await answerTo(socket, subscribe(id))).toMatchObject({ id, type: 'next' });
  });

  it('where one caller has more of them than it may', async () => {
    const [first] = await Promise.all(Array.from({ length: 30 }, signIn));
    const socket = await open();
    const closed = closing(socket);
    socket.send(init);
    expect(await closed).toBe(4429);
    first!.close();
    await closing(first!);
    await signIn();
  });
});

describe('the end of the service', () => {
  it('is told to sockets a few at a time, in the word that makes clients connect elsewhere', async () => {
    addControlledJob(service.simulator);
    const all = await Promise.all(Array.from({ length: 9 }, signIn));
    await Promise.all(all.map((socket) => answerTo(socket, subscribe())));
    const codes: number[] = [];
    const closed = Promise.all(all.map((socket) => closing(socket).then((code) => codes.push(code))));
    const first = Promise.race(all.map(closing));
    const ended = end();
    await first;
    expect(codes.length).toBeLessThan(9);
    expect(await opening().catch(() => 'error')).not.toBe('open');
    await closed;
    await ended;
    expect(codes).toEqual(Array.from({ length: 9 }, () => 1012));
  });
});
