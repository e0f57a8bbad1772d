import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { JobApiError } from '../../../src/domain/errors.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import { createTransport, type Transport } from '../../../src/upstream/transport.ts';
import { failureOf } from '../../support/failure-of.ts';
import { sendRequest } from '../../support/send-request.ts';

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

/** A request that has arrived and waits for its answer. */
interface Arrived {
  readonly path: string;
  readonly socket: Socket;
  readonly response: ServerResponse;
}

interface HeldUpstream {
  readonly port: number;
  /** The next request that arrives and was not handed out. */
  next(): Promise<Arrived>;
  /** How many connections have been made. */
  readonly connections: () => number;
}

/** A bk-job that answers when a test says so. */
async function startHeldUpstream(): Promise<HeldUpstream> {
  const arrived: Arrived[] = [];
  const wanted: ((one: Arrived) => void)[] = [];
  let connections = 0;
  const server = createServer((incoming, response) => {
    const one = { path: incoming.url ?? '', socket: incoming.socket, response };
    const want = wanted.shift();
    if (want === undefined) arrived.push(one);
    else want(one);
  });
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ended.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: (server.address() as AddressInfo).port,
    next: () =>
      new Promise((resolve) => {
        const one = arrived.shift();
        if (one === undefined) wanted.push(resolve);
        else resolve(one);
      }),
    connections: () => connections,
  };
}

function transportTo(port: number, connections: number): Transport {
  const transport = createTransport({
    origin: `http://127.0.0.1:${String(port)}`,
    connections,
    connectMs: 1_000,
    maxResponseBytes: 1_000_000,
    maxInflightResponseBytes: 1_000_000,
  });
  ended.push(() => transport.close());
  return transport;
}

function send(transport: Transport, path: string, cancellation = new Cancellation()) {
  const request = { method: 'GET', path, headers: {}, body: null } as const;
  return sendRequest(transport, request, { timeoutMs: 10_000, cancellation });
}

it('requests beyond the connections wait, and are sent in the order in which they came', async () => {
  const upstream = await startHeldUpstream();
  const transport = transportTo(upstream.port, 2);
  const paths = ['/1', '/2', '/3', '/4', '/5'];
  const answers = Promise.all(paths.map((path) => send(transport, path)));
  const arrived: string[] = [];
  let [answered, other] = [await upstream.next(), await upstream.next()];
  arrived.push(answered.path, other.path);
  expect(transport.stats()).toEqual({ connected: 2, free: 0, pending: 3, running: 2 });
  while (arrived.length < paths.length) {
    answered.response.end('{}');
    [answered, other] = [other, await upstream.next()];
    arrived.push(other.path);
  }
  for (const { response } of [answered, other]) response.end('{}');
  await answers;
  expect([arrived.slice(0, 2).sort(), arrived.slice(2)]).toEqual([
    ['/1', '/2'],
    ['/3', '/4', '/5'],
  ]);
  expect(upstream.connections()).toBe(2);
});

it('a request that was given up while it waited costs no connection', async () => {
  const upstream = await startHeldUpstream();
  const transport = transportTo(upstream.port, 1);
  const first = send(transport, '/1');
  const cancellation = new Cancellation();
  const second = failureOf(send(transport, '/2', cancellation));
  const third = send(transport, '/3');
  const arrived = await upstream.next();
  const reason = new JobApiError('UPSTREAM_UNAVAILABLE');
  cancellation.cancel(reason);
  expect(await second).toBe(reason);
  arrived.response.end('{}');
  await first;
  const next = await upstream.next();
  expect(next).toMatchObject({ path: '/3', socket: arrived.socket });
  next.response.end('{}');
  await third;
});

it('the connection that was used last is used again first', async () => {
  const upstream = await startHeldUpstream();
  const transport = transportTo(upstream.port, 3);
  const both = Promise.all(['/1', '/2'].map((path) => send(transport, path)));
  for (const { response } of [await upstream.next(), await upstream.next()]) response.end('{}');
  await both;
  const sockets: Socket[] = [];
  for (const path of ['/3', '/4', '/5']) {
    // Undici has it wait for a turn before it can be used again.
    while (transport.stats().free < 2) await nextTurn();
    const answer = send(transport, path);
    const { socket, response } = await upstream.next();
    sockets.push(socket);
    response.end('{}');
    await answer;
  }
  expect({ used: new Set(sockets).size, connections: upstream.connections() }).toEqual({
    used: 1,
    connections: 2,
  });
});

it('a connection that is not trusted ends with what is asked on it, and makes room for another', async () => {
  const upstream = await startHeldUpstream();
  const transport = transportTo(upstream.port, 1);
  const first = send(transport, '/1');
  const mislead = await upstream.next();
  mislead.response.end('{}');
  const { distrust } = await first;
  const underWay = failureOf(send(transport, '/2'));
  const waiting = send(transport, '/3');
  const { socket } = await upstream.next();
  expect(socket).toBe(mislead.socket);
  distrust?.();
  distrust?.();
  expect((await underWay).code).toBe('UPSTREAM_UNAVAILABLE');
  const next = await upstream.next();
  expect(next.path).toBe('/3');
  next.response.end('{}');
  expect((await waiting).status).toBe(200);
  expect({ connections: upstream.connections(), stats: transport.stats().connected }).toEqual({
    connections: 2,
    stats: 1,
  });
});

it('a bk-job that cannot be reached costs no connection for good', async () => {
  const upstream = await startHeldUpstream();
  await ended.pop()?.();
  const transport = transportTo(upstream.port, 1);
  for (const path of ['/1', '/2', '/3']) {
    expect((await failureOf(send(transport, path))).code).toBe('UPSTREAM_UNAVAILABLE');
  }
  expect(transport.stats()).toEqual({ connected: 0, free: 0, pending: 0, running: 0 });
});

it('when they are closed, what was asked before is answered, and nothing asked after', async () => {
  const upstream = await startHeldUpstream();
  const transport = transportTo(upstream.port, 1);
  const answers = [send(transport, '/1'), send(transport, '/2')];
  const closed = transport.close();
  expect((await failureOf(send(transport, '/3'))).code).toBe('UPSTREAM_UNAVAILABLE');
  const told: string[] = [];
  for (const answer of answers) {
    const { path, response, socket } = await upstream.next();
    response.end('{}');
    await answer;
    told.push(path);
    if (told.length === answers.length) await Promise.all([closed, once(socket, 'close')]);
  }
  expect(told).toEqual(['/1', '/2']);
  expect(transport.stats()).toMatchObject({ connected: 0, pending: 0, running: 0 });
});
