import type { Caller } from '../domain/caller.ts';
import { toJobApiError, type JobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { JobReference } from '../domain/scope.ts';
import { Cancellation } from './cancellation.ts';
import type { EndSignal, JobApi } from './job-api.ts';
import type { CallOrigin } from './upstream-observer.ts';

/** What is read, and for whom. */
export interface StatusRead {
  readonly caller: Caller;
  readonly job: JobReference;
  readonly hostDetail: boolean;
  /** The request that it is for, the first one where there are several. */
  readonly origin?: CallOrigin | undefined;
}

/** Makes the one call that equal reads share. It is cancelled when none of them waits any more. */
export type SharedCall = (read: StatusRead, cancellation: Cancellation) => Promise<JobInstance>;

/**
 * Lets equal reads share one call while it is under way: fifty dashboards of one user that ask for the same job at
 * once cost bk-job one read. Only reads of equal callers are equal, since what one may see another may not; the key
 * holds the caller's fingerprint, which is equal exactly where everything forwarded is. Nothing is remembered: with
 * the answer, or the failure, the read is over for all who share it, and the next one asks anew. Whoever leaves before
 * goes alone, and the last one to leave takes the call along.
 */
export function createJoinedReads(call: SharedCall, joined: (hostDetail: boolean) => void): JobApi {
  const underWay = new Map<string, SharedRead>();

  function start(key: string, read: StatusRead): SharedRead {
    const shared = new SharedRead(() => {
      if (underWay.get(key) === shared) underWay.delete(key);
    });
    shared.settleWith(call(read, shared.cancellation));
    underWay.set(key, shared);
    return shared;
  }

  return {
    fetchJobInstanceStatus: (caller, job, { hostDetail, signal, origin }) => {
      if (signal?.aborted === true) return Promise.reject(toJobApiError(signal.reason));
      const read: StatusRead = { caller, job, hostDetail, origin };
      const key = keyOf(read);
      const earlier = underWay.get(key);
      if (earlier === undefined) return start(key, read).join(signal);
      joined(hostDetail);
      origin?.readJoined();
      return earlier.join(signal);
    },
  };
}

interface Waiter {
  readonly resolve: (job: JobInstance) => void;
  readonly reject: (error: JobApiError) => void;
  /** A signal can outlive many reads, and must not gather what they listen by. */
  readonly stopListening: () => void;
}

/** One call and all who wait for it. */
class SharedRead {
  readonly cancellation = new Cancellation();
  readonly #forget: () => void;
  #waiters: Waiter[] = [];

  /** `forget` is called when nobody may join any more: perhaps twice. */
  constructor(forget: () => void) {
    this.#forget = forget;
  }

  /** Is told by what the call ends. */
  settleWith(result: Promise<JobInstance>): void {
    result.then(
      (job) => {
        for (const { resolve } of this.#end()) resolve(job);
      },
      (thrown: unknown) => {
        // It is told to whoever waits for it, and where all have left to nobody.
        const error = toJobApiError(thrown);
        for (const { reject } of this.#end()) reject(error);
      },
    );
  }

  /** What the call gives, unless the signal comes first. */
  join(signal: EndSignal | undefined): Promise<JobInstance> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#leave(waiter, toJobApiError(signal?.reason));
      };
      const stopListening = (): void => signal?.removeEventListener('abort', onAbort);
      const waiter: Waiter = { resolve, reject, stopListening };
      signal?.addEventListener('abort', onAbort, { once: true });
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
    for (const { stopListening } of waiters) stopListening();
    return waiters;
  }
}

/** Written as JSON, so that no two reads make the same key whatever their parts hold. */
function keyOf({ caller, job: { scope, jobInstanceId }, hostDetail }: StatusRead): string {
  return JSON.stringify([caller.fingerprint, scope.kind, scope.id, jobInstanceId, hostDetail]);
}
