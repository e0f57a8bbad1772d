import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import type { JobInstance } from '../../../src/domain/job-instance.ts';
import type { JobReference } from '../../../src/domain/scope.ts';
import type { Cancellation } from '../../../src/upstream/cancellation.ts';
import { createJoinedReads } from '../../../src/upstream/joined-reads.ts';
import { buildJob } from '../../support/build-job.ts';

const alice: Caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'alice',
  account: 'alice',
};
const bob: Caller = {
  ...alice,
  proof: { kind: 'bk_token', value: 'bob' },
  fingerprint: 'bob',
  account: 'bob',
};
const job: JobReference = { scope: { kind: 'biz', id: '1' }, jobInstanceId: '100' };
const plain = { hostDetail: false };

/** An upstream that answers when it is told to. */
function createUpstream() {
  const calls: {
    readonly arrive: () => void;
    readonly answer: (job: JobInstance) => void;
    readonly fail: (error: JobApiError) => void;
    readonly cancellation: Cancellation;
  }[] = [];
  let joins = 0;
  const api = createJoinedReads(
    (_read, cancellation, outcome) => {
      const fail = (error: JobApiError) => {
        outcome.failed(error);
      };
      const answer = (job: JobInstance) => {
        outcome.succeeded(job);
      };
      calls.push({ arrive: () => outcome.arrived?.(), answer, fail, cancellation });
      cancellation.listener = () => {
        fail(cancellation.reason!);
      };
    },
    () => (joins += 1),
  );
  return { api, calls, joins: () => joins };
}

