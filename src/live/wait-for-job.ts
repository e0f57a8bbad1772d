import type { Caller } from '../domain/caller.ts';
import { toJobApiError, type JobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import { jobRevision } from '../domain/job-revision.ts';
import type { JobReference } from '../domain/scope.ts';
import { jobInstancePhase } from '../domain/status-codes.ts';
import type { EndSignal } from '../upstream/job-api.ts';
import type { Cancel } from './clock.ts';
import type { Follower, JobNews } from './job-reader.ts';
import type { LiveJobs } from './live-jobs.ts';

/** What to wait for (schema/live.graphql). A job that is over ends every wait. */
export type JobWaitCondition =
  | { readonly until: 'FINISHED' | 'FINISHED_OR_BLOCKED' }
  | { readonly until: 'CHANGED'; readonly revision: string };

/** A wait. */
export interface JobWait {
  readonly hostDetail: boolean;
  readonly condition: JobWaitCondition;
  /** Milliseconds. */
  readonly timeout: number;
  /** Aborted with a `JobApiError` when whoever asked is gone. */
  readonly signal: EndSignal & {
    /** Calls the listener when hosts that have not come are too late; left out where nobody knows when that is. */
    onHostsLate?(listener: () => void): void;
  };
}

interface WaitingFor {
  readonly liveJobs: LiveJobs;
  readonly caller: Caller;
  readonly job: JobReference;
}

/**
 * Follows a job until a condition is met or time is up, and gives it as it is then. Where it has not been read by
 * then, the first read decides: with the job, as it was where it cannot be read any more, or with why it cannot. What
 * it was before it could not be read meets no condition. Null where its hosts kept it from being read until they were
 * too late: there is still time to read it without them. Rejects with a `JobApiError`.
 */
export function waitForJob(
  { liveJobs, caller, job }: WaitingFor,
  wait: JobWait,
): Promise<JobInstance | null> {
  return new Promise((resolve, reject) => {
    const follower = new WaitingFollower(wait, { resolve, reject });
    const { signal } = wait;
    const leave = (): void => {
      follower.giveUp(toJobApiError(signal.reason));
    };
    if (signal.aborted) {
      leave();
      return;
    }
    signal.addEventListener('abort', leave, { once: true });
    follower.whenSettled(() => {
      signal.removeEventListener('abort', leave);
    });
    follower.whenSettled(
      liveJobs.clock.after(wait.timeout, () => {
        follower.timeIsUp();
      }),
    );
    follower.whenSettled(liveJobs.follow(caller, job, follower));
    if (wait.hostDetail) {
      signal.onHostsLate?.(() => {
        follower.hostsAreLate();
      });
    }
  });
}

interface Outcome {
  readonly resolve: (job: JobInstance | null) => void;
  readonly reject: (error: JobApiError) => void;
}

class WaitingFollower implements Follower {
  readonly hostDetail: boolean;
  readonly #condition: JobWaitCondition;
  readonly #outcome: Outcome;
  readonly #cancels: Cancel[] = [];
  #latest: JobInstance | null = null;
  #failure: JobApiError | null = null;
  /** Whether what is known is no older than the wait, or could not be read since. */
  #isDecided = false;
  #isTimeUp = false;

  constructor({ hostDetail, condition }: JobWait, outcome: Outcome) {
    this.hostDetail = hostDetail;
    this.#condition = condition;
    this.#outcome = outcome;
  }

  whenSettled(cancel: Cancel): void {
    this.#cancels.push(cancel);
  }

  tell(news: JobNews): void {
    if (news.kind === 'ended') {
      this.leave(news.error);
      return;
    }
    if (news.kind === 'unread') this.#failure = news.error;
    else this.#latest = news.job;
    this.#isDecided ||= news.kind === 'unread' || news.isCurrent;
    const isMet =
      news.kind === 'state' && (news.isOver || (news.isCurrent && meets(this.#condition, news.job)));
    if (isMet || (this.#isTimeUp && this.#isDecided)) this.#answer();
  }

  timeIsUp(): void {
    this.#isTimeUp = true;
    if (this.#isDecided) this.#answer();
  }

  /** Nobody waits any more, or the request has no time left: then what is known answers it. */
  giveUp(error: JobApiError): void {
    if (error.code !== 'UPSTREAM_TIMEOUT' || this.#latest === null) this.leave(error);
    else this.#answer();
  }

  /** What was read with hosts is told when its time comes; where nothing was, there is still time for the job alone. */
  hostsAreLate(): void {
    if (this.#latest !== null) return;
    this.#settle();
    this.#outcome.resolve(null);
  }

  leave(error: JobApiError): void {
    this.#settle();
    this.#outcome.reject(error);
  }

  #answer(): void {
    this.#settle();
    if (this.#latest !== null) this.#outcome.resolve(this.#latest);
    else if (this.#failure !== null) this.#outcome.reject(this.#failure);
  }

  #settle(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
  }
}

/** Over is not met here: whether it is so for sure is for the reader to say. */
function meets(condition: JobWaitCondition, job: JobInstance): boolean {
  if (condition.until === 'CHANGED') return jobRevision(job) !== condition.revision;
  return condition.until === 'FINISHED_OR_BLOCKED' && jobInstancePhase(job.statusCode) === 'BLOCKED';
}
