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

interface UnderWay {
  readonly result: Promise<JobInstance>;
  readonly cancellation: Cancellation;
  waiters: number;
}

/**
 * Lets equal reads share one call while it is under way: fifty dashboards of one user that ask for the same job at
 * once cost bk-job one read. Only reads of equal callers are equal, since what one may see another may not; the key
 * holds the caller's fingerprint, which is equal exactly where everything forwarded is. Nothing is remembered: with
 * the answer, or the failure, the read is over for all who share it, and the next one asks anew. Whoever leaves before
 * goes alone, and the last one to leave takes the call along.
 */
export function createJoinedReads(call: SharedCall, joined: (hostDetail: boolean) => void): JobApi {
  const underWay = new Map<string, UnderWay>();

  function start(key: string, read: StatusRead): UnderWay {
    const cancellation = new Cancellation();
    const result = call(read, cancellation);
    const shared: UnderWay = { result, cancellation, waiters: 0 };
    underWay.set(key, shared);
    const forget = (): void => {
      if (underWay.get(key) === shared) underWay.delete(key);
    };
    // A failure is told to whoever waits for it, and where all have left to nobody.
    result.then(forget, forget);
    return shared;
  }

  function leave(key: string, shared: UnderWay, reason: JobApiError): void {
    shared.waiters -= 1;
    if (shared.waiters > 0) return;
    // Before it is cancelled: a read that comes now must not join a call that is being given up.
    if (underWay.get(key) === shared) underWay.delete(key);
    shared.cancellation.cancel(reason);
  }

  return {
    fetchJobInstanceStatus: (caller, job, { hostDetail, signal, origin }) => {
      if (signal?.aborted === true) return Promise.reject(toJobApiError(signal.reason));
      const read: StatusRead = { caller, job, hostDetail, origin };
      const key = keyOf(read);
      const earlier = underWay.get(key);
      const shared = earlier ?? start(key, read);
      if (earlier !== undefined) {
        joined(hostDetail);
        origin?.readJoined();
      }
      shared.waiters += 1;
      if (signal === undefined) return shared.result;
      return until(signal, shared.result, (reason) => {
        leave(key, shared, reason);
      });
    },
  };
}

/** The result, unless the signal comes first. */
function until(
  signal: EndSignal,
  result: Promise<JobInstance>,
  left: (reason: JobApiError) => void,
): Promise<JobInstance> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      const reason = toJobApiError(signal.reason);
      reject(reason);
      left(reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    // A signal can outlive many reads, and must not gather their listeners.
    const end = (): void => signal.removeEventListener('abort', onAbort);
    result.then(
      (job) => {
        end();
        resolve(job);
      },
      (error: unknown) => {
        end();
        reject(toJobApiError(error));
      },
    );
  });
}

/** Written as JSON, so that no two reads make the same key whatever their parts hold. */
function keyOf({ caller, job: { scope, jobInstanceId }, hostDetail }: StatusRead): string {
  return JSON.stringify([caller.fingerprint, scope.kind, scope.id, jobInstanceId, hostDetail]);
}
