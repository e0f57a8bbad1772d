import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { createClient } from 'graphql-sse';
import { addControlledJob, type ControlledJob } from '../../support/live/controlled-job.ts';
import { collect, type Followed } from '../../support/live/follow-over-socket.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
let job: ControlledJob;
let isEnded = false;

beforeEach(async () => {
  isEnded = false;
  service = await startTestService({
    environment: {
      BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0',
      BKJOB_GQL__SUBSCRIPTION__WEBSOCKET__KEEP_ALIVE: '100ms',
      BKJOB_GQL__SUBSCRIPTION__MAX_PER_IDENTITY: '2',
    },
  });
  job = addControlledJob(service.simulator);
});
afterEach(async () => {
  if (!isEnded) await end();
});

async function end(): Promise<void> {
  isEnded = true;
  await service[Symbol.asyncDispose]();
}

const query = `subscription Follow($job: ID!) {
  jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: $job) { phase finished }
}`;
const headers = { 'x-bkapi-authorization': '{"bk_token":"alice"}' };

function followByEvents(variables = { job: '42' }): Followed {
  const client = createClient({ url: service.graphqlUrl, headers, retryAttempts: 0 });
  return collect((sink) => client.subscribe({ query, variables }, sink));
}

function followByApollo(): Followed {
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: new HttpLink({ uri: service.graphqlUrl, headers }),
  });
  return collect((sink) => {
    const subscription = client.subscribe({ query: gql(query), variables: { job: '42' } }).subscribe({
      ...sink,
      next: ({ data, error }) => {
        sink.next({ data, error });
      },
    });
    return () => {
      subscription.unsubscribe();
    };
  });
}

/** A stream as its bytes come, until something stands in them. */
async function readUntil(response: Response, wanted: string): Promise<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes(wanted)) {
    const { done, value } = await reader.read();
    if (done) return `${text}<end>`;
    text += value;
  }
  await reader.cancel();
  return text;
}

function ask(
  accept: string,
  body: object = { query, variables: { job: '42' } },
  more = headers,
): Promise<Response> {
  return fetch(service.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...more },
    body: JSON.stringify(body),
  });
}

function askByUrl(more: Readonly<Record<string, string>>, document = query): Promise<Response> {
  const url = new URL(service.graphqlUrl);
  url.search = new URLSearchParams({ query: document, variables: '{"job":"42"}' }).toString();
  return fetch(url, { headers: { ...headers, ...more } });
}

const multipart = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json';

describe.each([
  ['server-sent events, with graphql-sse', followByEvents],
  ['multipart, with Apollo Client', followByApollo],
])('a job that is followed by %s', (_how, follow) => {
  it('comes at once, on every change, and ends with the message that it is over', async () => {
    const followed = follow();
    expect(await followed.until(1)).toMatchObject({
      data: { jobInstanceUpdated: { phase: 'RUNNING', finished: false } },
    });
    job.become(4);
    await followed.completed;
    expect(followed.payloads.map(({ data }) => data?.['jobInstanceUpdated'])).toMatchObject([
      { phase: 'RUNNING' },
      { phase: 'FAILED', finished: true },
    ]);
  });

  it('is read for nobody once its client has left', async () => {
    const followed = follow();
    await followed.until(1);
    followed.stop();
    const other = followByEvents({ job: '20000000003' });
    await other.until(1);
    // Two streams are all that one caller may have here: the third fits once the first has gone.
    await expect.poll(() => followByEvents({ job: '20000000003' }).until(1)).toBeDefined();
    other.stop();
  });
});

describe('a stream of server-sent events', () => {
  it('shows that it lives while there is nothing to tell', async () => {
    const response = await ask('text/event-stream');
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const text = await readUntil(response, '\n\n:\n\n');
    expect(text).toBe(
      ':\n\nevent: next\ndata: {"data":{"jobInstanceUpdated":{"phase":"RUNNING","finished":false}}}\n\n:\n\n',
    );
  });

  it.each([
    {},
    { 'apollo-require-preflight': 'x' },
    { 'x-apollo-operation-name': 'Follow' },
    { 'content-type': 'Application/JSON ; charset=utf-8' },
  ])('may be asked for by a URL, with %j', async (preflight: object) => {
    const response = await askByUrl({ accept: 'text/event-stream', ...preflight });
    expect(await readUntil(response, 'RUNNING')).toContain('event: next');
  });

  it('is ended so that its client opens it anew when the service ends', async () => {
    const response = await ask('text/event-stream');
    const reading = readUntil(response, 'event: complete');
    await followByEvents().until(1);
    await end();
    expect(await reading).toMatch(/<end>$/);
  });
});

