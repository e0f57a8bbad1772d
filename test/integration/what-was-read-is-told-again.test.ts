import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExecutableSchema } from '../../src/execution/schema.ts';
import type { SimulatedJob } from '../../src/simulator/index.ts';
import { eventually } from '../support/eventually.ts';
import { generateOperation } from '../support/operations/generate-operation.ts';
import { startTestService, type GraphqlAnswer, type TestService } from '../support/start-test-service.ts';

const longEnough = { BKJOB_GQL__CACHE__MEMORY__TTL: '60s' };
const partialFailure = '20000000004';
const moving = '20000000900';

const state =
  'query ($job: ID!) { jobInstance(scope: { bkBizId: "2" }, jobInstanceId: $job) { name observedAt } }';

const startCaching = () => startTestService({ environment: longEnough });

const running = { statusCode: 2, hostStatusCode: 7, executeCount: 0 };

/** A job of so many hosts that runs, or is in another state. */
function jobNamed(name: string, hosts = 2, state = running): SimulatedJob {
  const { statusCode, hostStatusCode, executeCount } = state;
  return {
    scope: { type: 'biz', id: '2' },
    jobInstanceId: moving,
    name,
    statusCode,
    operator: 'alice',
    steps: [
      {
        stepInstanceId: '9001',
        name: 'step',
        statusCode,
        typeCode: 1,
        executeCount,
        hosts: Array.from({ length: hosts }, (_none, place) => ({
          bkHostId: String(place + 1),
          ip: `192.0.2.${String(place + 1)}`,
          bkCloudId: '0',
          statusCode: hostStatusCode,
        })),
      },
    ],
  };
}

const nameOf = (answer: Awaited<ReturnType<TestService['query']>>): unknown =>
  (answer.body.data?.['jobInstance'] as { readonly name?: unknown } | null)?.name;

