import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import type { SimulatedJob } from '../../src/simulator/job-model.ts';
import { startTestService, type TestService } from '../support/start-test-service.ts';

const MiB = 1024 * 1024;

/** Answers may wait with 32 MiB, and those of one caller with 8; of some 12 MB each, of which the system takes a part. */
const environment = { BKJOB_GQL__UPSTREAM__MAX_HELD_HOST_BYTES: '64MiB' };

const hosts = 8_000;
const tag = 'x'.repeat(1_500);

function jobOf(operator: string): SimulatedJob {
  return {
    scope: { type: 'biz', id: '2' },
    jobInstanceId: `9${String(operator.length)}`,
    name: `job of ${operator}`,
    statusCode: 3,
    createTime: 1,
    operator,
    steps: [
      {
        stepInstanceId: '91',
        name: 'only step',
        statusCode: 3,
        typeCode: 1,
        executeCount: 0,
        createTime: 1,
        hosts: Array.from({ length: hosts }, (_none, index) => ({
          bkHostId: String(index),
          ip: '10.0.0.1',
          bkCloudId: '0',
          statusCode: 9,
          exitCode: 0,
          tag,
        })),
      },
    ],
  };
}

const jobInstance = ({ jobInstanceId }: SimulatedJob, fields: string): string =>
  `{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: ${jobInstanceId}) { ${fields} } }`;
const long = (job: SimulatedJob): string => jobInstance(job, 'ipResults { tag }');
const short = (job: SimulatedJob): string => jobInstance(job, 'ipResultSummary { total }');

/** A client that sends requests at once, and reads the beginning of the first answer and no more of it. */
async function ask(
  { graphqlUrl }: TestService,
  token: string,
  documents: readonly string[],
): Promise<Socket> {
  const { hostname, port } = new URL(graphqlUrl);
  const client = connect(Number(port), hostname);
  const requests = documents.map((query, index) => {
    const body = JSON.stringify({ query });
    const connection = index === documents.length - 1 ? 'close' : 'keep-alive';
    return [
      'POST /graphql HTTP/1.1',
      'host: service',
      `connection: ${connection}`,
      'content-type: application/json',
      `x-bkapi-authorization: {"bk_token":"${token}"}`,
      `content-length: ${String(body.length)}\r\n\r\n${body}`,
    ].join('\r\n');
  });
  client.write(requests.join(''));
  await once(client, 'readable');
  return client;
}

interface Taken {
  readonly bytes: number;
  /** Statuses of its answers, in their order. */
  readonly statuses: readonly string[];
}

/** Reads all that comes until the connection ends. */
async function takeAll(client: Socket): Promise<Taken> {
  let bytes = 0;
  const statuses: string[] = [];
  for await (const chunk of client.setEncoding('latin1') as AsyncIterable<string>) {
    bytes += chunk.length;
    statuses.push(...Array.from(chunk.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status = '']) => status));
  }
  return { bytes, statuses };
}

const rateLimited = { code: 'RATE_LIMITED', retryable: true, retryAfter: 1000 };

async function start() {
  const service = await startTestService({ environment });
  const [ofAlice, ofBob] = [jobOf('alice'), jobOf('bob')];
  for (const job of [ofAlice, ofBob]) service.simulator.world.addJob(job);
  return { service, ofAlice, ofBob, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

it('a caller who takes nothing gets no more large answers until he does, and others get theirs', async () => {
  await using started = await start();
  const { service, ofAlice, ofBob } = started;
  await using client = await ask(service, 'alice', [long(ofAlice)]);
  const { status, headers, body } = await service.query(short(ofAlice));
  expect(status).toBe(429);
  expect(headers['retry-after']).toBe('1');
  expect(body.errors).toMatchObject([{ extensions: rateLimited }]);
  // What needs no hosts is still told, and to others everything.
  expect((await service.query(jobInstance(ofAlice, 'name'))).status).toBe(200);
  const other = await takeAll(await ask(service, 'bob', [long(ofBob)]));
  expect(other).toEqual({ bytes: expect.any(Number), statuses: ['200'] });
  const { bytes, statuses } = await takeAll(client);
  expect(statuses).toEqual(['200']);
  expect(bytes).toBeGreaterThan(hosts * tag.length);
  await expect.poll(async () => (await service.query(short(ofAlice))).status).toBe(200);
});

it('of what is asked for ahead on one connection a caller gets as much as may wait, and is told of the rest', async () => {
  await using started = await start();
  const { service, ofAlice } = started;
  await using client = await ask(
    service,
    'alice',
    Array.from({ length: 16 }, () => long(ofAlice)),
  );
  const log = () => service.logged.filter(({ code }) => code === 'RATE_LIMITED');
  await expect
    .poll(() => service.telemetry.metricsPage())
    .toContain('bkjob_gql_requests_admitted{class="hosts",state="running"} 0\n');
  const { bytes, statuses } = await takeAll(client);
  expect(statuses).toEqual(['200', ...Array.from({ length: 15 }, () => '429')]);
  expect(bytes).toBeLessThan(16 * MiB);
  await expect.poll(log).toHaveLength(15);
  expect(log()[0]).toMatchObject({ status: 429 });
});

it('where too much waits for all, whoever most waits for is cut off, and the answer that came last is whole', async () => {
  await using service = await startTestService({
    environment: { BKJOB_GQL__UPSTREAM__MAX_HELD_HOST_BYTES: '32MiB' },
  });
  const [ofAlice, ofBob] = [jobOf('alice'), jobOf('bob')];
  for (const job of [ofAlice, ofBob]) service.simulator.world.addJob(job);
  await using first = await ask(service, 'alice', [long(ofAlice)]);
  await using second = await ask(service, 'bob', [long(ofBob)]);
  expect((await takeAll(first)).bytes).toBeLessThan(hosts * tag.length);
  expect((await takeAll(second)).bytes).toBeGreaterThan(hosts * tag.length);
  expect((await service.query(short(ofAlice))).status).toBe(200);
});
