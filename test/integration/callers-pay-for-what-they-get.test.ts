import { describe, expect, it } from 'vitest';
import { addControlledJob } from '../support/live/controlled-job.ts';
import { connect, followOverSocket } from '../support/live/follow-over-socket.ts';
import { startTestService, type TestRequest, type TestService } from '../support/start-test-service.ts';

const capacity = 1100;

/** A service of which each caller may spend so much, and gets next to nothing back while a test runs. */
const open = (environment: Readonly<Record<string, string>> = {}) =>
  startTestService({
    environment: {
      BKJOB_GQL__DEMAND_CONTROL__MAX: String(capacity),
      BKJOB_GQL__DEMAND_CONTROL__PER_IDENTITY__CAPACITY: String(capacity),
      BKJOB_GQL__DEMAND_CONTROL__PER_IDENTITY__REFILL_PER_SECOND: '1',
      ...environment,
    },
  });

const ask = (jobInstanceId: string, selection: string) =>
  `{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: ${jobInstanceId}) { ${selection} } }`;

/** Priced with a thousand hosts, of which the job has few: 1,021 with its read and the list. */
const fewHosts = ask('20000000004', 'ipResults { ip }');
const plain = ask('20000000004', 'phase');
/** 11 for the job, 10 for the list: the job has 10,000 hosts. */
const manyHosts = ask('20000000009', 'ipResults(limit: 1000) { ip }');

/** How often somebody may ask the same before it is refused. */
async function affordable(
  service: TestService,
  document: string,
  request: TestRequest = {},
): Promise<number> {
  let count = 0;
  while ((await service.query(document, request)).status === 200) count += 1;
  return count;
}

it('a caller pays for the hosts there are, not for those that there could have been', async () => {
  await using service = await open();
  const { body } = await service.query(fewHosts);
  const { ipResults } = body.data!['jobInstance'] as { readonly ipResults: readonly unknown[] };
  const cost = 11 + Math.ceil(ipResults.length * 1.1);
  // By graphql-js at first, then on the fast way.
  expect(await affordable(service, fewHosts)).toBe(Math.floor((capacity - 1021) / cost));
});

it('a caller who asks for many hosts pays for them, and others do not', async () => {
  await using service = await open();
  expect(await affordable(service, manyHosts)).toBe(1);
  const { status, headers, body } = await service.query(plain);
  expect(status).toBe(200);
  expect(body.errors).toBeUndefined();
  expect(headers['retry-after']).toBeUndefined();
  const refused = await service.query(manyHosts);
  expect(refused.status).toBe(429);
  expect(refused.body.errors![0]!.extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(900);
  expect((await service.query(manyHosts, { token: 'bob' })).status).toBe(200);
});

it('a caller has one account, whatever tenant and language he names', async () => {
  await using service = await open();
  expect((await service.query(manyHosts)).status).toBe(200);
  const others = [{ 'x-bk-tenant-id': 'another' }, { 'blueking-language': 'en' }];
  for (const headers of others) expect((await service.query(manyHosts, { headers })).status).toBe(429);
});

it('what was turned away is not paid for', async () => {
  await using service = await open({
    // Two places for operations with hosts.
    BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__CONCURRENCY_LIMIT: '8',
    BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__QUEUE__MAX: '0',
  });
  service.simulator.faults.inject({ fault: { kind: 'delay', ms: 1000 }, times: 2 });
  const held = ['alice', 'carol'].map((token) => service.query(fewHosts, { token }));
  await expect.poll(() => service.simulator.calls.all().length).toBe(2);
  for (let time = 0; time < 5; time++) {
    const { body } = await service.query(fewHosts, { token: 'bob' });
    expect(body.errors![0]!.message).toContain('as much to do as it can');
  }
  for (const { status } of await Promise.all(held)) expect(status).toBe(200);
  expect((await service.query(fewHosts, { token: 'bob' })).status).toBe(200);
});

describe('who follows jobs', () => {
  const follow = (selection: string) =>
    `subscription { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42") { ${selection} } }`;

  it('pays once for a query that a stream would be taken for', async () => {
    await using service = await open();
    const headers = { accept: 'application/json, text/event-stream' };
    const { status } = await service.query(fewHosts.replace('{', 'query subscription {'), { headers });
    expect(status).toBe(200);
  });

  it('pays the price of a wait, whatever it comes to', async () => {
    await using service = await open();
    const wait =
      '{ waitForJobInstance(scope: {bkBizId: 2}, jobInstanceId: 20000000004, timeout: 0) { ipResults { ip } } }';
    expect(await affordable(service, wait)).toBe(1);
  });

  it('pays nothing for what is no subscription, or is one too many', async () => {
    await using service = await open({ BKJOB_GQL__SUBSCRIPTION__MAX_PER_IDENTITY: '1' });
    addControlledJob(service.simulator, '42');
    const client = connect(new URL('/ws', service.graphqlUrl).href.replace('http', 'ws'));
    const noSubscription = [{ extensions: { code: 'BAD_USER_INPUT' } }];
    await expect(followOverSocket(client, fewHosts).completed).rejects.toMatchObject(noSubscription);
    const first = followOverSocket(client, follow('phase'));
    await first.until(1);
    const tooMany = [
      { extensions: { code: 'RATE_LIMITED' }, message: expect.stringContaining('1') as string },
    ];
    await expect(followOverSocket(client, follow('ipResults { ip }')).completed).rejects.toMatchObject(
      tooMany,
    );
    const { status } = await service.query(fewHosts);
    await client.dispose();
    expect(status).toBe(200);
  });
});
