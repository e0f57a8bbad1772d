import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryOf, releaseHosts } from '../../../src/domain/create-job-instance.ts';
import type { JobInstance } from '../../../src/domain/job-instance.ts';
import type { StatusRead } from '../../../src/upstream/joined-reads.ts';
import type { StatusOutcome } from '../../../src/upstream/status-call.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';
import {
  createCache,
  final,
  finalWithHosts,
  jobInReusedMemory,
  plain,
  running,
  second,
  withHosts,
} from '../../support/read-cache.ts';

const minute = 60 * second;

/** What is told so long after the last of reads one after another, each of which begins when that before is told no more. */
function toldAfter(passed: number, reads: readonly (readonly [StatusRead, JobInstance])[]) {
  const { clock, ...cache } = createCache();
  for (const [read, job] of reads) {
    clock.pass(second);
    cache.succeeded(read, job);
  }
  clock.pass(passed);
  return {
    plain: cache.find(plain) !== null,
    hosts: cache.find(withHosts) !== null,
    keeps: cache.bytes() > 0,
  };
}

describe('a job that is over', () => {
  it('is told as long as any other after one read', () => {
    expect(toldAfter(second - 1, [[plain, final()]])).toMatchObject({ plain: true });
    expect(toldAfter(second, [[plain, final()]])).toMatchObject({ plain: false });
  });

  it('is told longer once a second read has said the same', () => {
    const { clock, ...cache } = createCache();
    cache.succeeded(plain, final());
    clock.pass(minute - 1);
    expect(cache.find(plain)).toBeNull();
    cache.succeeded(plain, final());
    clock.pass(minute - 1);
    expect(cache.find(plain)).toEqual(final());
    clock.pass(1);
    expect([cache.find(plain), cache.bytes()]).toEqual([null, 0]);
  });

  it('is read twice anew when that is over', () => {
    const { clock, ...cache } = createCache();
    for (const _time of [1, 2]) cache.succeeded(plain, final());
    clock.pass(minute);
    cache.succeeded(plain, final());
    clock.pass(second);
    expect(cache.find(plain)).toBeNull();
  });

  it('stays confirmed, and as long from then on, where it is read again', () => {
    const { clock, ...cache } = createCache();
    for (const _time of [1, 2, 3]) {
      cache.succeeded(plain, final());
      clock.pass(minute - 1);
    }
    expect(cache.find(plain)).toEqual(final());
  });

  it.each([
    ['said something else', [final('renamed')]],
    ['was of another attempt', [buildJob({ steps: [stepData({ executeCount: 1 })] })]],
    ['came between them and said that it goes on', [running(), final()]],
  ])('is not told longer where a read %s', (_what, later) => {
    const reads = [final(), ...later].map((job) => [plain, job] as const);
    expect(toldAfter(second, reads).plain).toBe(false);
  });

  it('is told no more where it runs again, and is confirmed by two reads of that attempt', () => {
    const { clock, ...cache } = createCache();
    const [again, over] = [2, 3].map((statusCode) =>
      buildJob({
        statusCode,
        finished: statusCode === 3,
        steps: [stepData({ statusCode, executeCount: 1 })],
      }),
    );
    const toldAfterReading = (job: JobInstance): boolean => {
      cache.succeeded(plain, job);
      clock.pass(second);
      return cache.find(plain) !== null;
    };
    const told = [final(), final(), again!, over!, over!].map(toldAfterReading);
    expect(told).toEqual([false, true, false, false, true]);
  });

  it('is not told longer because of reads beside each other', () => {
    const { clock, ...cache } = createCache();
    const [one, other] = [cache.begin(plain), cache.begin(withHosts)];
    one.succeeded(final());
    other.succeeded(finalWithHosts('1'));
    expect(cache.bytes()).toBe(0);
    cache.succeeded(plain, final());
    clock.pass(second);
    expect(cache.find(plain)).toBeNull();
  });

  it('is not told longer because of a read from before the caller was refused', () => {
    const { clock, ...cache } = createCache();
    cache.succeeded(plain, final());
    cache.failed(plain, 'PERMISSION_DENIED');
    cache.succeeded(plain, final());
    clock.pass(second);
    expect(cache.find(plain)).toBeNull();
  });

  it('is not told longer because of a read that was too long ago when the second one came back', () => {
    const { clock, ...cache } = createCache();
    cache.succeeded(plain, final());
    const slow = cache.begin(plain);
    clock.pass(minute);
    slow.succeeded(final());
    expect(cache.bytes()).toBe(0);
    cache.succeeded(plain, final());
    clock.pass(second);
    expect(cache.find(plain)).toBeNull();
  });
});

describe('where only jobs that are over are told again', () => {
  it('one is told from the second read on', () => {
    const { clock, ...cache } = createCache({ ttl: 0 });
    cache.succeeded(plain, final());
    expect(cache.find(plain)).toBeNull();
    cache.succeeded(plain, final());
    clock.pass(minute - 1);
    expect(cache.find(plain)).toEqual(final());
  });

  it('what was kept is over when it runs again', () => {
    const cache = createCache({ ttl: 0 });
    for (const _time of [1, 2]) cache.succeeded(plain, final());
    cache.succeeded(plain, running());
    expect([cache.find(plain), cache.bytes()]).toEqual([null, 0]);
  });
});