describe('a service that keeps what it read', () => {
  it('asks bk-job once for what a caller asks twice, and tells when it asked', async () => {
    await using service = await startCaching();
    const asked = { variables: { job: partialFailure } };
    const first = await service.query(state, asked);
    const second = await service.query(state, asked);
    expect(second.body).toEqual(first.body);
    expect(first.body.errors).toBeUndefined();
    expect(service.simulator.calls.all()).toHaveLength(1);
    await eventually(() => {
      const requests = service.logged.filter(({ msg }) => msg === 'request');
      expect(requests.map(({ calls, cached }) => [calls, cached])).toEqual([
        [1, 0],
        [0, 1],
      ]);
    });
    const page = await service.telemetry.metricsPage();
    const labels = 'endpoint="get_job_instance_status",host_detail="false"';
    for (const outcome of ['hit', 'miss']) {
      expect(page).toContain(`bkjob_gql_upstream_cache_lookups_total{${labels},outcome="${outcome}"} 1\n`);
    }
    expect(page).toMatch(/^bkjob_gql_upstream_cache_bytes [1-9]/m);
  });

  it('asks anew for every other caller', async () => {
    await using service = await startCaching();
    const document = 'query { jobInstance(scope: { bkBizId: "1" }, jobInstanceId: "100") { name } }';
    for (const token of ['alice', 'bob', 'carol', 'alice']) await service.query(document, { token });
    const askedBy = service.simulator.calls.all().map(({ user }) => user);
    expect(askedBy).toEqual(['alice', 'bob', 'carol']);
  });

  it('pages through one state of a job that moves on', async () => {
    await using service = await startCaching();
    const ips: unknown[] = [];
    let after: string | null = null;
    for (let page = 0; page < 4; page += 1) {
      service.simulator.world.addJob(jobNamed('a job that loses hosts', 7 - page));
      const { body } = await service.query(
        'query ($job: ID!, $after: String) { jobInstance(scope: { bkBizId: "2" }, jobInstanceId: $job) { ipResultConnection(first: 2, after: $after) { nodes: edges { node { ip } } pageInfo { endCursor hasNextPage } } } }',
        { variables: { job: moving, after } },
      );
      const { ipResultConnection } = body.data!['jobInstance'] as {
        readonly ipResultConnection: {
          readonly nodes: readonly { readonly node: { readonly ip: string } }[];
          readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
        };
      };
      ips.push(...ipResultConnection.nodes.map(({ node }) => node.ip));
      after = ipResultConnection.pageInfo.endCursor;
      expect(ipResultConnection.pageInfo.hasNextPage).toBe(page < 3);
    }
    expect(ips).toEqual([1, 2, 3, 4, 5, 6, 7].map((place) => `192.0.2.${String(place)}`));
    expect(service.simulator.calls.all()).toHaveLength(1);
  });

  it('keeps no failure, and forgets a caller whom bk-job refuses', async () => {
    await using service = await startCaching();
    const { world, calls } = service.simulator;
    const alice = world.findUser('alice')!;
    const names: unknown[] = [];
    const codes: unknown[] = [];
    const ask = async (job: string): Promise<void> => {
      const answer = await service.query(state, { variables: { job } });
      names.push(nameOf(answer));
      codes.push(answer.body.errors?.[0]?.extensions['code']);
    };
    await ask(moving);
    world.addJob(jobNamed('there now'));
    await ask(moving);
    world.removeUser('alice');
    await ask(moving);
    await ask(partialFailure);
    await ask(moving);
    world.setUser('alice', alice);
    await ask(moving);
    expect(names).toEqual([undefined, 'there now', 'there now', undefined, undefined, 'there now']);
    expect(codes).toEqual([
      'NOT_FOUND',
      undefined,
      undefined,
      'UNAUTHENTICATED',
      'UNAUTHENTICATED',
      undefined,
    ]);
    expect(calls.all()).toHaveLength(5);
  });

  it('looks anew for whoever waits, and tells others what it saw', async () => {
    await using service = await startCaching();
    service.simulator.world.addJob(jobNamed('before'));
    await service.query(state, { variables: { job: moving } });
    service.simulator.world.addJob({ ...jobNamed('after'), statusCode: 3 });
    const waited = await service.query(
      'query ($job: ID!) { waitForJobInstance(scope: { bkBizId: "2" }, jobInstanceId: $job) { name } }',
      { variables: { job: moving } },
    );
    expect(waited.body).toMatchObject({ data: { waitForJobInstance: { name: 'after' } } });
    expect(nameOf(await service.query(state, { variables: { job: moving } }))).toBe('after');
  });
});

describe('a service that keeps jobs that are over', () => {
  const onlyOver = { BKJOB_GQL__CACHE__MEMORY__TERMINAL_TTL: '60s' };
  const withHosts =
    'query ($job: ID!) { jobInstance(scope: { bkBizId: "2" }, jobInstanceId: $job) { name ipResultSummary { total } } }';

  /** A job that succeeded on so many hosts, in this attempt. */
  function jobOver(name: string, { hosts = 2, executeCount = 0 } = {}): SimulatedJob {
    return jobNamed(name, hosts, { statusCode: 3, hostStatusCode: 9, executeCount });
  }

  it('asks twice for one, and twice more for its hosts, before it tells them again', async () => {
    await using service = await startTestService({ environment: onlyOver });
    service.simulator.world.addJob(jobOver('over'));
    const asked: number[] = [];
    for (const document of [state, state, state, withHosts, state, withHosts, withHosts, state]) {
      const { body } = await service.query(document, { variables: { job: moving } });
      expect(body).toMatchObject({ data: { jobInstance: { name: 'over' } } });
      asked.push(service.simulator.calls.all().length);
    }
    expect(asked).toEqual([1, 2, 2, 3, 3, 4, 4, 4]);
  });

  it('believes no single read: one that runs again, or is told by it with other hosts, is asked for anew', async () => {
    await using service = await startTestService({ environment: onlyOver });
    const { world, calls } = service.simulator;
    const told: unknown[] = [];
    for (const job of [
      jobOver('over'),
      jobNamed('tried again'),
      jobOver('over again', { executeCount: 1 }),
      jobOver('over again', { executeCount: 1, hosts: 3 }),
      jobOver('over again', { executeCount: 1, hosts: 3 }),
      jobOver('never looked at', { executeCount: 2 }),
    ]) {
      world.addJob(job);
      const { body } = await service.query(withHosts, { variables: { job: moving } });
      told.push(body.data?.['jobInstance']);
    }
    expect(told).toEqual(
      [
        ['over', 2],
        ['tried again', 2],
        ['over again', 2],
        ['over again', 3],
        ['over again', 3],
        ['over again', 3],
      ].map(([name, total]) => ({ name, ipResultSummary: { total } })),
    );
    expect(calls.all()).toHaveLength(5);
  });
});

