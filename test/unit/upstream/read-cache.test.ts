import { describe, expect, it } from 'vitest';
import { memoryOf, releaseHosts, shareHosts } from '../../../src/domain/create-job-instance.ts';
import { JobApiError, type JobApiErrorCode } from '../../../src/domain/errors.ts';
import { rowOf } from '../../../src/domain/ip-result-cells.ts';
import type { JobInstance } from '../../../src/domain/job-instance.ts';
import type { StatusRead } from '../../../src/upstream/joined-reads.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';
import {
  another,
  bob,
  createCache,
  final,
  job,
  jobInReusedMemory,
  plain,
  running,
  runningWithHosts,
  second,
  withHosts,
} from '../../support/read-cache.ts';

describe('what a caller read', () => {
  it('is told again until its time is over', () => {
    const { clock, ...cache } = createCache();
    expect(cache.find(plain)).toBeNull();
    cache.succeeded(plain, running());
    clock.pass(second - 1);
    expect(cache.find(plain)).toEqual(running());
    clock.pass(1);
    expect(cache.find(plain)).toBeNull();
  });

  it.each<[string, StatusRead]>([
    ['caller', { ...plain, caller: bob }],
    ['job', { ...plain, job: { ...job, jobInstanceId: '101' } }],
    ['scope', { ...plain, job: { ...job, scope: { kind: 'biz', id: '11' } } }],
    ['kind of scope', { ...plain, job: { ...job, scope: { kind: 'biz_set', id: '1' } } }],
  ])('is not told where the %s is another', (_difference, other) => {
    const cache = createCache();
    cache.succeeded(plain, running());
    expect(cache.find(other)).toBeNull();
  });

  it.each([plain, withHosts])('gives each who is told an object of their own: %j', (read) => {
    const cache = createCache();
    const given: JobInstance[] = [];
    cache.begin(read, (job) => given.push(job)).succeeded(runningWithHosts());
    given.push(cache.find(read)!, cache.find(read)!);
    expect(new Set(given).size).toBe(3);
    // What is hung on a job, and on its steps, goes with it, and nothing of it is kept.
    const mark = Symbol('mark');
    for (const job of given) Object.assign(job, { [mark]: given });
    expect(given.map((job) => job.steps[0]!.jobInstance)).toEqual(given);
    const last = cache.find(read)!;
    expect(mark in last).toBe(false);
    for (const { step } of last.steps[0]!.ipResults) expect(mark in step.jobInstance).toBe(false);
  });

  it('is the newest, whatever was read with it', () => {
    const cache = createCache();
    cache.succeeded(withHosts, runningWithHosts());
    cache.succeeded(plain, running('renamed'));
    expect(cache.find(plain)?.name).toBe('renamed');
    expect(cache.find(withHosts)).toBeNull();
  });
});

describe('hosts', () => {
  it('are not told where they were not read', () => {
    const cache = createCache();
    cache.succeeded(plain, running());
    expect(cache.find(withHosts)).toBeNull();
  });

  it('that were read are left out for whoever needs none', () => {
    const cache = createCache();
    cache.succeeded(withHosts, runningWithHosts());
    expect(Array.from(cache.find(withHosts)!.steps[0]!.ipResults, ({ ip }) => ip)).toEqual(['192.0.2.1']);
    expect(cache.find(plain)).toEqual(running());
    expect(cache.find(plain)?.hostDetail.kind).toBe('not-read');
    expect([...cache.find(plain)!.steps[0]!.ipResults]).toEqual([]);
  });

  it('keep their memory while they are cached, or looked at, and not longer', () => {
    const { clock, ...cache } = createCache();
    const { job: read, givenBack } = jobInReusedMemory(3);
    cache.succeeded(withHosts, read);
    const told = cache.find(withHosts)!;
    releaseHosts(told);
    expect(givenBack()).toBe(0);
    const last = cache.find(withHosts)!;
    clock.pass(second);
    expect(cache.find(withHosts)).toBeNull();
    expect(givenBack()).toBe(0);
    expect(rowOf(last.steps[0]!.ipResults.table, 0).ip).toBe('192.0.2.1');
    releaseHosts(last);
    expect(givenBack()).toBe(1);
  });
});

describe('the time of a job', () => {
  it.each([
    ['it failed, and may be tried again', buildJob({ statusCode: 4 })],
    ['it says to be over while a step runs', buildJob({ steps: [stepData({ statusCode: 2 })] })],
    ['it says to be over before a step has begun', buildJob({ steps: [stepData({ statusCode: 1 })] })],
    [
      'it says to be over while a host runs',
      buildJob({
        steps: [stepData({ ipResults: [hostRow(), hostRow({ bkHostId: '102', statusCode: 7 })] })],
      }),
    ],
    ['it runs', running()],
  ])('is short where %s', (_why, read) => {
    const { clock, ...cache } = createCache();
    for (const _time of [1, 2]) cache.succeeded(plain, read);
    clock.pass(second);
    expect([cache.find(plain), cache.bytes()]).toEqual([null, 0]);
  });
});

