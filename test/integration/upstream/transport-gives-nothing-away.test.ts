import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { JobApiError } from '../../../src/domain/errors.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import type { HttpRequest } from '../../../src/upstream/http-request.ts';
import { createTransport, type TransportOptions } from '../../../src/upstream/transport.ts';
import type { ReceivedResponse } from '../../../src/upstream/exchange.ts';
import { failureOf } from '../../support/failure-of.ts';
import { sendRequest } from '../../support/send-request.ts';

const request: HttpRequest = {
  method: 'GET',
  path: '/api?job_instance_id=100',
  headers: { 'X-Bkapi-Authorization': '{"bk_app_secret":"planted-secret","bk_token":"planted-token"}' },
  body: null,
};

const patient = 10_000;
const hasty = 100;

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

interface TestTransport {
  send(request: HttpRequest, timeoutMs: number, cancellation?: Cancellation): Promise<ReceivedResponse>;
}

function transportTo(port: number, options: Partial<TransportOptions> = {}): TestTransport {
  const transport = createTransport({
    origin: `http://127.0.0.1:${String(port)}`,
    connections: 1,
    connectMs: 1_000,
    maxResponseBytes: 1_000_000,
    maxInflightResponseBytes: 1_000_000,
    ...options,
  });
  ended.push(() => transport.close());
  return {
    send: (sent, timeoutMs, cancellation = new Cancellation()) =>
      sendRequest(transport, sent, { timeoutMs, cancellation }),
  };
}

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ended.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

