import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { createTabledJobInstance } from '../../../src/domain/create-job-instance.ts';
import type { JobInstance } from '../../../src/domain/job-instance.ts';
import type { JobReference } from '../../../src/domain/scope.ts';
import { createJobInstanceLoader } from '../../../src/loaders/job-instance-loader.ts';
import type { StatusRead } from '../../../src/upstream/joined-reads.ts';
import { createHeldHosts } from '../../support/create-held-hosts.ts';
import { holdReads } from '../../support/held-reads.ts';
import { undisturbed } from '../../support/long-work.ts';

const caller: Caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'alice',
  account: 'alice',
};

const alone = { caller, longWork: undisturbed };

const hosts = { hostDetail: true };
const plain = { hostDetail: false };

function reference(jobInstanceId: string): JobReference {
  return { scope: { kind: 'biz', id: '2' }, jobInstanceId };
}

/** A job of so many hosts, of which nothing is told, in so many bytes. */
function jobOf({ job, hostDetail }: StatusRead, hostCount: number, size = 0): JobInstance {
  const times = { createTime: null, startTime: null, endTime: null, totalTime: null };
  const step = { stepInstanceId: '75', name: 'step', typeCode: 1, statusCode: 3, executeCount: 0 };
  return createTabledJobInstance(
    {
      ...job,
      ...times,
      name: `job ${job.jobInstanceId}`,
      statusCode: 3,
      finished: true,
      observedAt: 0,
      hostDetailRead: hostDetail,
      steps: [{ ...times, ...step, ipResults: [] }],
    },
    {
      numbers: new Float64Array(0),
      spans: new Int32Array(0),
      bytes: Buffer.from(new ArrayBuffer(size)),
      counts: [hostDetail ? hostCount : 0],
    },
  );
}

/** A bk-job that answers when the test has it answer. */
function createUpstream() {
  const held = holdReads();
  const { calls } = held;
  return {
    ...held,
    answer: async (index: number, hostCount: number, size = 0): Promise<void> => {
      const { read, outcome } = calls[index]!;
      outcome.succeeded(jobOf(read, hostCount, size));
      await settled();
    },
  };
}

