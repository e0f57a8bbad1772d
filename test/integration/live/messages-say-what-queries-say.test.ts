import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { createClient as createSseClient } from 'graphql-sse';
import type { Client } from 'graphql-ws';
import { addControlledJob, type ControlledJob } from '../../support/live/controlled-job.ts';
import { collect, connect, followOverSocket, type Followed } from '../../support/live/follow-over-socket.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
let job: ControlledJob;
let client: Client;

beforeEach(async () => {
  service = await startTestService({ environment: { BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0' } });
  job = addControlledJob(service.simulator);
  client = connect(new URL('/ws', service.graphqlUrl).href.replace('http', 'ws'));
});
afterEach(async () => {
  await client.dispose();
  await service[Symbol.asyncDispose]();
});

const selections = {
  'a small message': 'name phase statusCode endTime steps { name executeCount }',
  'a message too large to be copied for each client':
    'name steps { ipResults { id ip bkHostId status statusCode phase tag exitCode startTime endTime } }',
};
const headers = { 'x-bkapi-authorization': '{"bk_token":"alice"}' };

const transports = {
  WebSocket: (query: string) => followOverSocket(client, query),
  'server-sent events': (query: string) =>
    collect((sink) =>
      createSseClient({ url: service.graphqlUrl, headers, retryAttempts: 0 }).subscribe({ query }, sink),
    ),
  multipart: (query: string) =>
    collect((sink) => {
      const apollo = new ApolloClient({
        cache: new InMemoryCache(),
        link: new HttpLink({ uri: service.graphqlUrl, headers }),
      });
      const subscription = apollo
        .subscribe({ query: gql(query), fetchPolicy: 'no-cache', errorPolicy: 'all' })
        .subscribe({
          ...sink,
          next: ({ data, error }) => {
            sink.next({ data, ...(error !== undefined && { errors: [error] }) });
          },
        });
      return () => {
        subscription.unsubscribe();
      };
    }),
} satisfies Readonly<Record<string, (query: string) => Followed>>;

async function answersFromBytes(): Promise<number> {
  const page = await service.telemetry.metricsPage();
  return Number(/bkjob_gql_fast_path_answers_total (\d+)/.exec(page)?.[1] ?? 0);
}

/** Apollo Client asks for these on its own. */
function withoutTypeNames(value: unknown): unknown {
  const isKept = (name: string, one: unknown): unknown => (name === '__typename' ? undefined : one);
  return JSON.parse(JSON.stringify(value, isKept));
}

const hosts = (statusCode: number) => [statusCode, ...Array.from({ length: 150 }, () => 7)];

describe.each(Object.entries(transports))('over %s', (_transport, follow) => {
  it.each(Object.entries(selections))('%s says what a query says', async (_size, selection) => {
    const field = `jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42") { ${selection} }`;
    job.become(2, { hosts: hosts(9) });
    const followed = follow(`subscription { ${field} }`);
    const query = `{ ${field.replace('jobInstanceUpdated', 'jobInstance')} }`;
    const isWhatAQuerySays = async (count: number) => {
      const { data } = await followed.until(count);
      const { body } = await service.query(query);
      expect(withoutTypeNames(data?.['jobInstanceUpdated'])).toEqual(body.data?.['jobInstance']);
    };
    await isWhatAQuerySays(1);
    const before = await answersFromBytes();
    // A state of no known code, and a host of none.
    job.become(2, { executeCount: 1, hosts: hosts(4711) });
    await isWhatAQuerySays(2);
    expect(await answersFromBytes()).toBeGreaterThan(before);
    job.remove();
    expect(await followed.until(3)).toMatchObject({ errors: [{}] });
    await followed.completed;
  });
});