describe('hosts of a job that is over', () => {
  const some = finalWithHosts('1', '2');
  const atWork = buildJob({ steps: [stepData({ ipResults: [hostRow({ statusCode: 7 })] })] });

  it.each<[string, boolean, readonly (readonly [StatusRead, JobInstance])[]]>([
    ['were read once', false, [[withHosts, some]]],
    [
      'were read twice, as many',
      true,
      [
        [withHosts, some],
        [withHosts, finalWithHosts('1', '2')],
      ],
    ],
    [
      'were read twice, and not as many',
      false,
      [
        [withHosts, some],
        [withHosts, finalWithHosts('1')],
      ],
    ],
    [
      'were read after the job was confirmed without them',
      false,
      [
        [plain, final()],
        [plain, final()],
        [withHosts, some],
      ],
    ],
    [
      'were read before and after the job was without them',
      false,
      [
        [withHosts, some],
        [plain, final()],
        [withHosts, some],
      ],
    ],
    [
      'were read twice after that',
      true,
      [
        [plain, final()],
        [plain, final()],
        [withHosts, some],
        [withHosts, some],
      ],
    ],
  ])('that %s: told longer is %s', (_when, expected, reads) => {
    expect(toldAfter(second - 1, reads).hosts).toBe(true);
    // The job itself is known from two reads wherever there were two.
    expect(toldAfter(second, reads)).toEqual({ plain: reads.length > 1, hosts: expected, keeps: true });
  });

  it('that were at work a moment before confirm nothing', () => {
    const { clock, ...cache } = createCache();
    cache.succeeded(withHosts, atWork);
    cache.succeeded(plain, final());
    clock.pass(second);
    expect(cache.find(plain)).toBeNull();
  });

  it('that are at work again leave nothing of the job believed', () => {
    const reads = [
      [plain, final()],
      [plain, final()],
      [withHosts, atWork],
    ] as const;
    expect(toldAfter(second, reads)).toMatchObject({ plain: false, hosts: false });
  });

  it('keep their memory while the next read may be compared with them, and not longer', () => {
    const { clock, ...cache } = createCache();
    const [one, other] = [jobInReusedMemory(3, final()), jobInReusedMemory(3, final())];
    cache.succeeded(withHosts, one.job);
    clock.pass(second);
    expect(cache.find(withHosts)).toBeNull();
    expect([one.givenBack(), cache.bytes()]).toEqual([0, memoryOf(one.job)]);
    cache.succeeded(withHosts, other.job);
    expect([one.givenBack(), other.givenBack(), cache.bytes()]).toEqual([1, 0, memoryOf(other.job)]);
    clock.pass(minute - 1);
    releaseHosts(cache.find(withHosts)!);
    clock.pass(1);
    expect([cache.find(withHosts), other.givenBack(), cache.bytes()]).toEqual([null, 1, 0]);
  });
});

/** When a read was begun and came back, counted in events, and what it said. */
interface PastRead {
  readonly begunAt: number;
  readonly began: number;
  cameBack: number;
  readonly name: string;
  readonly hostDetail: boolean;
}

it('whatever happens, nobody is told for longer what two reads have not said one after the other', () => {
  const event = fc.record({
    what: fc.constantFrom('begin', 'end', 'end', 'find', 'find', 'find', 'wait', 'wait'),
    name: fc.constantFrom('a', 'a', 'a', 'b'),
    hostDetail: fc.boolean(),
    chance: fc.nat(1000),
  });
  const found = { soon: 0, late: 0 };
  fc.assert(
    fc.property(fc.array(event, { minLength: 60, maxLength: 100 }), (events) => {
      const cache = createCache({ terminalTtl: 5 * second });
      const reads: PastRead[] = [];
      const underWay: { readonly number: number; readonly outcome: StatusOutcome }[] = [];
      for (const [now, { what, name, hostDetail, chance }] of events.entries()) {
        const asked = hostDetail ? withHosts : plain;
        if (what === 'wait') cache.clock.pass(chance);
        if (what === 'begin') {
          const begunAt = cache.clock.now();
          const number = reads.push({ begunAt, began: now, cameBack: Infinity, name, hostDetail }) - 1;
          underWay.push({ number, outcome: cache.begin(asked) });
        }
        const [ended] = what === 'end' ? underWay.splice(chance % Math.max(1, underWay.length), 1) : [];
        if (ended !== undefined) {
          const read = reads[ended.number]!;
          read.cameBack = now;
          // No part of a state: it tells which read it was.
          const observedAt = ended.number;
          ended.outcome.succeeded(buildJob({ name: read.name, observedAt, hostDetailRead: read.hostDetail }));
        }
        const told = what === 'find' ? cache.find(asked) : null;
        if (told === null) continue;
        const read = reads[told.observedAt]!;
        const age = cache.clock.now() - read.begunAt;
        expect(age).toBeLessThan(5 * second);
        found[age < second ? 'soon' : 'late'] += 1;
        if (age < second) continue;
        // The last one that had come back when it began.
        const before = reads
          .filter(({ cameBack }) => cameBack < read.began)
          .reduce((last, one) => (one.cameBack > last.cameBack ? one : last));
        expect(before.name).toBe(read.name);
        if (hostDetail) expect(before.hostDetail).toBe(true);
      }
    }),
  );
  expect(found.soon).toBeGreaterThan(50);
  expect(found.late).toBeGreaterThan(50);
});
