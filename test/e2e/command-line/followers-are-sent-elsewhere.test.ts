import { once } from 'node:events';
import { createConnection } from 'node:net';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connect, followOverSocket } from '../../support/live/follow-over-socket.ts';
import { headOfEach, rawClient, refusalOf } from '../../support/raw-client.ts';
import { addressesOf, runProgram, type Addresses } from '../../support/run-program.ts';
import { until } from '../../support/eventually.ts';

// Of its log only what nobody expects. Followers are told one by one, a tenth of a second after each other.
const environment = {
  PORT: '0',
  BKJOB_GQL__LOG__LEVEL: 'warn',
  BKJOB_GQL__TELEMETRY__METRICS__LISTEN: '127.0.0.1:0',
  BKJOB_GQL__SHUTDOWN__GRACE_PERIOD: '60m',
};
const patient = { ...environment, BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '10s' };
const scope = 'scope: {bkBizId: "2"}, jobInstanceId: "20000000022"';
const subscription = `subscription { jobInstanceUpdated(${scope}) { phase } }`;
const inOrder = { code: 0, signal: null, stderr: '' };

const times = <Made>(count: number, make: () => Made): readonly Made[] => Array.from({ length: count }, make);

interface Asking {
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

async function ask(graphqlUrl: string, query: string, asking: Asking = {}): Promise<Response> {
  const { accept = 'application/json', signal = null } = asking;
  const headers = { 'content-type': 'application/json', accept };
  return fetch(graphqlUrl, { method: 'POST', headers, body: JSON.stringify({ query }), signal });
}

/** Follows the job by server-sent events; what came, once that is over. */
async function followByEvents({ graphqlUrl }: Addresses): Promise<{ readonly ended: Promise<string> }> {
  const response = await ask(graphqlUrl, subscription, { accept: 'text/event-stream' });
  expect(response.status).toBe(200);
  return { ended: response.text() };
}

const socketUrl = ({ graphqlUrl }: Addresses): string =>
  new URL('/ws', graphqlUrl).href.replace('http', 'ws');

/** Follows the job over a socket of its own; the code with which that was closed. */
async function followBySocket(addresses: Addresses) {
  const client = connect(socketUrl(addresses));
  const followed = followOverSocket(client, subscription);
  await followed.until(1);
  const code = followed.completed.then(
    () => null,
    (error: unknown) => codeOf(error),
  );
  return { client, code };
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : error;
}

/** With what an attempt to connect fails; null where it does not. */
async function refusalCodeOf({ graphqlUrl }: Addresses): Promise<unknown> {
  const { hostname, port } = new URL(graphqlUrl);
  const socket = createConnection(Number(port), hostname);
  try {
    await once(socket, 'connect');
    return null;
  } catch (error) {
    return codeOf(error);
  } finally {
    socket.destroy();
  }
}

describe('while those who follow jobs are sent elsewhere', () => {
  it('nobody comes in any more, and health is still told to whoever asks for it elsewhere', async () => {
    await using program = runProgram({ environment: patient });
    const addresses = await addressesOf(program);
    const streams = await Promise.all(times(20, () => followByEvents(addresses)));
    program.signal('SIGTERM');
    await Promise.race(streams.map(({ ended }) => ended));
    expect(await refusalCodeOf(addresses)).toBe('ECONNREFUSED');
    const healthOf = async (question: string) =>
      (await fetch(new URL(`/health?${question}`, addresses.metricsUrl))).text();
    expect(await healthOf('ready')).toContain('DOWN');
    expect(await healthOf('live')).toContain('UP');
    expect(await program.ended).toMatchObject(inOrder);
    for (const { ended } of streams) expect(await ended).not.toContain('event: complete');
  });

  it('those on sockets do not wait for those on streams', async () => {
    await using program = runProgram({ environment: patient });
    const addresses = await addressesOf(program);
    const order: string[] = [];
    const streams = await Promise.all(times(20, () => followByEvents(addresses)));
    const socket = await followBySocket(addresses);
    const ends = streams.map(({ ended }) => ended.then(() => order.push('stream')));
    const closed = socket.code.then((code) => order.push(`socket ${String(code)}`));
    program.signal('SIGTERM');
    await Promise.all([...ends, closed]);
    expect(order.at(-1)).toBe('stream');
    expect(order).toContain('socket 1012');
    expect(await program.ended).toMatchObject(inOrder);
  });

  it('nobody begins to follow on a socket that is open: it is closed with 1013', async () => {
    await using program = runProgram({ environment: patient });
    const addresses = await addressesOf(program);
    const streams = await Promise.all(times(30, () => followByEvents(addresses)));
    const sockets = await Promise.all(times(30, () => followBySocket(addresses)));
    program.signal('SIGTERM');
    await Promise.race([...streams.map(({ ended }) => ended), ...sockets.map(({ code }) => code)]);
    const late = sockets.map(({ client }) => followOverSocket(client, subscription));
    const codes = await Promise.all(sockets.map(({ code }) => code));
    expect(codes).toContain(1013);
    expect(codes.filter((code) => code !== 1012 && code !== 1013)).toEqual([]);
    expect(late.flatMap(({ payloads }) => payloads)).toEqual([]);
    expect(await program.ended).toMatchObject(inOrder);
  });
});

const post = (query: string, accept: string): string => {
  const body = JSON.stringify({ query });
  const head = `POST /graphql HTTP/1.1\r\nhost: service\r\ncontent-type: application/json\r\naccept: ${accept}`;
  return `${head}\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`;
};

describe('on a connection whose request is still arriving as the program ends', () => {
  const query = post('{ __typename }', 'application/json');

  it.each([
    ['queries are answered', [query, query], ['200', '200', '200']],
    ['so are paths that cannot be read', ['GET /%zz HTTP/1.1\r\nhost: service\r\n\r\n'], ['200', '400']],
    ['nobody begins to follow', [post(subscription, 'text/event-stream')], ['200', '503']],
  ])('%s', async (_what, asked, statuses) => {
    await using program = runProgram({ environment: patient });
    const { graphqlUrl } = await addressesOf(program);
    const { socket, ended } = await rawClient(graphqlUrl, query.slice(0, -5));
    program.signal('SIGTERM');
    await refusalOf(graphqlUrl);
    socket.write(query.slice(-5) + asked.join(''));
    const received = await ended;
    expect(headOfEach(received).map(({ status }) => status)).toEqual(statuses);
    expect(received.match(/^x-request-id: /gim)).toHaveLength(statuses.length);
    expect(received.includes('"code":"UPSTREAM_UNAVAILABLE"')).toBe(statuses.includes('503'));
    expect(await program.ended).toMatchObject(inOrder);
  });
});

it('who waits for a place when the program ends is sent elsewhere as soon as there is one', async () => {
  await using program = runProgram({
    environment: {
      ...patient,
      BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__CONCURRENCY_LIMIT: '1',
      BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__QUEUE__MAX: '8',
      BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__QUEUE__MAX_WAIT: '60s',
      BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__TIMEOUT: '60s',
    },
  });
  const addresses = await addressesOf(program);
  const admitted = async (): Promise<string> => (await fetch(addresses.metricsUrl)).text();
  const fault = JSON.stringify({ fault: { kind: 'hang' }, times: 1 });
  await (await fetch(`${addresses.simulatorUrl}/simulator/faults`, { method: 'POST', body: fault })).text();
  const holding = new AbortController();
  const held = ask(addresses.graphqlUrl, `{ jobInstance(${scope}) { phase } }`, {
    signal: holding.signal,
  }).catch(() => null);
  await until(async () => /requests_admitted\{.*"running".*\} 1$/m.test(await admitted()));
  const following = followByEvents(addresses);
  await until(async () => /requests_admitted\{.*"waiting".*\} 1$/m.test(await admitted()));
  program.signal('SIGTERM');
  await refusalOf(addresses.graphqlUrl);
  holding.abort();
  expect(await held).toBeNull();
  expect(await (await following).ended).not.toContain('event: complete');
  expect(await program.ended).toMatchObject(inOrder);
});

describe('who does not leave when told so is cut off with the end of the grace period, and is no fault', () => {
  const hasty = { ...environment, BKJOB_GQL__SHUTDOWN__GRACE_PERIOD: '300ms' };

  it('on a socket', async () => {
    await using program = runProgram({ environment: hasty });
    const socket = new WebSocket(socketUrl(await addressesOf(program)), 'graphql-transport-ws');
    socket.on('error', () => undefined);
    await once(socket, 'open');
    socket.pause();
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject(inOrder);
    socket.terminate();
  });

  it('on a stream, more of which has been said than the system holds', async () => {
    const enough = '100000000';
    await using program = runProgram({
      environment: {
        ...hasty,
        BKJOB_GQL__DEMAND_CONTROL__MAX: enough,
        BKJOB_GQL__DEMAND_CONTROL__PER_IDENTITY__CAPACITY: enough,
      },
    });
    const { graphqlUrl } = await addressesOf(program);
    const hosts = Array.from(
      'abcdef',
      (name) => `${name}: steps { ipResults { id ip status startTime endTime } }`,
    );
    const query = `subscription {
      jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "20000000009") { ${hosts.join(' ')} }
    }`;
    const { body } = await ask(graphqlUrl, query, { accept: 'text/event-stream' });
    const pieces = body?.getReader();
    let text = '';
    while (!text.includes('event: next')) text += Buffer.from((await pieces?.read())?.value ?? []).toString();
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject(inOrder);
    await pieces?.cancel();
  });
});
