import DataLoader from 'dataloader';
import pLimit from 'p-limit';
import type { Caller } from '../domain/caller.ts';
import { withFailedHostDetail } from '../domain/create-job-instance.ts';
import { JobApiError, toJobApiError, type JobApiErrorCode } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { JobReference } from '../domain/scope.ts';
import type { JobApi, JobInstanceStatusRead } from '../upstream/job-api.ts';

/** Jobs of one operation, each read once whatever is asked of it. Made anew for every operation. */
export interface JobInstanceLoader {
  /** Rejects with a `JobApiError`. With `hostDetail` the job's `hostDetail` is `read` or `failed`. */
  load(job: JobReference, need: { readonly hostDetail: boolean }): Promise<JobInstance>;
}

/** What a loader is made of. */
export interface JobInstanceLoaderOptions {
  readonly jobApi: JobApi;
  /** On whose behalf everything is read; there is no loader without one. */
  readonly caller: Caller;
  /** How many reads of one operation may be under way at a time. */
  readonly maxParallelReads: number;
  /** Aborted when the operation is over for whoever asked; left out where that cannot happen. */
  readonly signal?: AbortSignal | undefined;
  /** The request that everything is read for; left out where there is none. */
  readonly origin?: JobInstanceStatusRead['origin'];
}

interface JobNeed {
  readonly job: JobReference;
  readonly hostDetail: boolean;
}

interface StartedRead {
  readonly hostDetail: boolean;
  readonly result: Promise<JobInstance>;
}

/**
 * Failures that host detail can cause by itself: its answer is large, slow and, for jobs on containers, broken
 * (upstream contract 0.7). After these the plain read may still answer; after any other it would fail alike.
 */
const plainReadMayAnswer: ReadonlySet<JobApiErrorCode> = new Set([
  'UPSTREAM_ERROR',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_BAD_RESPONSE',
]);

/**
 * Makes the loader of one operation. Needs stated in the same tick are merged before anything is read: a job that
 * is needed plain and with hosts is read once, with hosts. A later plain need shares what was read with hosts.
 */
export function createJobInstanceLoader(options: JobInstanceLoaderOptions): JobInstanceLoader {
  const started = new Map<string, StartedRead>();
  const read = createJobReader(options);

  function readOnce(need: JobNeed): Promise<JobInstance> {
    const key = jobKey(need.job);
    const earlier = started.get(key);
    if (earlier !== undefined && (earlier.hostDetail || !need.hostDetail)) return earlier.result;
    const result = read(need);
    started.set(key, { hostDetail: need.hostDetail, result });
    return result;
  }

  const loader = new DataLoader<JobNeed, JobInstance>(
    (needs) => {
      // Needs with hosts go first, so that a plain need of the same job finds their read and shares it.
      for (const need of needs) if (need.hostDetail) void readOnce(need);
      return Promise.all(needs.map((need) => readOnce(need).catch(toJobApiError)));
    },
    // What was read is remembered by job, not by need: a plain need is met by a read with hosts.
    { name: 'jobInstance', cache: false },
  );
  return { load: (job, need) => loader.load({ job, hostDetail: need.hostDetail }) };
}

/** The loader of a request without credentials: it reads nothing, for nobody. */
export function createAnonymousJobInstanceLoader(): JobInstanceLoader {
  return { load: () => Promise.reject(new JobApiError('UNAUTHENTICATED')) };
}

function createJobReader(options: JobInstanceLoaderOptions): (need: JobNeed) => Promise<JobInstance> {
  const { jobApi, caller, signal, origin } = options;
  const limit = pLimit(options.maxParallelReads);
  const fetch = ({ job, hostDetail }: JobNeed): Promise<JobInstance> =>
    limit(() => jobApi.fetchJobInstanceStatus(caller, job, { hostDetail, signal, origin }));

  return async (need) => {
    if (!need.hostDetail) return fetch(need);
    try {
      return await fetch(need);
    } catch (thrown) {
      const error = toJobApiError(thrown);
      if (!plainReadMayAnswer.has(error.code)) throw error;
      return withFailedHostDetail(await fetch({ job: need.job, hostDetail: false }), error);
    }
  };
}

function jobKey({ scope, jobInstanceId }: JobReference): string {
  return `${scope.kind}:${scope.id}:${jobInstanceId}`;
}
