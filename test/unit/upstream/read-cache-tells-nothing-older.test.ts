import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobApiErrorCode } from '../../../src/domain/errors.ts';
import type { StatusOutcome } from '../../../src/upstream/status-call.ts';
import { buildJob, stepData } from '../../support/build-job.ts';
import {
  alice,
  another,
  bob,
  createCache,
  job,
  plain,
  running,
  runningWithHosts,
  second,
  withHosts,
} from '../../support/read-cache.ts';

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

describe('a state that was read later and is older', () => {
  const inAttempt = (executeCount: number) =>
    buildJob({
      statusCode: 2,
      finished: false,
      steps: [stepData({ executeCount }), stepData({ stepInstanceId: '76' })],
    });

  it('does not take the place of the one that is kept', () => {
    const cache = createCache();
    cache.succeeded(plain, inAttempt(1));
    cache.succeeded(plain, inAttempt(0));
    expect(cache.find(plain)?.steps[0]!.executeCount).toBe(1);
    cache.succeeded(plain, inAttempt(2));
    expect(cache.find(plain)?.steps[0]!.executeCount).toBe(2);
  });
});

describe('the age of a state', () => {
  it('counts from when it was asked for, since it may be as old', () => {
    const cache = createCache();
    const slow = cache.begin(plain);
    cache.clock.pass(second - 1);
    slow.succeeded(running());
    expect(cache.find(plain)).not.toBeNull();
    cache.clock.pass(1);
    expect(cache.find(plain)).toBeNull();
  });

  it('may be too great when it comes', () => {
    const cache = createCache();
    const slow = cache.begin(plain);
    cache.clock.pass(second);
    slow.succeeded(running());
    expect([cache.find(plain), cache.bytes(), cache.callers()]).toEqual([null, 0, 0]);
  });
});

/** States of jobs in the order in which they came to be: a read tells one that was there while it was under way. */
it('whatever happens, nobody is told a state that is older than one told before, or than it may be', () => {
  const event = fc.record({
    what: fc.constantFrom('begin', 'end', 'end', 'find', 'find', 'refuse', 'wait'),
    caller: fc.constantFrom(alice, bob),
    jobInstanceId: fc.constantFrom('100', '101'),
    hostDetail: fc.boolean(),
    chance: fc.nat(1000),
  });
  let found = 0;
  fc.assert(
    fc.property(fc.array(event, { minLength: 40, maxLength: 80 }), (events) => {
      const cache = createCache({ maxBytes: 5000 });
      const underWay: { readonly key: string; readonly state: number; readonly outcome: StatusOutcome }[] =
        [];
      const madeAt: number[] = [];
      const told = new Map<string, number>();
      for (const { what, caller, jobInstanceId, hostDetail, chance } of events) {
        const read = { caller, job: { ...job, jobInstanceId }, hostDetail };
        const key = `${caller.fingerprint} ${jobInstanceId}`;
        if (what === 'wait') cache.clock.pass(chance);
        if (what === 'begin') {
          // What bk-job will answer is how the job is now; the answer may take longer than that of the next read.
          const state = madeAt.push(cache.clock.now()) - 1;
          underWay.push({ key, state, outcome: cache.begin(read) });
        }
        if (what === 'refuse') cache.failed(read, 'PERMISSION_DENIED');
        if (what === 'end') {
          const [ended] = underWay.splice(chance % Math.max(1, underWay.length), 1);
          ended?.outcome.succeeded(running(String(ended.state)));
          if (ended !== undefined) told.set(ended.key, Math.max(ended.state, told.get(ended.key) ?? 0));
        }
        const again = what === 'find' ? cache.find(read) : null;
        if (again === null) continue;
        found += 1;
        const state = Number(again.name);
        expect(state).toBeGreaterThanOrEqual(told.get(key) ?? 0);
        expect(cache.clock.now() - madeAt[state]!).toBeLessThan(second);
      }
      expect(cache.bytes()).toBeLessThanOrEqual(5000);
    }),
  );
  expect(found).toBeGreaterThan(50);
});
