import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from 'graphql-ws';
import { WebSocket, type ClientOptions } from 'ws';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { connect, followOverSocket } from '../../support/live/follow-over-socket.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestService, type LogLine, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
let client: Client | null = null;

beforeEach(async () => {
  service = await startTestService({ environment: { BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0' } });
  addControlledJob(service.simulator);
  service.simulator.world.setUser(token, { accessBusiness: 'all', viewHistory: 'all' });
});
afterEach(async () => {
  await client?.dispose();
  client = null;
  await service[Symbol.asyncDispose]();
});

const token = 'Zq3kQ9xT7mB2nV5cLw';
const bearer = 'Hd8sYw4eJr6uPb1gXf';
const spanId = 'b7ad6b7169203331';

/** The first message of a socket, and what of it signs somebody in, or could. */
const firstMessages: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
  ['the sign-in', token, { 'X-Bkapi-Authorization': JSON.stringify({ bk_token: token }) }],
  [
    'a sign-in of something else beside it',
    bearer,
    { 'x-bkapi-authorization': '{"bk_token":"alice"}', Authorization: `Bearer ${bearer}` },
  ],
  [
    'a cookie beside it',
    bearer,
    {
      'x-bkapi-authorization': '{"bk_token":"alice"}',
      cookie: `bk_ticket=${bearer}`,
      retries: 3,
      more: null,
    },
  ],
];

/** Opens a socket with these headers, on which the first message says this. */
function open(
  connectionParams: Readonly<Record<string, unknown>>,
  headers: ClientOptions['headers'],
): Client {
  class WithHeaders extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { headers });
    }
  }
  const url = new URL('/ws', service.graphqlUrl).href.replace('http', 'ws');
  client = connect(url, { connectionParams, webSocketImpl: WithHeaders });
  return client;
}

const subscription = (name: string): string =>
  `subscription ${name} { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42") { phase } }`;

/** The line of a stream that its client has left. */
async function lineOf(one: Client, name: string): Promise<LogLine> {
  const followed = followOverSocket(one, subscription(name));
  await followed.until(1);
  followed.stop();
  return eventually(() => {
    const line = service.logged.find(({ msg }) => msg === 'request');
    if (line === undefined) throw new Error('There is no line yet.');
    return line;
  });
}

describe.each(firstMessages)('where the first message of a socket holds %s', (_what, secret, message) => {
  it.each([
    ['as it is', secret],
    ['in part', secret.slice(0, 14)],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['in base64', Buffer.from(secret).toString('base64url')],
  ])('it is withheld as number and name of a stream: %s', async (_how, requestId) => {
    const line = await lineOf(open(message, { 'x-request-id': requestId }), secret);
    expect(line).toMatchObject({
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      operation: 'subscription',
      name: '(withheld)',
      code: 'ok',
    });
    const page = await service.telemetry.metricsPage();
    expect(page).not.toContain(secret);
    expect(page).toContain(
      'bkjob_gql_operations_total{operation_type="subscription",operation_name="(others)",code="ok"} 1',
    );
  });

  it('no trace is told that holds it', async () => {
    const traceId = Buffer.from(secret).toString('hex').slice(0, 32);
    const line = await lineOf(open(message, { traceparent: `00-${traceId}-${spanId}-01` }), 'Follow');
    expect(line).toMatchObject({ name: 'Follow' });
    expect(line).not.toHaveProperty('traceId');
  });

  it('it is blanked out in faults while the stream lasts', async () => {
    await followOverSocket(open(message, {}), subscription('Follow')).until(1);
    service.telemetry.log.fault(new Error(`unexpected: ${secret}`));
    service.telemetry.flushNow();
    const faults = service.logged.filter(({ level }) => level === 50);
    expect(faults).toHaveLength(1);
    expect(JSON.stringify(faults)).not.toContain(secret);
  });
});

it('what of a socket holds no sign-in is told as it came', async () => {
  const headers = {
    'x-request-id': 'number-of-the-socket',
    traceparent: `00-${'12345678'.repeat(4)}-${spanId}-01`,
  };
  const message = {
    'X-Bkapi-Authorization': JSON.stringify({ bk_token: token }),
    'X-Bk-Tenant-Id': 'Follow',
  };
  expect(await lineOf(open(message, headers), 'Follow')).toMatchObject({
    requestId: 'number-of-the-socket',
    traceId: '12345678'.repeat(4),
    name: 'Follow',
  });
});
