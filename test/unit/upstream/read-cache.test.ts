import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import {
  createTabledJobInstance,
  memoryOf,
  releaseHosts,
  shareHosts,
} from '../../../src/domain/create-job-instance.ts';
import { JobApiError, type JobApiErrorCode } from '../../../src/domain/errors.ts';
import { rowOf } from '../../../src/domain/ip-result-cells.ts';
import type { JobInstance } from '../../../src/domain/job-instance.ts';
import type { JobReference } from '../../../src/domain/scope.ts';
import type { StatusRead } from '../../../src/upstream/joined-reads.ts';
import { ReadCache, type ReadCacheOptions } from '../../../src/upstream/read-cache.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const alice: Caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'alice',
};
const bob: Caller = { ...alice, proof: { kind: 'bk_token', value: 'bob' }, fingerprint: 'bob' };
const job: JobReference = { scope: { kind: 'biz', id: '1' }, jobInstanceId: '100' };
const plain: StatusRead = { caller: alice, job, hostDetail: false };
const withHosts: StatusRead = { ...plain, hostDetail: true };
const another: StatusRead = { ...plain, job: { ...job, jobInstanceId: '101' } };

const second = 1000;
const roomy: ReadCacheOptions = { ttl: second, terminalTtl: 60 * second, maxBytes: 1024 ** 2 };

function createCache(options: Partial<ReadCacheOptions> = {}) {
  const clock = createManualClock();
  const cache = new ReadCache({ ...roomy, ...options }, () => clock.now());
  const begin = (read: StatusRead) =>
    cache.watching(read, { succeeded: () => undefined, failed: () => undefined });
  return {
    clock,
    begin,
    find: (read: StatusRead) => cache.find(read),
    bytes: () => cache.bytes,
    callers: () => cache.callers,
    succeeded: (read: StatusRead, job: JobInstance) => {
      begin(read).succeeded(job);
    },
    failed: (read: StatusRead, code: JobApiErrorCode) => {
      begin(read).failed(new JobApiError(code));
    },
  };
}

const running = (name = 'job') =>
  buildJob({ name, statusCode: 2, finished: false, hostDetailRead: false, steps: [stepData()] });
const runningWithHosts = () =>
  buildJob({ statusCode: 2, finished: false, steps: [stepData({ ipResults: [hostRow()] })] });

/** A job whose hosts stand in memory that is for others when nobody looks at them any more. */
function jobInReusedMemory(hosts: number): { readonly job: JobInstance; readonly givenBack: () => number } {
  let count = 0;
  const { numbers, spans, bytes } = buildJob({
    steps: [stepData({ ipResults: Array.from({ length: hosts }, () => hostRow()) })],
  }).steps[0]!.ipResults.table;
  const giveBack = () => (count += 1);
  const data = { ...running(), hostDetailRead: true, steps: [stepData()] };
  const cells = { numbers, spans, bytes, counts: [hosts], giveBack };
  return { job: createTabledJobInstance(data, cells), givenBack: () => count };
}

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

  it('gives each who is told an object of their own', () => {
    const cache = createCache();
    const read = running();
    cache.succeeded(plain, read);
    const [one, other] = [cache.find(plain)!, cache.find(plain)!];
    expect(one).not.toBe(read);
    expect(one).not.toBe(other);
    expect(one.steps[0]!.jobInstance).toBe(one);
  });

  it('is the newest, whatever was read with it', () => {
    const cache = createCache();
    cache.succeeded(withHosts, runningWithHosts());
    cache.succeeded(plain, running('renamed'));
    expect(cache.find(plain)?.name).toBe('renamed');
    expect(cache.find(withHosts)).toBeNull();
  });
});

