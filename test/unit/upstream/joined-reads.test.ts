import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import type { JobInstance } from '../../../src/domain/job-instance.ts';
import type { JobReference } from '../../../src/domain/scope.ts';
import { createJoinedReads } from '../../../src/upstream/joined-reads.ts';
import { buildJob } from '../../support/build-job.ts';

const alice: Caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'alice',
};
const bob: Caller = { ...alice, proof: { kind: 'bk_token', value: 'bob' }, fingerprint: 'bob' };
const job: JobReference = { scope: { kind: 'biz', id: '1' }, jobInstanceId: '100' };
const plain = { hostDetail: false };

/** An upstream that answers when it is told to. */
function createUpstream() {
  const calls: { readonly answer: (job: JobInstance) => void; readonly fail: (error: unknown) => void }[] =
    [];
  const api = createJoinedReads({
    fetchJobInstanceStatus: () =>
      new Promise((answer, fail) => {
        calls.push({ answer, fail });
      }),
  });
  return { api, calls };
}

describe('reads under way', () => {
  it('that are equal share one call and its answer', async () => {
    const { api, calls } = createUpstream();
    const reads = Array.from({ length: 50 }, () =>
      api.fetchJobInstanceStatus({ ...alice }, { ...job }, { ...plain }),
    );
    expect(calls).toHaveLength(1);
    const answer = buildJob();
    calls[0]!.answer(answer);
    for (const read of reads) expect(await read).toBe(answer);
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
