import type { Caller } from '../domain/caller.ts';
import { shareHosts } from '../domain/create-job-instance.ts';
import { toJobApiError, type JobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { JobReference } from '../domain/scope.ts';
import { Cancellation } from './cancellation.ts';
import type { EndSignal, JobApi } from './job-api.ts';
import type { StatusOutcome } from './status-call.ts';
import type { CallOrigin } from './upstream-observer.ts';

/** What is read, and for whom. */
export interface StatusRead {
  readonly caller: Caller;
  readonly job: JobReference;
  readonly hostDetail: boolean;
  /** What the read failed with that it stands in for; left out where it is the first. */
  readonly afterFailure?: JobApiError | undefined;
  /** The request that it is for, the first one where there are several. */
  readonly origin?: CallOrigin | undefined;
}

/** Makes the one call that equal reads share. It is cancelled when none of them waits any more. */
export type SharedCall = (read: StatusRead, cancellation: Cancellation, outcome: StatusOutcome) => void;

/**
 * Lets equal reads share one call while it is under way: fifty dashboards of one user that ask for the same job at
 * once cost bk-job one read. Only reads of equal callers are equal, since what one may see another may not; the key
 * holds the caller's fingerprint, which is equal exactly where everything forwarded is. Nothing is remembered: with
 * the answer, or the failure, the read is over for all who share it, and the next one asks anew. One that joins none,
 * since what was asked for before would be too old, takes the place of the one under way for all who come later. Whoever
 * leaves before goes alone, and the last one to leave takes the call along.
 */
export function createJoinedReads(call: SharedCall, joined: (hostDetail: boolean) => void): JobApi {
  const underWay = new Map<string, SharedRead>();
  return {
    fetchJobInstanceStatus: (caller, job, how) => {
      const { hostDetail, afterFailure, fromNowOn = false, signal, origin } = how;
      if (signal?.aborted === true) return Promise.reject(toJobApiError(signal.reason));
      const read: StatusRead = { caller, job, hostDetail, afterFailure, origin };
      const first = keyOf(read);
      // What may be given up for want of a try is not for those who have none to pay for.
      const key = afterFailure === undefined ? first : `${first} again`;
      const earlier = fromNowOn ? undefined : (underWay.get(first) ?? underWay.get(key));
      if (earlier !== undefined) {
        joined(hostDetail);
        origin?.readJoined();
        return earlier.join(signal);
      }
      const shared = new SharedRead(underWay, key);
      underWay.set(key, shared);
      // It may fail before it is sent, and whoever waits must wait by then.
      const result = shared.join(signal);
      call(read, shared.cancellation, shared);
      return result;
    },
  };
}

interface Waiter {
  readonly resolve: (job: JobInstance) => void;
  readonly reject: (error: JobApiError) => void;
  readonly signal: EndSignal | undefined;
  readonly onAbort: () => void;
}

/** One call and all who wait for it. */
class SharedRead implements StatusOutcome {
  readonly cancellation = new Cancellation();
  readonly #underWay: Map<string, SharedRead>;
  readonly #key: string;
  #waiters: Waiter[] = [];

  constructor(underWay: Map<string, SharedRead>, key: string) {
    this.#underWay = underWay;
    this.#key = key;
  }

  arrived(): void {
    this.#forget();
  }

  succeeded(job: JobInstance): void {
    const waiters = this.#end();
    shareHosts(job, waiters.length);
    for (const { resolve } of waiters) resolve(job);
  }

  /** It is told to whoever waits for it, and where all have left to nobody. */
  failed(error: JobApiError): void {
    for (const { reject } of this.#end()) reject(error);
  }

  /** What the call gives, unless the signal comes first. */
  join(signal: EndSignal | undefined): Promise<JobInstance> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#leave(waiter, toJobApiError(signal?.reason));
      };
      const waiter: Waiter = { resolve, reject, signal, onAbort };
      signal?.addEventListener('abort', onAbort, once);
      this.#waiters.push(waiter);
    });
  }

  #leave(waiter: Waiter, reason: JobApiError): void {
    this.#waiters = this.#waiters.filter((one) => one !== waiter);
    waiter.reject(reason);
    if (this.#waiters.length > 0) return;
    // Before it is cancelled: a read that comes now must not join a call that is being given up.
    this.#forget();
    this.cancellation.cancel(reason);
  }

  #end(): readonly Waiter[] {
    this.#forget();
    const waiters = this.#waiters;
    this.#waiters = [];
    // A signal can outlive many reads, and must not gather what they listen by.
    for (const { signal, onAbort } of waiters) signal?.removeEventListener('abort', onAbort);
    return waiters;
  }

  /** Nobody may join any more. */
  #forget(): void {
    if (this.#underWay.get(this.#key) === this) this.#underWay.delete(this.#key);
  }
}

const once = { once: true } as const;

/** Written as JSON, so that no two reads make the same key whatever their parts hold. */
function keyOf({ caller, job: { scope, jobInstanceId }, hostDetail }: StatusRead): string {
  return JSON.stringify([caller.fingerprint, scope.kind, scope.id, jobInstanceId, hostDetail]);
}
