import { fetch, type Response } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

const most = 4096;
/** What one of these subscriptions costs at first, and hardly more. */
const capacity = 1100;

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    environment: {
      BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0',
      BKJOB_GQL__SUBSCRIPTION__WEBSOCKET__MAX_PAYLOAD: String(most),
      BKJOB_GQL__DEMAND_CONTROL__MAX: String(capacity),
      BKJOB_GQL__DEMAND_CONTROL__PER_IDENTITY__CAPACITY: String(capacity),
      BKJOB_GQL__DEMAND_CONTROL__PER_IDENTITY__REFILL_PER_SECOND: '1',
    },
  });
  addControlledJob(service.simulator);
});
afterAll(() => service[Symbol.asyncDispose]());

const selection = `(scope: {bkBizId: "2"}, jobInstanceId: "42") { ipResults(filter: $filter) { ip } }`;
const subscription = `subscription ($filter: IpResultFilter) { jobInstanceUpdated${selection} }`;

interface Sent {
  readonly accept: string;
  readonly token: string;
  readonly query?: string;
}

/** A body that asks by variables of so many bytes that it has so many itself. */
function bodyOf(bytes: number, query = subscription): string {
  const bodyWith = (tag: string): string => JSON.stringify({ query, variables: { filter: { tag: [tag] } } });
  return bodyWith('x'.repeat(bytes - bodyWith('').length));
}

const headersOf = ({ accept, token }: Sent) => ({
  accept,
  'content-type': 'application/json',
  'x-bkapi-authorization': JSON.stringify({ bk_token: token }),
});

function askInOnePiece(bytes: number, sent: Sent): Promise<Response> {
  return fetch(service.graphqlUrl, {
    method: 'POST',
    headers: headersOf(sent),
    body: bodyOf(bytes, sent.query),
  });
}

/** Asks with a body of so many bytes, and tells the status; streams are left at once. */
async function statusOf(bytes: number, sent: Sent): Promise<number> {
  const response = await askInOnePiece(bytes, sent);
  await response.body?.cancel();
  return response.status;
}

/** The same, in a body that does not say how long it is. */
function askInPieces(bytes: number, sent: Sent): Promise<Response> {
  const body = new Blob([bodyOf(bytes, sent.query)]).stream();
  return fetch(service.graphqlUrl, { method: 'POST', headers: headersOf(sent), body, duplex: 'half' });
}

function askByUrl(bytes: number, sent: Sent): Promise<Response> {
  const url = new URL(service.graphqlUrl);
  const { query, variables } = JSON.parse(bodyOf(bytes)) as { query: string; variables: object };
  url.search = new URLSearchParams({ query, variables: JSON.stringify(variables) }).toString();
  return fetch(url, { headers: headersOf(sent) });
}

/** What is counted of streams that began. */
async function opened(): Promise<readonly string[]> {
  const page = await service.telemetry.metricsPage();
  return page.split('\n').filter((line) => line.startsWith('bkjob_gql_subscriptions_opened_total'));
}

describe.each([
  ['sse', 'text/event-stream'],
  ['multipart', 'multipart/mixed;subscriptionSpec=1.0'],
])('a subscription over HTTP (%s)', (transport, accept) => {
  it('may be asked for by as much as a message of a WebSocket holds', async () => {
    expect(await statusOf(most, { accept, token: `${transport}-of-the-largest` })).toBe(200);
  });

  it.each([
    ['in a body', askInOnePiece],
    ['in a body that does not say how long it is', askInPieces],
    ['in a URL', askByUrl],
  ])('is refused where it is asked for by more: %s', async (_how, ask) => {
    const before = await opened();
    const response = await ask(most + 1, { accept, token: `${transport}-of-too-many-bytes` });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'A subscription may be asked for by 4096 bytes.',
          extensions: { code: 'BAD_USER_INPUT', retryable: false },
        },
      ],
    });
    expect(await opened()).toEqual(before);
  });

  it('costs nothing where it is refused for that', async () => {
    const sent = { accept, token: `${transport}-of-little-means` };
    expect(await statusOf(most + 1, sent)).toBe(413);
    expect(await statusOf(most + 1, sent)).toBe(413);
    expect(await statusOf(most, sent)).toBe(200);
  });

  it('leaves queries as large as they may be', async () => {
    const query = `query ($filter: IpResultFilter) { jobInstance${selection} } # no subscription`;
    expect(await statusOf(2 * most, { accept: `application/json,${accept}`, token: 'asker', query })).toBe(
      200,
    );
  });
});
