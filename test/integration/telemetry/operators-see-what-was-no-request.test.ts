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

const chunked = `${post}transfer-encoding: chunked\r\n\r\n`;

it.each([
  ['cannot be read', `${chunked}no length\r\n`, 400],
  ['does not come in time', `${post}content-length: 100\r\n\r\n{`, 408],
  ['comes in too many pieces', chunked + '1\r\n \r\n'.repeat(9000), 413],
])(
  'a request whose body %s counts as a request, with what its client is told',
  async (_name, text, status) => {
    await using service = await startTestService({
      environment: { BKJOB_GQL__SERVER__REQUEST_READ_TIMEOUT: '1s' },
    });
    await send(service, text);
    expect(await refusals(service)).toEqual({});
    const lines = service.logged.filter(({ msg }) => msg === 'request');
    expect(lines).toMatchObject([{ status, code: 'BAD_USER_INPUT' }]);
    const labels = `transport="http",http_response_status_code="${String(status)}"`;
    expect(await service.telemetry.metricsPage()).toContain(
      `http_server_request_duration_seconds_count{${labels}} 1\n`,
    );
  },
);

it('so does one whose client leaves, which is told nothing', async () => {
  await using service = await startTestService();
  const { hostname, port } = new URL(service.graphqlUrl);
  const client = connect(Number(port), hostname);
  client.write(`${post}content-length: 100\r\n\r\n{`);
  const underWay = () => service.telemetry.metricsPage();
  await expect.poll(underWay).toContain('\nhttp_server_active_requests 1\n');
  client.destroy();
  await expect.poll(underWay).toContain('\nhttp_server_active_requests 0\n');
  expect(service.logged.filter(({ msg }) => msg === 'request')).toMatchObject([
    { status: 499, code: 'cancelled' },
  ]);
});
