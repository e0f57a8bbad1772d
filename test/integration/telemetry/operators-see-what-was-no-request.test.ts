import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

async function refusals(service: TestService): Promise<Readonly<Record<string, number>>> {
  const page = await service.telemetry.metricsPage();
  const samples = page.matchAll(/^bkjob_gql_connections_refused_total\{reason="([\w-]+)"\} (\d+)$/gm);
  return Object.fromEntries([...samples].map(([, reason = '', count]) => [reason, Number(count)]));
}

/** Sends this over a connection of its own until the service ends it. */
async function send({ graphqlUrl }: TestService, text: string): Promise<void> {
  const { hostname, port } = new URL(graphqlUrl);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined).resume();
  socket.write(text);
  await once(socket, 'close');
}

const post = 'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';

it.each([
  ['malformed', 'no request at all\r\n\r\n'],
  ['malformed', `${post}transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n{}`],
  ['head-too-large', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
  ['timeout', 'GET / HTTP/1.1\r\nhost: a\r\nx-slow: '],
  ['expectation', `${post}expect: a miracle\r\ncontent-length: 2\r\n\r\n{}`],
  ['upgrade', 'GET /nowhere HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
])('a connection that brings no request is counted: %s', async (reason, text) => {
  await using service = await startTestService({
    environment: { BKJOB_GQL__SERVER__HEADER_READ_TIMEOUT: '1s' },
  });
  await send(service, text);
  expect(await refusals(service)).toEqual({ [reason]: 1 });
  expect(service.logged).toEqual([]);
});

it('so is one that is too many', async () => {
  await using service = await startTestService({ environment: { BKJOB_GQL__SERVER__MAX_CONNECTIONS: '1' } });
  const { hostname, port } = new URL(service.graphqlUrl);
  const kept = connect(Number(port), hostname);
  kept.write('GET /health HTTP/1.1\r\nhost: a\r\n\r\n');
  await once(kept, 'data');
  await send(service, '');
  expect(await refusals(service)).toEqual({ 'too-many': 1 });
  kept.destroy();
});

it('a request that breaks off in its body counts as a request, and not twice', async () => {
  await using service = await startTestService({
    environment: { BKJOB_GQL__SERVER__REQUEST_READ_TIMEOUT: '1s' },
  });
  await send(service, `${post}transfer-encoding: chunked\r\n\r\nno length\r\n`);
  await send(service, `${post}content-length: 100\r\n\r\n{`);
  expect(await refusals(service)).toEqual({});
  expect(service.logged.filter(({ msg }) => msg === 'request')).toHaveLength(2);
});
