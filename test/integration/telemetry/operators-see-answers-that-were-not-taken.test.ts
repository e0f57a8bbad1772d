import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startTestService, type LogLine, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ environment: { BKJOB_GQL__SERVER__WRITE_STALL_TIMEOUT: '100ms' } });
});
afterAll(() => service[Symbol.asyncDispose]());

const job = '(scope: {bkBizId: "2"}, jobInstanceId: "20000000009")';
const hosts =
  'ipResults { id ip bkCloudId bkHostId tag status statusCode phase exitCode startTime endTime totalTime }';

/** More than the system takes of an answer while nobody reads. */
const fourTimes = ['a', 'b', 'c', 'd'].map((alias) => `${alias}: ${hosts}`).join(' ');
const query = `{ jobInstance${job} { ${fourTimes} } }`;
const following = `subscription { jobInstanceUpdated${job} { ${fourTimes} } }`;

function requestOf(requestId: string, body: object, accept = 'application/json'): string {
  const text = JSON.stringify(body);
  return [
    'POST /graphql HTTP/1.1',
    'host: service',
    `x-request-id: ${requestId}`,
    `accept: ${accept}`,
    'content-type: application/json',
    'x-bkapi-authorization: {"bk_token":"alice"}',
    `content-length: ${String(text.length)}`,
    '',
    text,
  ].join('\r\n');
}

/** Asks on a connection of its own, of which nothing is read. */
function ask(...requests: readonly string[]): Socket {
  const { hostname, port } = new URL(service.graphqlUrl);
  const client = connect(Number(port), hostname);
  client.write(requests.join(''));
  return client;
}

/** Reads until another answer begins, and nothing after it. */
function readUntilTheNextAnswer(client: Socket): void {
  const begin = 'HTTP/1.1 ';
  let end = '';
  // The first answer begins with the first byte.
  let from = 1;
  client.on('data', (part: Buffer) => {
    const text = end + part.toString('latin1');
    if (text.includes(begin, from)) client.pause();
    from = 0;
    end = text.slice(1 - begin.length);
  });
}

/** Waits for the line of the request with this number. */
function lineOf(requestId: string): Promise<LogLine> {
  return eventually(() => {
    const line = service.logged.find((one) => one['requestId'] === requestId && one['msg'] === 'request');
    if (line === undefined) throw new Error(`There is no line of ${requestId} yet.`);
    return line;
  });
}

const counted = async (): Promise<number> => {
  const page = await service.telemetry.metricsPage();
  const [, count] =
    /duration_seconds_count\{transport="http",http_response_status_code="499"\} (\d+)/.exec(page) ?? [];
  return Number(count ?? 0);
};

it('a client that takes nothing of its answer is ended, and has status 499 as one that left', async () => {
  const before = await counted();
  const client = ask(requestOf('never-reads', { query }));
  expect(await lineOf('never-reads')).toMatchObject({ status: 499, transport: 'http' });
  expect(await counted()).toBe(before + 1);
  client.destroy();
});

it('a client that takes one answer, and nothing of the next that it asked for early, is ended', async () => {
  // Once the operation is known, both are answered by one read, in the same moment.
  await service.query(query);
  await service.query(query);
  const client = ask(requestOf('reads-the-first', { query }), requestOf('reads-no-more', { query }));
  readUntilTheNextAnswer(client);
  expect(await lineOf('reads-the-first')).toMatchObject({ status: 200 });
  expect(await lineOf('reads-no-more')).toMatchObject({ status: 499 });
  client.destroy();
});

it('a client that leaves in the middle of its answer has status 499', async () => {
  const client = ask(requestOf('leaves-halfway', { query }));
  await once(client, 'readable');
  client.destroy();
  expect(await lineOf('leaves-halfway')).toMatchObject({ status: 499 });
});

it('a client that takes nothing of a stream is ended, and has status 499', async () => {
  const client = ask(requestOf('never-reads-stream', { query: following }, 'text/event-stream'));
  expect(await lineOf('never-reads-stream')).toMatchObject({ status: 499, transport: 'sse' });
  client.destroy();
});