describe('reads under way', () => {
  it('that are equal share one call and its answer', async () => {
    const { api, calls, joins } = createUpstream();
    const reads = Array.from({ length: 50 }, () =>
      api.fetchJobInstanceStatus({ ...alice }, { ...job }, { ...plain }),
    );
    expect(calls).toHaveLength(1);
    expect(joins()).toBe(49);
    const answer = buildJob();
    calls[0]!.answer(answer);
    for (const read of reads) expect(await read).toBe(answer);
  });

  it('are joined by nobody whose question came after their answer', async () => {
    const { api, calls } = createUpstream();
    const before = api.fetchJobInstanceStatus(alice, job, plain);
    calls[0]!.arrive();
    const after = api.fetchJobInstanceStatus(alice, job, plain);
    const [older, newer] = [buildJob(), buildJob()];
    calls[0]!.answer(older);
    calls[1]!.answer(newer);
    expect(await before).toBe(older);
    expect(await after).toBe(newer);
  });

  it.each<[string, Caller, JobReference, boolean]>([
    ['caller', bob, job, false],
    ['job', alice, { ...job, jobInstanceId: '101' }, false],
    ['scope', alice, { ...job, scope: { kind: 'biz', id: '11' } }, false],
    ['kind of scope', alice, { ...job, scope: { kind: 'biz_set', id: '1' } }, false],
    ['need of hosts', alice, job, true],
  ])('that differ by their %s do not', (_difference, caller, other, hostDetail) => {
    const { api, calls } = createUpstream();
    void api.fetchJobInstanceStatus(alice, job, plain);
    void api.fetchJobInstanceStatus(caller, other, { hostDetail });
    expect(calls).toHaveLength(2);
  });

  it('share no call that stands in for a failed one: that may be given up where they would be tried', () => {
    const { api, calls } = createUpstream();
    const again = { ...plain, afterFailure: new JobApiError('UPSTREAM_TIMEOUT') };
    void api.fetchJobInstanceStatus(alice, job, again);
    void api.fetchJobInstanceStatus(alice, job, again);
    expect(calls).toHaveLength(1);
    void api.fetchJobInstanceStatus(alice, job, plain);
    expect(calls).toHaveLength(2);
  });

  it('are shared by those that stand in for failed ones', () => {
    const { api, calls } = createUpstream();
    void api.fetchJobInstanceStatus(alice, job, plain);
    void api.fetchJobInstanceStatus(alice, job, {
      ...plain,
      afterFailure: new JobApiError('UPSTREAM_TIMEOUT'),
    });
    expect(calls).toHaveLength(1);
  });

  it('are not joined by one from now on, which others join from then on, whatever ends first', async () => {
    const { api, calls } = createUpstream();
    const anew = { ...plain, fromNowOn: true };
    const earlier = api.fetchJobInstanceStatus(alice, job, plain);
    const own = api.fetchJobInstanceStatus(alice, job, anew);
    const joiner = api.fetchJobInstanceStatus(alice, job, plain);
    expect(calls).toHaveLength(2);
    const [before, now] = [buildJob({ name: 'before' }), buildJob({ name: 'now' })];
    calls[0]!.answer(before);
    expect(await earlier).toBe(before);
    const late = api.fetchJobInstanceStatus(alice, job, plain);
    expect(calls).toHaveLength(2);
    calls[1]!.answer(now);
    expect(await Promise.all([own, joiner, late])).toEqual([now, now, now]);
  });

  it('are not joined by one from now on that stands in for a failed one', () => {
    const { api, calls } = createUpstream();
    const again = { ...plain, afterFailure: new JobApiError('UPSTREAM_TIMEOUT') };
    void api.fetchJobInstanceStatus(alice, job, plain);
    void api.fetchJobInstanceStatus(alice, job, { ...again, fromNowOn: true });
    void api.fetchJobInstanceStatus(alice, job, { ...again, fromNowOn: true });
    expect(calls).toHaveLength(3);
  });

  it('fail before anything is sent, and the next one asks anew', async () => {
    let calls = 0;
    const api = createJoinedReads(
      (_read, _cancellation, outcome) => {
        calls += 1;
        outcome.failed(new JobApiError('RATE_LIMITED'));
      },
      () => undefined,
    );
    for (const expected of [1, 2]) {
      const read = api.fetchJobInstanceStatus(alice, job, plain);
      await expect(read).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      expect(calls).toBe(expected);
    }
  });

  it('fail together, and the next one asks anew', async () => {
    const { api, calls } = createUpstream();
    const reads = [1, 2].map(() => api.fetchJobInstanceStatus(alice, job, plain));
    calls[0]!.fail(new JobApiError('UPSTREAM_TIMEOUT'));
    for (const read of reads) await expect(read).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    const next = api.fetchJobInstanceStatus(alice, job, plain);
    expect(calls).toHaveLength(2);
    calls[1]!.answer(buildJob());
    await expect(next).resolves.toMatchObject({ jobInstanceId: '100' });
  });

  it('that are over are not remembered', async () => {
    const { api, calls } = createUpstream();
    const first = api.fetchJobInstanceStatus(alice, job, plain);
    calls[0]!.answer(buildJob());
    await first;
    void api.fetchJobInstanceStatus(alice, job, plain);
    expect(calls).toHaveLength(2);
  });
});

