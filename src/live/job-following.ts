import type { Caller } from '../domain/caller.ts';
import { hostCountOf } from '../domain/create-job-instance.ts';
import { JobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import { jobRevision } from '../domain/job-revision.ts';
import type { JobReference } from '../domain/scope.ts';
import type { LongWork } from '../event-loop/turns.ts';
import type { JobNews } from './job-reader.ts';
import { LatestWins } from './latest-wins.ts';
import type { LiveJobs } from './live-jobs.ts';
import { waitForJob, type JobWait } from './wait-for-job.ts';

/** One event of a stream. */
export interface JobUpdate {
  /** The job; null where it can be read no longer. */
  readonly job: JobInstance | null;
  /** Why it can be read no longer; null where it can. */
  readonly error: JobApiError | null;
  /** Whether nothing comes after this. */
  readonly isLast: boolean;
  /** Whether this is what the client said that it has: it need not be sent as the first thing. */
  readonly isKnown: boolean;
}

/** What a stream of a job is to hold. */
export interface JobStream {
  readonly hostDetail: boolean;
  /** Revision that the client has; null where it has none. It speaks for no hosts. */
  readonly knownRevision: string | null;
}

/** Events of a stream, the newest first where its reader is slow. */
export interface JobUpdates extends AsyncIterableIterator<JobUpdate, undefined> {
  /** Somebody more is told the event that came last: where the job could not be read since, that is tried again soon. */
  hurry(): void;
}

/** Following jobs on behalf of whoever asks. */
export interface JobFollowing {
  /** The job at once and then at every read, until it is over. */
  updates(job: JobReference, stream: JobStream): JobUpdates;
  /**
   * The job as it is when the wait is over, in a turn of its own where it has many hosts; null where it is to be read
   * without hosts, since these are too late. Rejects with a `JobApiError`.
   */
  wait(job: JobReference, wait: JobWait): Promise<JobInstance | null>;
}

/** Follows on behalf of one caller. */
export function createJobFollowing(liveJobs: LiveJobs, caller: Caller, longWork: LongWork): JobFollowing {
  return {
    updates: (job, stream) => {
      let leave = (): void => undefined;
      const updates = new LatestWins<JobUpdate>(() => {
        leave();
      });
      leave = liveJobs.follow(caller, job, {
        hostDetail: stream.hostDetail,
        tell: (news) => {
          const update = toUpdate(news, stream);
          if (update === null) return;
          updates.offer(update);
          if (update.isLast) updates.end();
        },
      });
      const hurry = (): void => {
        liveJobs.hurry(caller, job);
      };
      return Object.assign(updates, { hurry });
    },
    wait: async (job, wait) => {
      const found = await waitForJob({ liveJobs, caller, job }, wait);
      if (found !== null) await longWork.takeFor(hostCountOf(found));
      return found;
    },
  };
}

/** Of a request without credentials: it follows nothing, for nobody. */
export function createAnonymousJobFollowing(): JobFollowing {
  const refuse = (): never => {
    throw new JobApiError('UNAUTHENTICATED');
  };
  return { updates: refuse, wait: () => Promise.reject(new JobApiError('UNAUTHENTICATED')) };
}

function toUpdate(news: JobNews, { hostDetail, knownRevision }: JobStream): JobUpdate | null {
  switch (news.kind) {
    case 'unread':
      return null;
    case 'ended':
      return { job: null, error: news.error, isLast: true, isKnown: false };
    case 'state': {
      const isKnown = !hostDetail && knownRevision !== null && jobRevision(news.job) === knownRevision;
      return { job: news.job, error: null, isLast: news.isOver, isKnown };
    }
  }
}
