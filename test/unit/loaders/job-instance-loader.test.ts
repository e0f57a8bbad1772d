import { describe, expect, it, vi } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { createJobInstance } from '../../../src/domain/create-job-instance.ts';
import { JobApiError, NoRoomForAnswer, type JobApiErrorCode } from '../../../src/domain/errors.ts';
import type { JobInstance } from '../../../src/domain/job-instance.ts';
import type { JobReference, ScopeKind } from '../../../src/domain/scope.ts';
import {
  createAnonymousJobInstanceLoader,
  createJobInstanceLoader,
} from '../../../src/loaders/job-instance-loader.ts';
import type { JobApi, JobInstanceStatusRead } from '../../../src/upstream/job-api.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';
import { undisturbed } from '../../support/long-work.ts';

const caller: Caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'fingerprint of alice',
  account: 'fingerprint of alice',
};

const alone = { caller, longWork: undisturbed };

function reference(jobInstanceId: string, kind: ScopeKind = 'biz', id = '2'): JobReference {
  return { scope: { kind, id }, jobInstanceId };
}

function jobOf({ scope, jobInstanceId }: JobReference, hostDetailRead: boolean): JobInstance {
  const times = { createTime: null, startTime: null, endTime: null, totalTime: null };
  return createJobInstance({
    ...times,
    scope,
    jobInstanceId,
    name: `job ${jobInstanceId}`,
    statusCode: 3,
    finished: true,
    observedAt: 0,
    hostDetailRead,
    steps: [
      {
        ...times,
        stepInstanceId: '75',
        name: 'step',
        typeCode: 1,
        statusCode: 3,
        executeCount: 0,
        ipResults: [],
      },
    ],
  });
}

interface Call {
  readonly caller: Caller;
  readonly job: string;
  readonly hostDetail: boolean;
}

/** What reads with hosts failed with, for which plain ones stand in. */
type AfterFailure = JobInstanceStatusRead['afterFailure'];