describe('a read beside which something else came back', () => {
  it('is not kept, nor what came back, where both are of one job: nobody can tell which is newer', () => {
    const cache = createCache();
    const [slow, ofAnother, ofBob] = [
      cache.begin(plain),
      cache.begin(another),
      cache.begin({ ...plain, caller: bob }),
    ];
    cache.succeeded(withHosts, runningWithHosts());
    expect(cache.find(withHosts)).not.toBeNull();
    for (const read of [slow, ofAnother, ofBob]) read.succeeded(running());
    expect([cache.find(plain), cache.find(withHosts)]).toEqual([null, null]);
    expect(cache.find(another)).not.toBeNull();
    expect(cache.find({ ...plain, caller: bob })).not.toBeNull();
  });

  it.each<JobApiErrorCode>(['UNAUTHENTICATED', 'PERMISSION_DENIED', 'NOT_FOUND'])(
    'is not kept where bk-job has said %s since',
    (code) => {
      const cache = createCache();
      const slow = cache.begin(plain);
      const ofAnother = cache.begin(another);
      const ofBob = cache.begin({ ...plain, caller: bob });
      cache.failed(withHosts, code);
      for (const read of [slow, ofAnother, ofBob]) read.succeeded(running());
      expect(cache.find(another) !== null).toBe(code === 'NOT_FOUND');
      expect(cache.find(plain)).toBeNull();
      expect(cache.find({ ...plain, caller: bob })).not.toBeNull();
      cache.succeeded(plain, running());
      expect(cache.find(plain)).not.toBeNull();
    },
  );
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
  const final = () => buildJob({ hostDetailRead: false });

  it('is longer where it can never be another', () => {
    const { clock, ...cache } = createCache();
    cache.succeeded(plain, final());
    clock.pass(60 * second - 1);
    expect(cache.find(plain)).toEqual(final());
    clock.pass(1);
    expect(cache.find(plain)).toBeNull();
  });

  it.each([
    ['it failed, and may be tried again', buildJob({ statusCode: 4 })],
    ['it says to be over while a step runs', buildJob({ steps: [stepData({ statusCode: 2 })] })],
    ['it runs', running()],
  ])('is short where %s', (_why, read) => {
    const { clock, ...cache } = createCache();
    cache.succeeded(plain, read);
    clock.pass(second);
    expect(cache.find(plain)).toBeNull();
  });

  it('is none where only final jobs are kept, and then what was kept before is over, too', () => {
    const cache = createCache({ ttl: 0 });
    cache.succeeded(plain, final());
    expect(cache.find(plain)).toEqual(final());
    cache.succeeded(plain, running());
    expect(cache.bytes()).toBe(0);
    expect(cache.find(plain)).toBeNull();
  });
});

describe('a read that failed', () => {
  const after = (code: JobApiErrorCode) => {
    const cache = createCache();
    for (const read of [plain, another, { ...plain, caller: bob }]) cache.succeeded(read, running());
    cache.failed(plain, code);
    return [plain, another, { ...plain, caller: bob }].map((read) => cache.find(read) !== null);
  };

  it.each<JobApiErrorCode>(['UNAUTHENTICATED', 'PERMISSION_DENIED'])(
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
    cache.succeeded(other!, buildJob());
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

  it('is not forgotten while what is read for him may still be kept', () => {
    const cache = createCache();
    const later = cache.begin(plain);
    cache.failed(withHosts, 'UNAUTHENTICATED');
    expect(cache.callers()).toBe(1);
    later.succeeded(running());
    expect([cache.find(plain), cache.callers()]).toEqual([null, 0]);
  });
});

it('whatever happens, a caller is told what he read last, within its time, or nothing', () => {
  const callers = [alice, bob];
  const event = fc.record({
    what: fc.constantFrom('read', 'read', 'find', 'find', 'find', 'refused', 'wait'),
    caller: fc.constantFrom(...callers),
    jobInstanceId: fc.constantFrom('100', '101'),
    hostDetail: fc.boolean(),
    time: fc.nat(600),
  });
  let found = 0;
  fc.assert(
    fc.property(fc.array(event, { minLength: 30, maxLength: 60 }), (events) => {
      const { clock, ...cache } = createCache({ maxBytes: 5000 });
      const last = new Map<string, { readonly name: string; readonly at: number; readonly hosts: boolean }>();
      for (const [place, { what, caller, jobInstanceId, hostDetail, time }] of events.entries()) {
        const read: StatusRead = { caller, job: { ...job, jobInstanceId }, hostDetail };
        const key = `${caller.fingerprint} ${jobInstanceId}`;
        if (what === 'wait') clock.pass(time);
        if (what === 'refused') {
          cache.failed(read, 'PERMISSION_DENIED');
          for (const one of last.keys()) if (one.startsWith(caller.fingerprint)) last.delete(one);
        }
        if (what === 'read') {
          const name = `read ${String(place)}`;
          cache.succeeded(read, running(name));
          last.set(key, { name, at: clock.now(), hosts: hostDetail });
        }
        if (what !== 'find') continue;
        const told = cache.find(read);
        if (told === null) continue;
        found += 1;
        const { name, at, hosts } = last.get(key)!;
        expect(told.name).toBe(name);
        expect(clock.now() - at).toBeLessThan(second);
        expect(hosts || !hostDetail).toBe(true);
      }
      expect(cache.bytes()).toBeLessThanOrEqual(5000);
    }),
  );
  expect(found).toBeGreaterThan(50);
});
