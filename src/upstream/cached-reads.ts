import { toJobApiError } from '../domain/errors.ts';
import type { JobApi } from './job-api.ts';
import type { ReadCache } from './read-cache.ts';
import type { UpstreamObserver } from './upstream-observer.ts';

/** Answers reads from what was read before, where they may be; all others are for `reads`. */
export function createCachedReads(
  cache: Pick<ReadCache, 'find'>,
  reads: JobApi,
  observer: Pick<UpstreamObserver, 'cacheLookedUp'>,
): JobApi {
  return {
    fetchJobInstanceStatus: (caller, job, read) => {
      const { hostDetail, mayBeCached = false, signal, origin } = read;
      if (!mayBeCached) return reads.fetchJobInstanceStatus(caller, job, read);
      if (signal?.aborted === true) return Promise.reject(toJobApiError(signal.reason));
      const cached = cache.find({ caller, job, hostDetail });
      observer.cacheLookedUp(hostDetail, cached !== null);
      if (cached === null) return reads.fetchJobInstanceStatus(caller, job, read);
      origin?.readCached();
      return Promise.resolve(cached);
    },
  };
}