/** An upstream in memory that notes its calls and can be made to fail. */
function createUpstream(
  fail: (call: Call) => JobApiErrorCode | null = () => null,
  retryAfter: number | null = null,
) {
  const calls: Call[] = [];
  const afterFailures: AfterFailure[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const jobApi: JobApi = {
    async fetchJobInstanceStatus(asking, job, { hostDetail, afterFailure }) {
      afterFailures.push(afterFailure);
      const call = {
        caller: asking,
        job: `${job.scope.kind}:${job.scope.id}:${job.jobInstanceId}`,
        hostDetail,
      };
      calls.push(call);
      underWay += 1;
      mostUnderWay = Math.max(mostUnderWay, underWay);
      await Promise.resolve();
      underWay -= 1;
      const code = fail(call);
      if (code !== null) throw new JobApiError(code, `${code} ${String(hostDetail)}`, { retryAfter });
      return jobOf(job, hostDetail);
    },
  };
  return { jobApi, calls, afterFailures, mostUnderWay: () => mostUnderWay };
}

describe('jobs of many hosts', () => {
  const isTold = async (told: Promise<unknown>): Promise<boolean> => {
    const later = new Promise<boolean>((resolve) => void setImmediate(resolve, false));
    return Promise.race([told.then(() => true), later]);
  };

  it('are told together, in the turn that all of their hosts take', async () => {
    const ipResults = Array.from({ length: 7 }, () => hostRow());
    const read = buildJob({ steps: [stepData({ ipResults })] });
    const jobApi = { fetchJobInstanceStatus: () => Promise.resolve(read) };
    let call = (): void => undefined;
    const turn = new Promise<void>((resolve) => (call = resolve));
    const takeFor = vi.fn((rows: number) => (rows > 7 ? turn : null));
    const loader = createJobInstanceLoader({ jobApi, caller, maxParallelReads: 8, longWork: { takeFor } });
    const needs = { hostDetail: true };
    expect(await isTold(loader.load(reference('1'), needs))).toBe(true);
    const told = Promise.all(['2', '3'].map((job) => loader.load(reference(job), needs)));
    expect(await isTold(told)).toBe(false);
    call();
    expect(await told).toEqual([read, read]);
    expect(takeFor.mock.calls).toEqual([[7], [14]]);
  });
});

describe('a loader of jobs', () => {
  it('reads a job once however often it is asked for, and shares the answer', async () => {
    const upstream = createUpstream();
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 8 });
    const plain = { hostDetail: false };
    const [first, second] = await Promise.all([
      loader.load(reference('1'), plain),
      loader.load(reference('1'), plain),
    ]);
    expect(upstream.calls).toEqual([{ caller, job: 'biz:2:1', hostDetail: false }]);
    expect(second).toBe(first);
  });

  it.each([
    [false, true],
    [true, false],
    [false, true, false],
  ])('reads a job with hosts, and never plain beside it, where the needs are %s', async (...needs) => {
    const upstream = createUpstream();
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 8 });
    const jobs = await Promise.all(needs.map((hostDetail) => loader.load(reference('1'), { hostDetail })));
    expect(upstream.calls).toEqual([{ caller, job: 'biz:2:1', hostDetail: true }]);
    for (const job of jobs) expect(job).toBe(jobs[0]);
  });

  it('lets a later plain need share an earlier read with hosts', async () => {
    const upstream = createUpstream();
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 8 });
    const detailed = await loader.load(reference('1'), { hostDetail: true });
    expect(await loader.load(reference('1'), { hostDetail: false })).toBe(detailed);
    expect(upstream.calls).toHaveLength(1);
  });

  it('reads again with hosts where a plain read came a tick too early', async () => {
    const upstream = createUpstream();
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 8 });
    const plain = await loader.load(reference('1'), { hostDetail: false });
    const detailed = await loader.load(reference('1'), { hostDetail: true });
    expect(plain.hostDetail).toEqual({ kind: 'not-read' });
    expect(detailed.hostDetail).toEqual({ kind: 'read' });
    expect(upstream.calls.map(({ hostDetail }) => hostDetail)).toEqual([false, true]);
  });

  it('tells equal numbers in different scopes apart', async () => {
    const upstream = createUpstream();
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 8 });
    const references = [
      reference('1'),
      reference('1', 'biz', '3'),
      reference('1', 'biz_set', '2'),
      reference('11', 'biz', '2'),
    ];
    const jobs = await Promise.all(references.map((job) => loader.load(job, { hostDetail: false })));
    expect(jobs.map(({ scope, jobInstanceId }) => ({ scope, jobInstanceId }))).toEqual(references);
    expect(upstream.calls).toHaveLength(4);
  });

  it('keeps to the number of reads that may be under way', async () => {
    const upstream = createUpstream();
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 3 });
    const ids = Array.from({ length: 20 }, (_, index) => String(index + 1));
    const jobs = await Promise.all(ids.map((id) => loader.load(reference(id), { hostDetail: false })));
    expect(jobs.map(({ jobInstanceId }) => jobInstanceId)).toEqual(ids);
    expect(upstream.mostUnderWay()).toBe(3);
  });

  it('lets one job fail without the others', async () => {
    const upstream = createUpstream(({ job }) => (job === 'biz:2:2' ? 'NOT_FOUND' : null));
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 8 });
    const results = await Promise.allSettled(
      ['1', '2', '3'].map((id) => loader.load(reference(id), { hostDetail: false })),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'NOT_FOUND' } });
  });

  it('hands a fault that is no error of this service on as INTERNAL_SERVER_ERROR', async () => {
    const fault = new TypeError('broken');
    const jobApi: JobApi = { fetchJobInstanceStatus: () => Promise.reject(fault) };
    const loader = createJobInstanceLoader({ jobApi, ...alone, maxParallelReads: 8 });
    await expect(loader.load(reference('1'), { hostDetail: false })).rejects.toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      cause: fault,
    });
  });
});

