import type { Caller } from '../../src/domain/caller.ts';
import { createTabledJobInstance } from '../../src/domain/create-job-instance.ts';
import { JobApiError, type JobApiErrorCode } from '../../src/domain/errors.ts';
import type { JobInstance } from '../../src/domain/job-instance.ts';
import type { JobReference } from '../../src/domain/scope.ts';
import type { StatusRead } from '../../src/upstream/joined-reads.ts';
import { ReadCache, type ReadCacheOptions } from '../../src/upstream/read-cache.ts';
import { buildJob, hostRow, stepData } from './build-job.ts';
import { createManualClock } from './manual-clock.ts';

export const alice: Caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'alice',
  account: 'alice',
};
export const bob: Caller = {
  ...alice,
  proof: { kind: 'bk_token', value: 'bob' },
  fingerprint: 'bob',
  account: 'bob',
};
export const job: JobReference = { scope: { kind: 'biz', id: '1' }, jobInstanceId: '100' };
export const plain: StatusRead = { caller: alice, job, hostDetail: false };
export const withHosts: StatusRead = { ...plain, hostDetail: true };
export const another: StatusRead = { ...plain, job: { ...job, jobInstanceId: '101' } };

export const second = 1000;
const roomy: ReadCacheOptions = { ttl: second, terminalTtl: 60 * second, maxBytes: 1024 ** 2 };

/** A cache before a clock that stands until it is moved, and reads that are over as soon as they have begun. */
export function createCache(options: Partial<ReadCacheOptions> = {}) {
  const clock = createManualClock();
  const cache = new ReadCache({ ...roomy, ...options }, () => clock.now());
  const begin = (read: StatusRead, told: (job: JobInstance) => void = () => undefined) =>
    cache.watching(read, { succeeded: told, failed: () => undefined });
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

export const running = (name = 'job') =>
  buildJob({ name, statusCode: 2, finished: false, hostDetailRead: false, steps: [stepData()] });
export const runningWithHosts = () =>
  buildJob({ statusCode: 2, finished: false, steps: [stepData({ ipResults: [hostRow()] })] });

export const final = (name = 'job') => buildJob({ name, hostDetailRead: false });
export const finalWithHosts = (...hosts: readonly string[]) =>
  buildJob({ steps: [stepData({ ipResults: hosts.map((bkHostId) => hostRow({ bkHostId })) })] });

/** A job whose hosts stand in memory that is for others when nobody looks at them any more. */
export function jobInReusedMemory(
  hosts: number,
  state = running(),
): { readonly job: JobInstance; readonly givenBack: () => number } {
  let count = 0;
  const { numbers, spans, bytes } = buildJob({
    steps: [stepData({ ipResults: Array.from({ length: hosts }, () => hostRow()) })],
  }).steps[0]!.ipResults.table;
  const giveBack = () => (count += 1);
  const data = { ...state, hostDetailRead: true, steps: [stepData()] };
  const cells = { numbers, spans, bytes, counts: [hosts], giveBack };
  return { job: createTabledJobInstance(data, cells), givenBack: () => count };
}