/** All that follows without anybody answering has been done. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const tooComplex = expect.objectContaining({
  kind: 'failed',
  error: expect.objectContaining({
    code: 'OPERATION_TOO_COMPLEX',
    message: 'The request goes through more hosts or steps than one may.',
  }),
});

const noRoom = expect.objectContaining({
  kind: 'failed',
  error: expect.objectContaining({ code: 'RATE_LIMITED', retryAfter: 1000 }),
});

describe('an operation that reads more hosts than one may', () => {
  it('gives up the reads that are under way, sends no more, and tells the rest of those jobs', async () => {
    const upstream = createUpstream();
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 3 });
    const loaded = Promise.all(['1', '2', '3', '4', '5'].map((id) => loader.load(reference(id), hosts)));
    await settled();
    expect(upstream.asked()).toEqual(['1 with hosts', '2 with hosts', '3 with hosts']);
    await upstream.answer(0, 600_000);
    await upstream.answer(1, 400_001);
    expect(upstream.calls.map(({ cancellation }) => cancellation.reason !== null).slice(0, 4)).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(upstream.asked().slice(3)).toEqual(['4 with hosts', '5', '3', '4']);
    for (const index of [4, 5, 6]) await upstream.answer(index, 0);
    const jobs = await loaded;
    expect(jobs.map(({ name }) => name)).toEqual(['job 1', 'job 2', 'job 3', 'job 4', 'job 5']);
    expect(jobs.map(({ hostDetail }) => hostDetail)).toEqual([
      { kind: 'read' },
      tooComplex,
      tooComplex,
      tooComplex,
      tooComplex,
    ]);
    expect(jobs[1]!.steps[0]!.ipResults).toHaveLength(0);
  });

  it('is none where they are just as many', async () => {
    const upstream = createUpstream();
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 3 });
    const loaded = Promise.all(['1', '2', '3'].map((id) => loader.load(reference(id), hosts)));
    await settled();
    await upstream.answer(0, 500_000);
    await upstream.answer(1, 500_000);
    await upstream.answer(2, 0);
    const jobs = await loaded;
    expect(jobs.map(({ hostDetail }) => hostDetail.kind)).toEqual(['read', 'read', 'read']);
  });

  it('is told the same when it asks again', async () => {
    const upstream = createUpstream();
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 3 });
    const loaded = loader.load(reference('1'), hosts);
    await settled();
    await upstream.answer(0, 1_000_001);
    const job = await loaded;
    expect(job.hostDetail).toEqual(tooComplex);
    expect(await loader.load(reference('1'), hosts)).toBe(job);
    expect(await loader.load(reference('1'), plain)).toBe(job);
    expect(upstream.calls).toHaveLength(1);
  });

  it('takes no read from another that shares it', async () => {
    const upstream = createUpstream();
    const greedy = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 2 });
    const other = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 2 });
    const ofGreedy = Promise.all(['1', '2'].map((id) => greedy.load(reference(id), hosts)));
    const ofOther = other.load(reference('2'), hosts);
    await settled();
    await upstream.answer(0, 1_000_001);
    await upstream.answer(1, 5);
    await upstream.answer(2, 0);
    expect((await ofOther).hostDetail).toEqual({ kind: 'read' });
    expect((await ofGreedy).map(({ hostDetail }) => hostDetail)).toEqual([tooComplex, tooComplex]);
  });

  it('fails as the plain read does where that fails', async () => {
    const upstream = createUpstream();
    const abort = new AbortController();
    const loader = createJobInstanceLoader({
      ...upstream,
      ...alone,
      maxParallelReads: 2,
      signal: abort.signal,
    });
    const loaded = Promise.allSettled(['1', '2'].map((id) => loader.load(reference(id), hosts)));
    await settled();
    await upstream.answer(0, 1_000_001);
    expect(upstream.asked().at(-1)).toBe('2');
    abort.abort(new Error('left'));
    expect(await loaded).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
  });
});

it('reads with hosts end with their request, and a later answer ends nothing twice', async () => {
  const upstream = createUpstream();
  const abort = new AbortController();
  const loader = createJobInstanceLoader({
    ...upstream,
    ...alone,
    maxParallelReads: 2,
    signal: abort.signal,
  });
  const loaded = Promise.allSettled(['1', '2'].map((id) => loader.load(reference(id), hosts)));
  await settled();
  abort.abort(new Error('left'));
  await upstream.answer(0, 1_000_001);
  expect(upstream.calls.every(({ cancellation }) => cancellation.reason !== null)).toBe(true);
  expect((await loaded).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(upstream.asked()).toEqual(['1 with hosts', '2 with hosts']);
});

describe('hosts that operations hold', () => {
  it('have room until it is used up, and again when an operation is over', async () => {
    const upstream = createUpstream();
    const heldHosts = createHeldHosts();
    const createLoader = () =>
      createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 3, heldHosts });
    const loaders = [createLoader(), createLoader()];
    const loaded = Promise.all(loaders.map((loader, at) => loader.load(reference(String(at)), hosts)));
    await settled();
    await upstream.answer(0, 1, 400);
    await upstream.answer(1, 1, 400);
    const jobs = await loaded;
    expect(jobs.map(({ hostDetail }) => hostDetail)).toEqual([{ kind: 'read' }, noRoom]);
    expect(heldHosts.taken).toBe(400);
    loaders[0]!.release();
    loaders[0]!.release();
    expect(heldHosts.taken).toBe(0);
    const again = createLoader().load(reference('2'), hosts);
    await settled();
    await upstream.answer(2, 1, 400);
    expect((await again).hostDetail).toEqual({ kind: 'read' });
  });

  it.each([
    [350, { kind: 'read' }],
    [351, tooComplex],
  ])('have room for %i bytes beside 400 of the same operation, or never will', async (size, expected) => {
    const upstream = createUpstream();
    const loader = createJobInstanceLoader({
      ...upstream,
      ...alone,
      maxParallelReads: 3,
      heldHosts: createHeldHosts(),
    });
    const loaded = Promise.all(['1', '2'].map((id) => loader.load(reference(id), hosts)));
    await settled();
    await upstream.answer(0, 1, 400);
    await upstream.answer(1, 1, size);
    expect((await loaded).map(({ hostDetail }) => hostDetail)).toEqual([{ kind: 'read' }, expected]);
  });

  it('are not counted where they come when the operation is over', async () => {
    const upstream = createUpstream();
    const heldHosts = createHeldHosts();
    const loader = createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 3, heldHosts });
    const loaded = loader.load(reference('1'), hosts);
    await settled();
    loader.release();
    await upstream.answer(0, 1, 400);
    expect((await loaded).hostDetail).toEqual({ kind: 'read' });
    expect(heldHosts.taken).toBe(0);
  });

  it('are counted once for all who share a read, until the last of them is over', async () => {
    const upstream = createUpstream();
    const heldHosts = createHeldHosts();
    const loaders = [1, 2, 3].map(() =>
      createJobInstanceLoader({ ...upstream, ...alone, maxParallelReads: 3, heldHosts }),
    );
    const loaded = Promise.all(loaders.map((loader) => loader.load(reference('1'), hosts)));
    await settled();
    await upstream.answer(0, 1, 400);
    await loaded;
    const left = loaders.map((loader) => {
      loader.release();
      return heldHosts.taken;
    });
    expect(left).toEqual([400, 400, 0]);
  });
});