async function serveRaw(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ended.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

it('hands over the whole answer, names of headers in lower case', async () => {
  const port = await serve((incoming, response) => {
    response.setHeader('X-Bkapi-Request-Id', ['first', 'second']);
    response
      .writeHead(404)
      .end(`${incoming.method!} ${incoming.url!} ${String(incoming.headers['x-bkapi-authorization'])}`);
  });
  const { status, headers, body } = await transportTo(port).send(request, patient);
  expect({ status, id: headers['x-bkapi-request-id'] }).toEqual({ status: 404, id: 'first' });
  expect(Buffer.from(body).toString()).toBe(
    `GET ${request.path} ${request.headers['X-Bkapi-Authorization']!}`,
  );
});

describe('a body that comes in many pieces', () => {
  /** Pieces of which no two are alike, so that none can stand for another. */
  const pieces = (first: number): Buffer[] =>
    Array.from({ length: 40 }, (_none, index) => Buffer.alloc(7_000 + index, first + index));

  const serveInPieces = (announce: boolean) =>
    serve((incoming, response) => {
      const sent = pieces(Number(new URL(incoming.url ?? '', 'http://host').searchParams.get('first')));
      if (announce) response.setHeader('content-length', Buffer.concat(sent).length);
      for (const piece of sent) response.write(piece);
      response.end();
    });

  const from = (first: number): HttpRequest => ({ ...request, path: `/api?first=${String(first)}` });

  it.each([
    ['its length is announced', true],
    ['nobody knows how long it is', false],
  ])('is put together where %s', async (_name, announce) => {
    const transport = transportTo(await serveInPieces(announce));
    const { body } = await transport.send(from(1), patient);
    expect(Buffer.compare(body, Buffer.concat(pieces(1)))).toBe(0);
  });

  it.each([
    ['its length is announced', true],
    ['nobody knows how long it is', false],
  ])(
    'stays as it is until it is given back, however often that is said, where %s',
    async (_name, announce) => {
      const transport = transportTo(await serveInPieces(announce), { connections: 4 });
      const first = await transport.send(from(1), patient);
      first.release?.();
      first.release?.();
      const [second, third] = await Promise.all([60, 120].map((byte) => transport.send(from(byte), patient)));
      expect(Buffer.compare(second!.body, Buffer.concat(pieces(60)))).toBe(0);
      expect(Buffer.compare(third!.body, Buffer.concat(pieces(120)))).toBe(0);
      expect(second!.body.buffer).not.toBe(third!.body.buffer);
    },
  );
});

it('sends a body whole', async () => {
  const port = await serve((incoming, response) => {
    incoming.pipe(response);
  });
  const body = JSON.stringify({ text: '作业'.repeat(50_000) });
  const answer = await transportTo(port).send({ ...request, method: 'POST', body }, patient);
  expect(Buffer.from(answer.body).toString()).toBe(body);
});

it('follows no redirect, since credentials would travel', async () => {
  let requests = 0;
  const port = await serve((_incoming, response) => {
    requests += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  expect((await transportTo(port).send(request, patient)).status).toBe(302);
  expect(requests).toBe(1);
});

describe('an upstream that', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n';

  it.each<[string, (socket: Socket) => void]>([
    ['never answers', () => undefined],
    ['answers half a head', (socket) => socket.once('data', () => socket.write('HTTP/1.1 200'))],
    ['answers half a body', (socket) => socket.once('data', () => socket.write(`${head}{`))],
    [
      'answers one byte at a time, and never stops',
      (socket) =>
        socket.once('data', () => {
          socket.write(head);
          const drip = setInterval(() => socket.write('{'), 20);
          socket.once('close', () => clearInterval(drip));
        }),
    ],
  ])('%s is UPSTREAM_TIMEOUT', async (_fault, onConnection) => {
    const error = await failureOf(transportTo(await serveRaw(onConnection)).send(request, hasty));
    expect(error).toMatchObject({ code: 'UPSTREAM_TIMEOUT', retryable: true });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['cuts the connection', (socket) => socket.destroy()],
    ['cuts it when asked', (socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['cuts its answer', (socket) => socket.once('data', () => socket.end(`${head}{"result":true`))],
    ['speaks no HTTP', (socket) => socket.once('data', () => socket.end('SSH-2.0\r\n'))],
  ])('%s is UPSTREAM_UNAVAILABLE', async (_fault, onConnection) => {
    const error = await failureOf(transportTo(await serveRaw(onConnection)).send(request, patient));
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
  });

  it('never comes to its answer for all its 1xx is UPSTREAM_BAD_RESPONSE', async () => {
    const port = await serveRaw((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 102 Processing\r\n\r\n'.repeat(100))),
    );
    expect((await failureOf(transportTo(port).send(request, patient))).code).toBe('UPSTREAM_BAD_RESPONSE');
  });

  it('is not there is UPSTREAM_UNAVAILABLE', async () => {
    const port = await serveRaw(() => undefined);
    await ended.pop()!();
    expect((await failureOf(transportTo(port).send(request, patient))).code).toBe('UPSTREAM_UNAVAILABLE');
  });

  it.each([
    ['says how long', true],
    ['does not say how long', false],
  ])('answers too much and %s is UPSTREAM_BAD_RESPONSE', async (_how, sized) => {
    const text = 'x'.repeat(100_000);
    const port = await serve((_incoming, response) => {
      if (sized) response.setHeader('content-length', text.length);
      response.write(text.slice(0, 50_000));
      response.end(text.slice(50_000));
    });
    const transport = transportTo(port, { maxResponseBytes: 99_999 });
    expect((await failureOf(transport.send(request, patient))).code).toBe('UPSTREAM_BAD_RESPONSE');
    expect((await transportTo(port, { maxResponseBytes: 100_000 }).send(request, patient)).body).toHaveLength(
      100_000,
    );
  });

  it('fails again and again costs no connection for good', async () => {
    let answers = false;
    const port = await serve((incoming, response) => {
      if (answers) response.end('{}');
      else if (incoming.url!.endsWith('even')) response.destroy();
    });
    const transport = transportTo(port);
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const path = attempt % 2 === 0 ? '/even' : '/odd';
      const { code } = await failureOf(
        transport.send({ ...request, path }, attempt % 2 === 0 ? patient : 20),
      );
      expect(code).toBe(attempt % 2 === 0 ? 'UPSTREAM_UNAVAILABLE' : 'UPSTREAM_TIMEOUT');
    }
    answers = true;
    expect((await transport.send(request, patient)).status).toBe(200);
  });
});

describe('a request', () => {
  it.each<[string, Partial<HttpRequest>]>([
    ['a line break in a value', { headers: { 'X-Bkapi-Authorization': 'a\r\nX-Bk-Username: admin' } }],
    ['a value beyond ASCII', { headers: { 'Blueking-Language': '中文' } }],
    ['a name that is none', { headers: { 'X Y': 'z' } }],
    ['a header that says how it is framed', { headers: { 'Transfer-Encoding': 'chunked' } }],
    ['an expectation', { headers: { Expect: '100-continue' } }],
    ['a path with a blank', { path: '/a b' }],
    ['a path that is an address', { path: 'http://127.0.0.1/' }],
  ])('that cannot be sent costs no connection for good: %s', async (_what, changes) => {
    const port = await serve((_incoming, response) => response.end('{}'));
    const transport = transportTo(port);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const error = await failureOf(transport.send({ ...request, ...changes }, patient));
      expect(error.code).toBe('INTERNAL_SERVER_ERROR');
    }
    expect((await transport.send(request, patient)).status).toBe(200);
  });

  it('asks for no compression, and takes no answer that has one', async () => {
    let accepted: string | string[] | undefined = 'not asked';
    const port = await serve((incoming, response) => {
      accepted = incoming.headers['accept-encoding'];
      response.setHeader('content-encoding', 'gzip').end('x');
    });
    expect((await failureOf(transportTo(port).send(request, patient))).code).toBe('UPSTREAM_BAD_RESPONSE');
    expect(accepted).toBeUndefined();
  });

  it('that nobody waits for any more is given up with its connection, wherever it is', async () => {
    let closed = 0;
    let requests = 0;
    const arrived: (() => void)[] = [];
    const port = await serve((incoming, response) => {
      requests += 1;
      incoming.socket.once('close', () => (closed += 1));
      if (incoming.url!.includes('half')) response.writeHead(200, { 'content-length': '10' }).write('{');
      if (incoming.url!.includes('good')) response.end('{}');
      arrived.shift()?.();
    });
    const transport = transportTo(port);
    const reason = new JobApiError('UPSTREAM_UNAVAILABLE', 'The client left.');
    for (const path of ['/never', '/half']) {
      const cancellation = new Cancellation();
      const waiting = new Cancellation();
      const reached = new Promise<void>((resolve) => arrived.push(resolve));
      const read = failureOf(transport.send({ ...request, path }, patient, cancellation));
      // The second one waits for the only connection, and is never sent.
      const queued = failureOf(transport.send(request, patient, waiting));
      await reached;
      waiting.cancel(reason);
      expect(await queued).toBe(reason);
      cancellation.cancel(reason);
      expect(await read).toBe(reason);
    }
    expect((await transport.send({ ...request, path: '/good' }, patient)).status).toBe(200);
    expect({ closed, requests }).toEqual({ closed: 2, requests: 3 });
  });

  it('that nobody waited for from the beginning is not sent', async () => {
    const transport = transportTo(1);
    const cancellation = new Cancellation();
    const reason = new JobApiError('UPSTREAM_TIMEOUT');
    cancellation.cancel(reason);
    expect(await failureOf(transport.send(request, patient, cancellation))).toBe(reason);
  });
});

it('answers are refused where all that are being read are too large together', async () => {
  const port = await serve((incoming, response) => {
    if (incoming.url === '/small') response.end('{}');
    else response.writeHead(200, { 'content-length': '900000' }).write('{');
  });
  const transport = transportTo(port, { connections: 3 });
  const reads = [1, 2].map(() => {
    const cancellation = new Cancellation();
    const failure = failureOf(transport.send({ ...request, path: '/large' }, patient, cancellation));
    return { cancellation, failure };
  });
  const refused = await Promise.race(reads.map(({ failure }) => failure));
  expect(refused).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfter: 1_000 });
  expect((await transport.send({ ...request, path: '/small' }, patient)).status).toBe(200);
  for (const { cancellation } of reads) cancellation.cancel(new JobApiError('UPSTREAM_UNAVAILABLE'));
  const codes = await Promise.all(reads.map(async ({ failure }) => (await failure).code));
  expect(codes.toSorted()).toEqual(['RATE_LIMITED', 'UPSTREAM_UNAVAILABLE']);
  const later = failureOf(transport.send({ ...request, path: '/large' }, hasty));
  expect((await later).code).toBe('UPSTREAM_TIMEOUT');
});

it('time spent waiting for a connection counts', async () => {
  const transport = transportTo(await serveRaw(() => undefined));
  const failures = await Promise.all([
    failureOf(transport.send(request, 300)),
    failureOf(transport.send(request, hasty)),
  ]);
  expect(failures.map(({ code }) => code)).toEqual(['UPSTREAM_TIMEOUT', 'UPSTREAM_TIMEOUT']);
});

it('no error tells where it went or what it carried', async () => {
  const silent = await serveRaw((socket) => socket.once('data', () => socket.end('planted-token')));
  const errors = [
    await failureOf(transportTo(silent).send(request, patient)),
    await failureOf(transportTo(await serveRaw(() => undefined)).send(request, hasty)),
  ];
  for (const error of errors) {
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(
      /planted|job_instance_id|127\.0\.0\.1/,
    );
    expect(error.cause).toBeInstanceOf(Error);
  }
});
