import { expect, it } from 'vitest';
import { startTestService } from '../support/start-test-service.ts';

const users = ['alice', 'bob', 'carol'];
const plain = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000013") { phase } }';
const withHosts =
  '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000013") { ipResultSummary { total } } }';

it('callers learn at once that it is down, it is asked no more, and found alive when it is back', async () => {
  await using service = await startTestService();
  const { calls, faults } = service.simulator;
  faults.inject({ fault: { kind: 'reset' } });
  for (let index = 0; index < 20; index += 1) await service.query(plain, { token: users[index % 3]! });
  calls.clear();
  const { body } = await service.query(plain);
  expect(body.errors).toMatchObject([
    { extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true, retryAfter: expect.any(Number) } },
  ]);
  expect(calls.all().length).toBeLessThanOrEqual(1);
  faults.clear();
  while ((await service.query(plain)).body.errors !== undefined);
  expect((await service.query(plain)).body.data).toEqual({ jobInstance: { phase: 'SUCCEEDED' } });
});

it('reads with hosts that are too much for it leave the plain ones alone', async () => {
  await using service = await startTestService();
  service.simulator.faults.inject({ match: { returnIpResult: true }, fault: { kind: 'reset' } });
  for (let index = 0; index < 21; index += 1) await service.query(withHosts, { token: users[index % 3]! });
  const { body } = await service.query(plain);
  expect(body).toEqual({ data: { jobInstance: { phase: 'SUCCEEDED' } } });
});

it('operations with hosts of one user ask it hardly more than once each, and get their failure', async () => {
  await using service = await startTestService({
    environment: { BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__RETRY__BUDGET__MIN_PER_SECOND: '0' },
  });
  const { calls, faults } = service.simulator;
  faults.inject({ fault: { kind: 'status', status: 503 } });
  for (let index = 0; index < 100; index += 1) {
    const { body } = await service.query(withHosts);
    expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  }
  expect(calls.all().length).toBeLessThanOrEqual(125);
});

it('operations with hosts get the rest of their jobs where nothing is to be tried again', async () => {
  await using service = await startTestService({
    environment: {
      BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__RETRY__BUDGET__MIN_PER_SECOND: '0',
      BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__RETRY__BUDGET__PERCENT: '0',
    },
  });
  const { calls, faults } = service.simulator;
  faults.inject({ match: { returnIpResult: true }, fault: { kind: 'status', status: 503 } });
  for (let times = 0; times < 3; times += 1) {
    calls.clear();
    const { body } = await service.query(withHosts.replace('{ ipResultSummary', '{ phase ipResultSummary'));
    expect(body.data).toMatchObject({ jobInstance: { phase: 'SUCCEEDED' } });
    expect(calls.all().map(({ returnIpResult }) => returnIpResult)).toEqual([true, false]);
  }
});

it('one user does not count for several by other headers', async () => {
  await using service = await startTestService({
    environment: { BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__RETRY__MAX_ATTEMPTS: '1' },
  });
  const { calls, faults } = service.simulator;
  faults.inject({ fault: { kind: 'reset' } });
  const languages = [
    {},
    { 'blueking-language': 'en' },
    { 'blueking-language': 'zh-cn' },
    { 'x-bk-tenant-id': 'other' },
  ];
  for (let index = 0; index < 40; index += 1) await service.query(plain, { headers: languages[index % 4]! });
  expect(calls.all()).toHaveLength(40);
});