describe('a read that failed', () => {
  const after = (code: JobApiErrorCode) => {
    const cache = createCache();
    for (const read of [plain, another, { ...plain, caller: bob }]) cache.succeeded(read, running());
    cache.failed(plain, code);
    return [plain, another, { ...plain, caller: bob }].map((read) => cache.find(read) !== null);
  };

  it.each<JobApiErrorCode>(['UNAUTHENTICATED', 'PERMISSION_DENIED', 'SERVICE_MISCONFIGURED'])(
    'with %s ends all that is kept for the caller, and for nobody else',
    (code) => {
      expect(after(code)).toEqual([false, false, true]);
    },
  );

  it('because there is no such job ends what is kept of it', () => {
    expect(after('NOT_FOUND')).toEqual([false, true, true]);
  });

  it('for another reason leaves what was read before', () => {
    expect(after('UPSTREAM_TIMEOUT')).toEqual([true, true, true]);
  });
});

describe('the memory of what is kept', () => {
  it('is bounded: what nobody asked for longest goes first, and its hosts with it', () => {
    const size = memoryOf(jobInReusedMemory(100).job);
    const cache = createCache({ maxBytes: 2 * size });
    const kept = ['1', '2', '3'].map((jobInstanceId) => {
      const read = { ...withHosts, job: { ...job, jobInstanceId } };
      return { read, ...jobInReusedMemory(100) };
    });
    for (const { read, job: one } of kept.slice(0, 2)) cache.succeeded(read, one);
    releaseHosts(cache.find(kept[0]!.read)!);
    cache.succeeded(kept[2]!.read, kept[2]!.job);
    expect(kept.map(({ read }) => cache.find(read) !== null)).toEqual([true, false, true]);
    expect(kept.map(({ givenBack }) => givenBack())).toEqual([0, 1, 0]);
    expect(cache.bytes()).toBe(2 * size);
  });

  it('holds nothing that is larger than all of it, nor its hosts', () => {
    const { job: read, givenBack } = jobInReusedMemory(100);
    const cache = createCache({ maxBytes: memoryOf(read) - 1 });
    cache.succeeded(withHosts, running());
    shareHosts(read, 1);
    cache.succeeded(withHosts, read);
    expect([cache.find(withHosts), cache.bytes(), givenBack()]).toEqual([null, 0, 0]);
    releaseHosts(read);
    expect(givenBack()).toBe(1);
  });

  it('holds what is as large as all of it', () => {
    const { job: read } = jobInReusedMemory(100);
    const cache = createCache({ maxBytes: memoryOf(read) });
    cache.succeeded(withHosts, read);
    expect(cache.bytes()).toBe(memoryOf(read));
  });

  it('is given up when its time is over, though nobody asks again', () => {
    const { clock, ...cache } = createCache();
    const [one, other, last] = ['1', '2', '3'].map((jobInstanceId) => ({
      ...plain,
      job: { ...job, jobInstanceId },
    }));
    cache.succeeded(one!, running());
    for (const _time of [1, 2]) cache.succeeded(other!, final());
    const bytes = cache.bytes();
    clock.pass(second);
    cache.succeeded(last!, running());
    expect(cache.bytes()).toBe(bytes);
    expect([one, other, last].map((read) => cache.find(read!) !== null)).toEqual([false, true, true]);
  });
});

describe('a caller', () => {
  it('is forgotten when nothing of his is kept or read any more', () => {
    const cache = createCache();
    const [one, other] = [cache.begin(plain), cache.begin(plain)];
    one.failed(new JobApiError('UPSTREAM_TIMEOUT'));
    expect(cache.callers()).toBe(1);
    other.succeeded(running());
    expect(cache.callers()).toBe(1);
    cache.failed({ ...plain, caller: bob }, 'UPSTREAM_TIMEOUT');
    expect(cache.callers()).toBe(1);
    cache.clock.pass(second);
    expect([cache.find(plain), cache.callers()]).toEqual([null, 0]);
  });

  it('keeps what is read for him after bk-job has refused him', () => {
    const cache = createCache();
    const slow = cache.begin(plain);
    cache.failed(withHosts, 'UNAUTHENTICATED');
    cache.succeeded(another, running());
    slow.succeeded(running());
    expect(cache.find(plain)).toBeNull();
    expect(cache.find(another)).not.toBeNull();
    expect(cache.callers()).toBe(1);
  });
});