describe('a multipart stream', () => {
  it('is written as Apollo Router writes it', async () => {
    const response = await ask(multipart);
    expect(response.headers.get('content-type')).toBe(
      'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
    );
    const head = '\r\ncontent-type: application/json; charset=utf-8\r\n\r\n';
    expect(await readUntil(response, '{}\r\n--graphql')).toBe(
      `\r\n--graphql${head}{"payload":{"data":{"jobInstanceUpdated":{"phase":"RUNNING","finished":false}}}}\r\n--graphql${head}{}\r\n--graphql`,
    );
  });

  it('tells its client to subscribe again when the service ends', async () => {
    const response = await ask(multipart);
    const reading = readUntil(response, '--graphql--');
    await followByEvents().until(1);
    await end();
    expect(await reading).toMatch(/\{"payload":null,"errors":\[.*"retryable":true.*\r\n--graphql--/s);
  });
});

describe('a stream is refused', () => {
  it.each([
    ['to nobody', { query, variables: { job: '42' } }, { 'x-bkapi-authorization': '' }, 400],
    ['without a sign-in', { query, variables: { job: '42' } }, {}, 401],
    ['of what is no GraphQL', { query: 'subscription {' }, headers, 400],
    ['with variables that do not fit', { query, variables: {} }, headers, 400],
  ])('%s', async (_what, body, more, status) => {
    const response = await ask('text/event-stream', body, more as typeof headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { retryable: false } }] });
    expect(service.simulator.calls.all()).toEqual([]);
  });

  it.each([
    ['events', { accept: 'text/event-stream', 'user-agent': 'Mozilla/5.0 (X11)' }],
    ['parts', { accept: multipart, 'sec-fetch-site': 'cross-site' }],
    ['events, as a type that is none', { accept: 'text/event-stream', 'content-type': 'x' }],
    ['events, with cookies', { accept: 'text/event-stream', 'apollo-require-preflight': '', cookie: 'a=b' }],
    [
      'events, as plain text',
      { accept: 'text/event-stream', 'content-type': 'Text/plain ;charset=utf-8', origin: 'null' },
    ],
    ['events, with an origin', { accept: 'text/event-stream', origin: 'https://elsewhere.example.com' }],
  ])('that any page could ask for, as a query is: %s', async (_what, more) => {
    const response = await askByUrl(more);
    const asQuery = await askByUrl({ ...more, accept: 'application/json' }, '{ __typename }');
    expect([400, 415]).toContain(response.status);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      asQuery.status,
      asQuery.headers.get('content-type'),
    ]);
    expect(await response.json()).toEqual(await asQuery.json());
    expect(service.simulator.calls.all()).toEqual([]);
  });

  it('where a caller has as many as it may', async () => {
    await Promise.all([followByEvents().until(1), followByEvents().until(1)]);
    const response = await ask('text/event-stream');
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  });
});

it('a query passes, whatever streams its client would take', async () => {
  const response = await ask(`${multipart},text/event-stream`, { query: '{ __typename }' });
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
});

it('where following is switched off a subscription is refused, and waiting goes on', async () => {
  await using quiet = await startTestService({ environment: { BKJOB_GQL__SUBSCRIPTION__ENABLED: 'off' } });
  const refused = await quiet.query(query, {
    variables: { job: '20000000011' },
    headers: { accept: 'text/event-stream' },
  });
  expect([400, 406]).toContain(refused.status);
  const upgrade = await fetch(new URL('/ws', quiet.graphqlUrl));
  expect(upgrade.status).toBe(404);
  const { body } = await quiet.query(
    '{ waitForJobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000011") { finished } }',
  );
  expect(body).toEqual({ data: { waitForJobInstance: { finished: true } } });
});
