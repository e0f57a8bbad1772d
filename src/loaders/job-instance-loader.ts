import DataLoader from 'dataloader';
import type { Caller } from '../domain/caller.ts';
import { JobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { JobReference } from '../domain/scope.ts';
import type { LongWork } from '../event-loop/turns.ts';
import type { JobApi, JobInstanceStatusRead } from '../upstream/job-api.ts';
import type { HeldHosts } from './held-hosts.ts';
import type { OperationSignal } from './host-reads.ts';
import { JobReads, type JobNeed, type ReadJob } from './job-reads.ts';
import { readJobInstance, type FetchJobInstance } from './read-job-instance.ts';

/** Jobs of one operation, each read once whatever is asked of it. Made anew for every operation. */
export interface JobInstanceLoader {
  /** Rejects with a `JobApiError`. With `hostDetail` the job's `hostDetail` is `read` or `failed`. */
  load(job: JobReference, need: { readonly hostDetail: boolean }): Promise<JobInstance>;
  /**
   * Says that nobody looks any more at what was loaded, so that the memory of its hosts can be used for others, and
   * counts for nobody. What is loaded from then on is read anew. Has to be said where held hosts are counted.
   */
  release(): void;
  /** How many reads were needed by now: of a job that is needed plain, and later with hosts, two. */
  readCount(): number;
}

/** What a loader is made of. */
export interface JobInstanceLoaderOptions {
  readonly jobApi: JobApi;
  /** On whose behalf everything is read; there is no loader without one. */
  readonly caller: Caller;
  /** How many reads of one operation may be under way at a time. */
  readonly maxParallelReads: number;
  /** Hosts that all operations hold together; left out where nobody counts them. */
  readonly heldHosts?: HeldHosts | undefined;
  /** By which what is done with many hosts waits for its turn. */
  readonly longWork: Pick<LongWork, 'takeFor'>;
  /** Aborted when the operation is over for whoever asked; left out where that cannot happen. */
  readonly signal?: OperationSignal | undefined;
  /** The request that everything is read for; left out where there is none. */
  readonly origin?: JobInstanceStatusRead['origin'];
}

/**
 * Makes the loader of one operation. Needs stated in the same tick are merged before anything is read: a job that
 * is needed plain and with hosts is read once, with hosts. A later plain need shares what was read with hosts.
 */
export function createJobInstanceLoader(options: JobInstanceLoaderOptions): JobInstanceLoader {
  const { caller, maxParallelReads, signal, heldHosts, longWork } = options;
  const account = heldHosts && { heldHosts, account: caller.account };
  const reads = new JobReads(createJobReader(options), {
    most: maxParallelReads,
    signal,
    account,
    longWork,
  });
  const loader = new DataLoader<JobNeed, JobInstance>(
    (needs) => reads.outcomes(needs),
    // What was read is remembered by job, not by need: a plain need is met by a read with hosts.
    { name: 'jobInstance', cache: false },
  );
  return {
    load: (job, need) => loader.load({ job, hostDetail: need.hostDetail }),
    release: () => {
      reads.release();
    },
    // An accessor of an object that is made for each operation has V8 make a hidden class each time, which keeps it alive.
    readCount: () => reads.count,
  };
}

/** The loader of a request without credentials: it reads nothing, for nobody. */
export function createAnonymousJobInstanceLoader(): JobInstanceLoader {
  return {
    load: () => Promise.reject(new JobApiError('UNAUTHENTICATED')),
    release: () => undefined,
    readCount: () => 0,
  };
}

function createJobReader({ jobApi, caller, origin, signal: plainSignal }: JobInstanceLoaderOptions): ReadJob {
  const fetch: FetchJobInstance = (job, read) => jobApi.fetchJobInstanceStatus(caller, job, read);
  return ({ job, hostDetail, afterFailure }, signal) =>
    readJobInstance(fetch, job, {
      hostDetail,
      mayBeCached: true,
      afterFailure,
      signal,
      plainSignal,
      origin,
    });
}
