import { expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { createTabledJobInstance } from '../../../src/domain/create-job-instance.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import type { JobInstance } from '../../../src/domain/job-instance.ts';
import { createJobInstanceLoader } from '../../../src/loaders/job-instance-loader.ts';
import type { StatusRead } from '../../../src/upstream/joined-reads.ts';
import { holdReads } from '../../support/held-reads.ts';
import { undisturbed } from '../../support/long-work.ts';

const caller: Caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'alice',
  account: 'alice',
};

const times = { createTime: null, startTime: null, endTime: null, totalTime: null };
const step = { stepInstanceId: '75', name: 'step', typeCode: 1, statusCode: 3, executeCount: 0 };
const state = { ...times, statusCode: 3, finished: true, observedAt: 0 };

function jobOf({ job, hostDetail }: StatusRead): JobInstance {
  const steps = [{ ...times, ...step, ipResults: [] }];
  const name = `job ${job.jobInstanceId}`;
  const cells = { numbers: new Float64Array(0), spans: new Int32Array(0), bytes: Buffer.alloc(0) };
  return createTabledJobInstance(
    { ...job, ...state, name, steps, hostDetailRead: hostDetail },
    { ...cells, counts: [hostDetail ? 5 : 0] },
  );
}

/** An operation whose hosts are late, and which is over, when the test says so; two reads at a time. */
function startOperation() {
  const { jobApi, calls, asked } = holdReads();
  const end = new AbortController();
  const listeners: (() => void)[] = [];
  const signal = Object.assign(end.signal, {
    onHostsLate: (listener: () => void): void => void listeners.push(listener),
  });
  const loader = createJobInstanceLoader({
    jobApi,
    caller,
    longWork: undisturbed,
    maxParallelReads: 2,
    signal,
  });
  const load = (id: string) =>
    loader.load({ scope: { kind: 'biz', id: '2' }, jobInstanceId: id }, { hostDetail: true });
  return {
    calls,
    asked,
    end,
    load,
    hostsAreLate: (): void => {
      for (const listener of listeners.splice(0)) listener();
    },
  };
}

/** All that follows without anybody answering has been done. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const late = { kind: 'failed', error: { code: 'UPSTREAM_TIMEOUT', retryable: true } };

it('of jobs whose hosts are late the rest is told, and hosts that came in time are', async () => {
  const { calls, load, hostsAreLate, asked } = startOperation();
  const loaded = Promise.all(['1', '2', '3', '4'].map(load));
  await settled();
  calls[0]?.outcome.succeeded(jobOf(calls[0].read));
  await settled();
  expect(asked()).toEqual(['1 with hosts', '2 with hosts', '3 with hosts']);
  hostsAreLate();
  await settled();
  expect(asked().slice(3)).toEqual(['2', '3']);
  for (const call of calls.slice(3)) call.outcome.succeeded(jobOf(call.read));
  await settled();
  expect(asked().slice(5)).toEqual(['4']);
  calls[5]?.outcome.succeeded(jobOf(calls[5].read));
  const jobs = await loaded;
  expect(jobs.map(({ name }) => name)).toEqual(['job 1', 'job 2', 'job 3', 'job 4']);
  expect(jobs.map(({ hostDetail }) => hostDetail)).toMatchObject([{ kind: 'read' }, late, late, late]);
});

it('a bk-job that is late with hosts is known as slow, and asked again as often as there are tries', async () => {
  const { calls, load, hostsAreLate } = startOperation();
  const loaded = Promise.allSettled(['1', '2', '3'].map(load));
  await settled();
  hostsAreLate();
  await settled();
  expect(calls.slice(0, 2).map(({ cancellation }) => cancellation.reason?.code)).toEqual([
    'UPSTREAM_TIMEOUT',
    'UPSTREAM_TIMEOUT',
  ]);
  const [one, two] = calls.slice(2);
  expect(one?.read.afterFailure).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  one?.outcome.failed(one.read.afterFailure ?? new JobApiError('INTERNAL_SERVER_ERROR'));
  two?.outcome.succeeded(jobOf(two.read));
  await settled();
  // It was never asked with hosts, so that it stands in for nothing.
  expect(calls[4]?.read.afterFailure).toBeUndefined();
  calls[4]?.outcome.succeeded(jobOf(calls[4].read));
  expect(await loaded).toMatchObject([
    { status: 'rejected', reason: { code: 'UPSTREAM_TIMEOUT' } },
    { status: 'fulfilled' },
    { status: 'fulfilled' },
  ]);
});

it('a job that is read without its hosts already is not asked for once more when hosts are late', async () => {
  const { calls, load, hostsAreLate, asked } = startOperation();
  const loaded = load('1');
  await settled();
  calls[0]?.outcome.failed(new JobApiError('UPSTREAM_ERROR'));
  await settled();
  hostsAreLate();
  await settled();
  expect(asked()).toEqual(['1 with hosts', '1']);
  expect(calls[1]?.cancellation.reason).toBeNull();
  calls[1]?.outcome.succeeded(jobOf(calls[1].read));
  expect((await loaded).hostDetail).toMatchObject({ kind: 'failed', error: { code: 'UPSTREAM_ERROR' } });
});

it('what is read without late hosts ends with its request', async () => {
  const { calls, end, load, hostsAreLate } = startOperation();
  const loaded = load('1');
  await settled();
  hostsAreLate();
  await settled();
  const timeout = new JobApiError('UPSTREAM_TIMEOUT');
  end.abort(timeout);
  await expect(loaded).rejects.toBe(timeout);
  expect(calls.map(({ cancellation }) => cancellation.reason !== null)).toEqual([true, true]);
});