it('asks bk-job every time where nothing is said of keeping', async () => {
  await using service = await startTestService();
  for (const _time of [1, 2]) await service.query(state, { variables: { job: partialFailure } });
  expect(service.simulator.calls.all()).toHaveLength(2);
});

it('random operations are answered the same, whether bk-job was asked for them or not', async () => {
  const ofThatYear = { now: () => Date.UTC(2024, 6, 1) };
  const unlimited = {
    BKJOB_GQL__DEMAND_CONTROL__MAX: '1000000000',
    BKJOB_GQL__LIMITS__PARSER_MAX_TOKENS: '1000000',
  };
  await using asking = await startTestService({ simulator: ofThatYear, environment: unlimited });
  await using keeping = await startTestService({
    simulator: ofThatYear,
    environment: { ...unlimited, ...longEnough },
    upstreamUrl: `${asking.simulator.url}/api/bk-job`,
  });
  const schema = createExecutableSchema({ node: true, subscription: true });
  const sources = {
    roots: [partialFailure, '20000000007', '20000000021', '20000000999']
      .flatMap((job) => [
        `jobInstance(scope: {bkBizId: 2}, jobInstanceId: ${job})`,
        `jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: [${job}, 20000000002])`,
        `node(id: "biz:2:${job}")`,
      ])
      .concat('stepInstance(scope: {bkBizId: 1}, jobInstanceId: 100, stepInstanceId: 75)'),
    variables: {},
  };
  // Everything that bk-job tells is of 2024; when it was asked differs, its number of the exchange, and which error came first.
  const withoutExchange = (told: unknown): string =>
    JSON.stringify(told)
      .replaceAll(/"(?!2024)20\d\d-\d\d-\d\dT[\d:.]+Z"/g, '"now"')
      .replaceAll(/"[0-9a-f]{32}"/g, '"number"');
  const comparable = ({ errors = [], ...body }: GraphqlAnswer) => ({
    body: withoutExchange(body),
    errors: errors.map(withoutExchange).toSorted(),
  });
  const calls = { asking: 0, keeping: 0 };
  await fc.assert(
    fc.asyncProperty(fc.gen(), fc.constantFrom('alice', 'bob'), async (generate, token) => {
      const operation = generateOperation(schema, sources, (max) => generate(fc.nat, { max }));
      const request = { variables: operation.variables, token };
      const { simulator } = asking;
      simulator.calls.clear();
      const expected = await asking.query(operation.document, request);
      calls.asking += simulator.calls.all().length;
      simulator.calls.clear();
      const told = await keeping.query(operation.document, request);
      calls.keeping += simulator.calls.all().length;
      expect(comparable(told.body)).toEqual(comparable(expected.body));
    }),
    { numRuns: 300, endOnFailure: true },
  );
  // What fails is asked for again each time, and a state read without hosts takes the place of one with them.
  expect(calls.asking).toBeGreaterThan(300);
  expect(calls.keeping).toBeLessThan(0.8 * calls.asking);
});