describe('a read with hosts that fails', () => {
  it.each(['UPSTREAM_ERROR', 'UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_BAD_RESPONSE'] as const)(
    'is followed by a plain one after %s',
    async (code) => {
      const upstream = createUpstream(({ hostDetail }) => (hostDetail ? code : null));
      const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 1 });
      const job = await loader.load(reference('1'), { hostDetail: true });
      expect(upstream.calls.map(({ hostDetail }) => hostDetail)).toEqual([true, false]);
      expect(job.name).toBe('job 1');
      expect(job.hostDetail).toMatchObject({ kind: 'failed', error: { code, message: `${code} true` } });
      expect(job.steps.map((step) => step.jobInstance)).toEqual([job]);
    },
  );

  it.each([
    ['UPSTREAM_TIMEOUT', null, 'UPSTREAM_TIMEOUT'],
    ['UPSTREAM_UNAVAILABLE', null, 'UPSTREAM_UNAVAILABLE'],
    // The host rows are spared, bk-job was not asked for anything.
    ['UPSTREAM_UNAVAILABLE', 1000, undefined],
    ['UPSTREAM_ERROR', null, undefined],
    ['UPSTREAM_BAD_RESPONSE', null, undefined],
  ] as const)(
    'is followed by one that is another try only where bk-job seems to be down: %s, %s',
    async (code, retryAfter, expected) => {
      const upstream = createUpstream(({ hostDetail }) => (hostDetail ? code : null), retryAfter);
      const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 1 });
      await loader.load(reference('1'), { hostDetail: true });
      expect(upstream.afterFailures.map((failure) => failure?.code)).toEqual([undefined, expected]);
    },
  );

  it.each([
    'NOT_FOUND',
    'PERMISSION_DENIED',
    'UNAUTHENTICATED',
    'BAD_USER_INPUT',
    'RATE_LIMITED',
    'SERVICE_MISCONFIGURED',
    'INTERNAL_SERVER_ERROR',
  ] as const)('is not repeated after %s, which the plain one would meet too', async (code) => {
    const upstream = createUpstream(() => code);
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 8 });
    await expect(loader.load(reference('1'), { hostDetail: true })).rejects.toMatchObject({ code });
    expect(upstream.calls).toHaveLength(1);
  });

  it('is followed by a plain one where only what is large finds no room', async () => {
    const noRoom = new JobApiError('RATE_LIMITED', null, { retryAfter: 1000, cause: new NoRoomForAnswer() });
    const { jobApi } = createUpstream();
    const fetchJobInstanceStatus: JobApi['fetchJobInstanceStatus'] = (asking, job, read) =>
      read.hostDetail ? Promise.reject(noRoom) : jobApi.fetchJobInstanceStatus(asking, job, read);
    const loader = createJobInstanceLoader({
      jobApi: { fetchJobInstanceStatus },
      ...alone,
      maxParallelReads: 1,
    });
    const job = await loader.load(reference('1'), { hostDetail: true });
    expect(job.name).toBe('job 1');
    expect(job.hostDetail).toEqual({ kind: 'failed', error: noRoom });
  });

  it('fails as the plain one does where that fails too', async () => {
    const upstream = createUpstream(({ hostDetail }) => (hostDetail ? 'UPSTREAM_ERROR' : 'UPSTREAM_TIMEOUT'));
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 8 });
    await expect(loader.load(reference('1'), { hostDetail: true })).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    });
  });
});

it('a plain read that fails is not repeated', async () => {
  const upstream = createUpstream(() => 'UPSTREAM_TIMEOUT');
  const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 8 });
  await expect(loader.load(reference('1'), { hostDetail: false })).rejects.toMatchObject({
    code: 'UPSTREAM_TIMEOUT',
  });
  expect(upstream.calls).toHaveLength(1);
});

describe('the loader of a request without credentials', () => {
  it('reads nothing', async () => {
    const loader = createAnonymousJobInstanceLoader();
    await expect(loader.load(reference('1'), { hostDetail: false })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });
});
