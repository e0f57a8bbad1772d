import type { Caller } from '../../../src/domain/caller.ts';
import type { JobInstanceData } from '../../../src/domain/create-job-instance.ts';
import { JobApiError, type JobApiErrorCode, type JobApiErrorDetails } from '../../../src/domain/errors.ts';
import type { JobInstance } from '../../../src/domain/job-instance.ts';
import type { JobReference } from '../../../src/domain/scope.ts';
import type { JobApi, JobInstanceStatusRead } from '../../../src/upstream/job-api.ts';
import { buildJob } from '../build-job.ts';

/** A read as it came. */
export interface ReadRecord {
  readonly user: string;
  readonly jobInstanceId: string;
  readonly hostDetail: boolean;
  /** By the test's clock. */
  readonly at: number;
  readonly signal: JobInstanceStatusRead['signal'];
}

/** A bk-job in memory: every read is noted and answered with what the test says that the job is at that moment. */
export interface InMemoryBkJob extends JobApi {
  readonly reads: readonly ReadRecord[];
  /** What the job is from now on. */
  become(job: Partial<JobInstanceData>): void;
  /** What the next reads are answered with, one each, before the job is again what it is. */
  answerNext(...answers: readonly (Partial<JobInstanceData> | JobApiErrorCode)[]): void;
  /** Every read fails so, from now on; null ends it. */
  fail(code: JobApiErrorCode | null, details?: JobApiErrorDetails): void;
  /** Only reads with hosts fail so; null ends it. */
  failHosts(code: JobApiErrorCode | null): void;
  /** Reads from now on wait until the returned function is called. */
  hold(): () => void;
}

/** A running job: business 2, number 100. Each step of it is in its first attempt. */
export const runningJob: Partial<JobInstanceData> = {
  scope: { kind: 'biz', id: '2' },
  statusCode: 2,
  finished: false,
  startTime: 0,
  createTime: 0,
  endTime: null,
  totalTime: null,
};

/** The same, over. */
export const finishedJob: Partial<JobInstanceData> = { ...runningJob, statusCode: 3, finished: true };
export const failedJob: Partial<JobInstanceData> = { ...runningJob, statusCode: 4, finished: true };

export const job100: JobReference = { scope: { kind: 'biz', id: '2' }, jobInstanceId: '100' };

export function callerNamed(name: string): Caller {
  return {
    proof: { kind: 'bk_token', value: name },
    tenantId: null,
    language: null,
    fingerprint: `fingerprint-of-${name}`,
    account: `fingerprint-of-${name}`,
  };
}

/** The job runs, and nothing fails. */
export function createInMemoryBkJob(now: () => number): InMemoryBkJob {
  const reads: ReadRecord[] = [];
  const next: (Partial<JobInstanceData> | JobApiErrorCode)[] = [];
  let state = runningJob;
  let failure: (() => JobApiError) | null = null;
  let hostFailure: JobApiErrorCode | null = null;
  let held: Promise<void> | null = null;

  function answer({ jobInstanceId }: JobReference, hostDetail: boolean): JobInstance {
    const planned = next.shift();
    if (typeof planned === 'string') throw new JobApiError(planned);
    if (failure !== null) throw failure();
    if (hostDetail && hostFailure !== null) throw new JobApiError(hostFailure);
    return buildJob({
      ...(planned ?? state),
      jobInstanceId,
      hostDetailRead: hostDetail,
      observedAt: now(),
    });
  }

  return {
    reads,
    become: (job) => {
      state = job;
    },
    answerNext: (...answers) => {
      next.push(...answers);
    },
    fail: (code, details) => {
      failure = code === null ? null : () => new JobApiError(code, null, details);
    },
    failHosts: (code) => {
      hostFailure = code;
    },
    hold: () => {
      let release = (): void => undefined;
      const gate = new Promise<void>((resolve) => {
        release = () => {
          held = null;
          resolve();
        };
      });
      held = gate;
      return release;
    },
    fetchJobInstanceStatus: async (caller, job, { hostDetail, signal }) => {
      const { jobInstanceId } = job;
      reads.push({ user: caller.proof.value, jobInstanceId, hostDetail, at: now(), signal });
      if (held !== null) await held;
      return answer(job, hostDetail);
    },
  };
}
