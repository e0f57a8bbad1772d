import type { Caller } from '../domain/caller.ts';
import type { JobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { JobReference } from '../domain/scope.ts';
import type { CallOrigin } from './upstream-observer.ts';

/**
 * Says that nobody waits any more, and why. Every `AbortSignal` is one; one that is made for each request may be
 * lighter.
 */
export interface EndSignal {
  readonly aborted: boolean;
  /** A `JobApiError` once it is aborted. */
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** How a status is to be read. */
export interface JobInstanceStatusRead {
  /** Whether the rows of hosts come too (return_ip_result). */
  readonly hostDetail: boolean;
  /** Whether the state that the caller read a moment ago will do, where the service keeps such; not where left out. */
  readonly mayBeCached?: boolean | undefined;
  /**
   * Whether only what bk-job says from now on will do: it is asked then, whatever is under way, and reads that come
   * meanwhile share the answer. Not where left out.
   */
  readonly fromNowOn?: boolean | undefined;
  /**
   * Aborted where nobody waits for the read any more, or no time is left for it; the read then rejects with the
   * signal's reason, a `JobApiError`. Left out where neither can happen.
   */
  readonly signal?: EndSignal | undefined;
  /**
   * The failure of the read that it stands in for: it is another try then, which is made once where there is a try left,
   * and rejects with that failure where there is none. Left out where nothing was read before it.
   */
  readonly afterFailure?: JobApiError | undefined;
  /** The request that it is for; left out where there is none. */
  readonly origin?: CallOrigin | undefined;
}

/** bk-job in the words of the domain: what loaders know of the upstream, whichever front door leads there. */
export interface JobApi {
  /**
   * Reads one job as the caller may see it, with as many upstream calls as its failures are worth and none where an
   * equal read is under way, or was a moment ago, and may stand for it. Rejects with a `JobApiError` and with nothing else.
   */
  fetchJobInstanceStatus(
    caller: Caller,
    job: JobReference,
    read: JobInstanceStatusRead,
  ): Promise<JobInstance>;
}
