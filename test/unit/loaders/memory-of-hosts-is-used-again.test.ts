import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import type { RowMemory } from '../../../src/domain/ip-result-rows.ts';
import type { JobInstance } from '../../../src/domain/job-instance.ts';
import type { JobReference } from '../../../src/domain/scope.ts';
import { createJobInstanceLoader } from '../../../src/loaders/job-instance-loader.ts';
import { createJoinedReads } from '../../../src/upstream/joined-reads.ts';
import type { StatusOutcome } from '../../../src/upstream/status-call.ts';
import { readStatusByScan, readWholeStatus } from '../../../src/upstream/wire/read-status.ts';
import { undisturbed } from '../../support/long-work.ts';

const caller: Caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'alice',
  account: 'alice',
};
const job: JobReference = { scope: { kind: 'biz', id: '1' }, jobInstanceId: '100' };
const hosts = { hostDetail: true };

/** So many that they are taken from bytes, into memory that is worth using again. */
const hostCount = 400;

/** Memory in which something of others stands. It is handed out again as soon as it is given back. */
function createDirtyMemory() {
  const free: Buffer[] = [];
  let taken = 0;
  const memory: RowMemory = {
    take: (size) => {
      taken += 1;
      return free.pop() ?? Buffer.alloc(64 * 1024 + size, 0xa5);
    },
    giveBack: (buffer) => free.push(buffer.fill(0xa5)),
  };
  return { memory, taken: () => taken, free };
}

function answerOf(mark: string): Uint8Array {
  const rows = Array.from({ length: hostCount }, (_none, place) => {
    const tag = place % 2 === 0 ? `"${mark}"` : 'null';
    return `{"bk_host_id":${String(place + 1)},"bk_cloud_id":0,"ip":"192.0.2.1","status":9,"tag":${tag},"end_time":null}`;
  });
  return new TextEncoder().encode(
    `{"code":0,"result":true,"data":{"finished":true,"job_instance":{"job_instance_id":100,"name":"${mark}","status":3},"step_instance_list":[{"step_instance_id":75,"name":"step","status":3,"type":1,"execute_count":0,"step_ip_result_list":[${rows.join()}]}]}}`,
  );
}

function readingWith(rowMemory: RowMemory) {
  const envelope = { permissionApplyUrl: null };
  return {
    job,
    hostDetail: true,
    observedAt: 0,
    envelope,
    rowMemory,
    longWork: undisturbed,
  };
}

/** A bk-job that gives each call another mark, and tells how many there were. */
function createUpstream() {
  const dirty = createDirtyMemory();
  const reading = readingWith(dirty.memory);
  const answer = async (mark: string, outcome: StatusOutcome): Promise<void> => {
    outcome.succeeded((await readStatusByScan({ status: 200, headers: {}, body: answerOf(mark) }, reading))!);
  };
  let calls = 0;
  const jobApi = createJoinedReads(
    (_read, _cancellation, outcome) => {
      calls += 1;
      void answer(`call ${String(calls)}`, outcome);
    },
    () => undefined,
  );
  const createLoader = () =>
    createJobInstanceLoader({ jobApi, caller, longWork: undisturbed, maxParallelReads: 8 });
  return { ...dirty, createLoader, calls: () => calls };
}

function tagsOf({ steps }: JobInstance): readonly (string | null)[] {
  return Array.from(steps[0]!.ipResults, ({ tag }) => tag);
}

const marked = (mark: string): readonly (string | null)[] =>
  Array.from({ length: hostCount }, (_none, place) => (place % 2 === 0 ? mark : null));

describe('memory of hosts', () => {
  it('shows nothing of those who had it before', async () => {
    const body = answerOf('mine');
    const response = { status: 200, headers: {}, body };
    const dirty = createDirtyMemory();
    const scanned = await readStatusByScan(response, readingWith(dirty.memory));
    expect(dirty.taken()).toBeGreaterThan(0);
    const read = readWholeStatus(response, readingWith(dirty.memory));
    const rowsOf = ({ steps }: JobInstance) =>
      Array.from(steps[0]!.ipResults, ({ step: _step, ...row }) => row);
    expect(rowsOf(scanned!)).toEqual(rowsOf(read));
  });

  it('is used for the next job when the loader says that nobody looks at it any more, which is then read anew', async () => {
    const upstream = createUpstream();
    const loader = upstream.createLoader();
    const first = await loader.load(job, hosts);
    expect(tagsOf(first)).toEqual(marked('call 1'));
    const taken = upstream.taken();
    loader.release();
    expect(upstream.free.length).toBe(taken);
    const second = await loader.load(job, hosts);
    expect(upstream.calls()).toBe(2);
    expect(upstream.free).toEqual([]);
    expect(tagsOf(second)).toEqual(marked('call 2'));
  });

  it('says nothing any more to whoever looks all the same, not even what is of others', async () => {
    const upstream = createUpstream();
    const loader = upstream.createLoader();
    const first = await loader.load(job, hosts);
    loader.release();
    await loader.load(job, hosts);
    expect(tagsOf(first)).toEqual(Array.from({ length: hostCount }, () => null));
    expect(first.name).toBe('call 1');
  });

  it('stays as long as one of those who share the read has not said so', async () => {
    const upstream = createUpstream();
    const loaders = [upstream.createLoader(), upstream.createLoader(), upstream.createLoader()];
    const [shared] = await Promise.all(loaders.map((loader) => loader.load(job, hosts)));
    expect(upstream.calls()).toBe(1);
    loaders[0]!.release();
    loaders[0]!.release();
    loaders[1]!.release();
    expect(upstream.free).toEqual([]);
    expect(tagsOf(shared!)).toEqual(marked('call 1'));
    loaders[2]!.release();
    expect(upstream.free.length).toBe(upstream.taken());
  });

  it('is given back once', async () => {
    const upstream = createUpstream();
    const loader = upstream.createLoader();
    await loader.load(job, hosts);
    for (let time = 0; time < 3; time += 1) loader.release();
    expect(upstream.free.length).toBe(upstream.taken());
    expect(new Set(upstream.free).size).toBe(upstream.free.length);
  });
});
