import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
beforeEach(() => {
  service.simulator.calls.clear();
});
afterAll(() => service[Symbol.asyncDispose]());

function wait(job: string, wanted: string, selection = 'phase finished revision') {
  return service.query(
    `{ waitForJobInstance(scope: {bkBizId: "2"}, jobInstanceId: "${job}", ${wanted}) { ${selection} } }`,
  );
}

const reads = () => service.simulator.calls.all().map(({ returnIpResult }) => returnIpResult);

describe('waitForJobInstance over plain HTTP', () => {
  it('answers when the job is over, and reads no hosts for it', async () => {
    const job = addControlledJob(service.simulator);
    const answer = wait('42', 'until: FINISHED');
    await eventually(() => {
      expect(reads()).toEqual([false]);
    });
    job.become(3);
    expect((await answer).body.data).toMatchObject({
      waitForJobInstance: { phase: 'SUCCEEDED', finished: true },
    });
    expect(reads()).toEqual([false, false]);
  });

  it('reads hosts where they are selected', async () => {
    const { body } = await wait('20000000004', 'until: FINISHED', 'ipResultSummary { failed }');
    expect(body).toEqual({ data: { waitForJobInstance: { ipResultSummary: { failed: 3 } } } });
    expect(new Set(reads())).toEqual(new Set([true]));
  });

  it('answers when time is up, with the job as it is', async () => {
    addControlledJob(service.simulator);
    const { body } = await wait('42', 'timeout: 50');
    expect(body.data).toMatchObject({ waitForJobInstance: { phase: 'RUNNING', finished: false } });
  });

  it('answers a client that has another revision at once', async () => {
    addControlledJob(service.simulator);
    const { body } = await wait('42', 'until: CHANGED, revision: "another"');
    expect(body.data).toMatchObject({ waitForJobInstance: { phase: 'RUNNING' } });
  });

  it.each(['until: CHANGED', 'until: CHANGED, revision: null', 'timeout: 50001', 'timeout: -1'])(
    'refuses %s before anything is read',
    async (wanted) => {
      const { body } = await wait('42', wanted);
      expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(reads()).toEqual([]);
    },
  );

  it('ends with the reason where there is no such job', async () => {
    const { body } = await wait('20000000999', 'until: FINISHED');
    expect(body.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});

it('hosts that a waiting client does not get in time cost nothing but themselves', async () => {
  await using hurried = await startTestService({
    environment: { BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__TIMEOUT: '2s' },
  });
  hurried.simulator.faults.inject({ match: { returnIpResult: true }, fault: { kind: 'hang' } });
  const { body } = await hurried.query(
    '{ waitForJobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { phase ipResultSummary { total } } }',
  );
  expect(body.data).toEqual({ waitForJobInstance: { phase: 'FAILED', ipResultSummary: null } });
  expect(body.errors).toMatchObject([
    {
      path: ['waitForJobInstance', 'ipResultSummary'],
      extensions: { code: 'UPSTREAM_TIMEOUT', retryable: true },
    },
  ]);
  expect(hurried.simulator.calls.all().map(({ returnIpResult }) => returnIpResult)).toEqual([true, false]);
});

describe('a job tells for whoever polls', () => {
  const selection = 'revision observedAt pollInterval';
  const ask = (job: string) =>
    service.query(`{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "${job}") { ${selection} } }`);

  it('its revision, when it was read and when to look again', async () => {
    addControlledJob(service.simulator);
    const before = Date.now();
    const [{ body }, { body: again }] = [await ask('42'), await ask('42')];
    const job = body.data!['jobInstance'] as Record<string, string>;
    expect(job['pollInterval']).toBe(1000);
    expect(Date.parse(job['observedAt']!)).toBeGreaterThanOrEqual(before);
    expect(again.data).toMatchObject({ jobInstance: { revision: job['revision'] } });
    expect(reads()).toEqual([false, false]);
  });

  it('that there is nothing to look for once it is over', async () => {
    const { body } = await ask('20000000011');
    expect(body.data).toMatchObject({ jobInstance: { pollInterval: null } });
  });
});

it('a subscription without a stream is refused in words that help', async () => {
  const { status, body } = await service.query(
    'subscription { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42") { phase } }',
  );
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([
    { message: expect.stringContaining('WebSocket') as string, extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});
