import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/upstream/http-request.ts';
import { createTransport, type Transport } from '../../../src/upstream/transport.ts';
import { failureOf } from '../../support/failure-of.ts';

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

function transportTo(port: number, options: { maxResponseBytes?: number } = {}): Transport {
  const transport = createTransport({
    origin: `http://127.0.0.1:${String(port)}`,
    connections: 1,
    connectMs: 1_000,
    maxResponseBytes: 1_000_000,
    ...options,
  });
  ended.push(() => transport.close());
  return transport;
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