describe('a read that nobody waits for any more', () => {
  const reason = () => new JobApiError('UPSTREAM_UNAVAILABLE', 'The client left.');

  it('rejects at once with its own reason, and leaves the others their answer', async () => {
    const { api, calls } = createUpstream();
    const leaver = new AbortController();
    const left = api.fetchJobInstanceStatus(alice, job, { ...plain, signal: leaver.signal });
    const stays = api.fetchJobInstanceStatus(alice, job, {
      ...plain,
      signal: new AbortController().signal,
    });
    const error = reason();
    leaver.abort(error);
    await expect(left).rejects.toBe(error);
    expect(calls[0]!.cancellation.reason).toBeNull();
    calls[0]!.answer(buildJob());
    await expect(stays).resolves.toMatchObject({ jobInstanceId: '100' });
  });

  it('ends its call with the last one who leaves, whoever came first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), async (order) => {
        const { api, calls } = createUpstream();
        const controllers = order.map(() => new AbortController());
        const reads = controllers.map(({ signal }) =>
          api.fetchJobInstanceStatus(alice, job, { ...plain, signal }).catch((error: unknown) => error),
        );
        for (const [left, index] of order.entries()) {
          expect(calls[0]!.cancellation.reason).toBeNull();
          const error = new JobApiError('UPSTREAM_TIMEOUT', `Waiter ${String(index)} left.`);
          controllers[index]!.abort(error);
          expect(await reads[index]).toBe(error);
          expect(left).toBeLessThan(5);
        }
        expect(calls).toHaveLength(1);
        expect(calls[0]!.cancellation.reason).not.toBeNull();
      }),
    );
  });

  it('is never joined: who comes after the last one left asks anew', async () => {
    const { api, calls } = createUpstream();
    const leaver = new AbortController();
    const left = api.fetchJobInstanceStatus(alice, job, { ...plain, signal: leaver.signal });
    leaver.abort(reason());
    const next = api.fetchJobInstanceStatus(alice, job, plain);
    expect(calls).toHaveLength(2);
    await expect(left).rejects.toMatchObject({ message: 'The client left.' });
    // The end of the first call must not make the second one forgotten.
    void api.fetchJobInstanceStatus(alice, job, plain);
    expect(calls).toHaveLength(2);
    calls[1]!.answer(buildJob());
    await expect(next).resolves.toMatchObject({ jobInstanceId: '100' });
  });

  it('goes on for whoever cannot leave', async () => {
    const { api, calls } = createUpstream();
    const leaver = new AbortController();
    const stays = api.fetchJobInstanceStatus(alice, job, plain);
    const left = api.fetchJobInstanceStatus(alice, job, { ...plain, signal: leaver.signal });
    leaver.abort(reason());
    await expect(left).rejects.toMatchObject({ message: 'The client left.' });
    expect(calls[0]!.cancellation.reason).toBeNull();
    calls[0]!.answer(buildJob());
    await expect(stays).resolves.toMatchObject({ jobInstanceId: '100' });
  });

  it('asks nothing where nobody waited from the beginning', async () => {
    const { api, calls } = createUpstream();
    const error = reason();
    const signal = AbortSignal.abort(error);
    await expect(api.fetchJobInstanceStatus(alice, job, { ...plain, signal })).rejects.toBe(error);
    expect(calls).toHaveLength(0);
  });

  it('leaves no listener on a signal that outlives it', async () => {
    const { api, calls } = createUpstream();
    const { signal } = new AbortController();
    for (const end of ['answer', 'fail'] as const) {
      const read = api.fetchJobInstanceStatus(alice, job, { ...plain, signal });
      if (end === 'answer') calls.at(-1)!.answer(buildJob());
      else calls.at(-1)!.fail(new JobApiError('NOT_FOUND'));
      await read.catch(() => null);
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('mistakes of others that are not made here', () => {
  it('a permission is never answered for another request (undici #4817)', async () => {
    const { api, calls } = createUpstream();
    const reads = [
      api.fetchJobInstanceStatus(alice, job, plain),
      api.fetchJobInstanceStatus(bob, job, plain),
    ];
    expect(calls).toHaveLength(2);
    calls[0]!.answer(buildJob());
    calls[1]!.fail(new JobApiError('PERMISSION_DENIED'));
    await expect(reads[0]).resolves.toMatchObject({ jobInstanceId: '100' });
    await expect(reads[1]).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('no parts of two reads run together to one key, whatever they hold (undici #5013)', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '1', ' ', ',', ':', '"', '\\', '\0') });
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (one, other) => {
        const { api, calls } = createUpstream();
        for (const [fingerprint, id, jobInstanceId] of [one, other]) {
          const reference: JobReference = { scope: { kind: 'biz', id }, jobInstanceId };
          void api.fetchJobInstanceStatus({ ...alice, fingerprint }, reference, plain);
        }
        const areEqual = one.every((text, index) => text === other[index]);
        expect(calls).toHaveLength(areEqual ? 1 : 2);
      }),
    );
  });
});
