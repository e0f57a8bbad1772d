import { expect, it } from 'vitest';
import { startTestService } from '../support/start-test-service.ts';

const scope = 'scope: {bkBizId: "2"}';
const twoJobs = `{
  slow: jobInstance(${scope}, jobInstanceId: "20000000004") { phase }
  fast: jobInstance(${scope}, jobInstanceId: "20000000011") { phase }
}`;

/** Far below the time limits of reads of bk-job, so that only the time of the request can have ended it. */
const shortTime = { BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__TIMEOUT: '300ms' };

it('what is not there when the time of a request is over is answered as such, and the rest as ever', async () => {
  await using service = await startTestService({ environment: shortTime });
  service.simulator.faults.inject({ match: { jobInstanceId: '20000000004' }, fault: { kind: 'hang' } });
  const { status, body } = await service.query(twoJobs);
  expect(status).toBe(200);
  expect(body.data).toEqual({ slow: null, fast: { phase: 'SUCCEEDED' } });
  expect(body.errors?.map(({ path, extensions }) => ({ path, extensions }))).toEqual([
    { path: ['slow'], extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true } },
  ]);
});

it('a client that waits for less says so, and cannot make the time longer', async () => {
  await using service = await startTestService({ environment: shortTime });
  service.simulator.faults.inject({ fault: { kind: 'hang' } });
  for (const timeout of ['100', '100ms', '1s', '3600s']) {
    const { body } = await service.query(twoJobs, { headers: { 'x-request-timeout': timeout } });
    expect(body.errors?.map(({ extensions }) => extensions['code'])).toEqual([
      'UPSTREAM_TIMEOUT',
      'UPSTREAM_TIMEOUT',
    ]);
  }
});

it('hosts that are not there in time cost nothing but themselves', async () => {
  await using service = await startTestService({
    environment: { BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__TIMEOUT: '2s' },
  });
  service.simulator.faults.inject({ match: { returnIpResult: true }, fault: { kind: 'hang' } });
  const { body } = await service.query(
    `{ jobInstance(${scope}, jobInstanceId: "20000000004") { phase ipResultSummary { total } } }`,
  );
  expect(body.data).toEqual({ jobInstance: { phase: 'FAILED', ipResultSummary: null } });
  expect(body.errors?.map(({ path, extensions }) => ({ path, extensions }))).toEqual([
    {
      path: ['jobInstance', 'ipResultSummary'],
      extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true },
    },
  ]);
  expect(service.simulator.calls.all().map(({ returnIpResult }) => returnIpResult)).toEqual([true, false]);
});
