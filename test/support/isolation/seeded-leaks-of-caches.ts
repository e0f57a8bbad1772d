import { JobApiError, toJobApiError } from '../../../src/domain/errors.ts';
import { createCachedReads } from '../../../src/upstream/cached-reads.ts';
import { processClock, type Clock } from '../../../src/upstream/clock.ts';
import type { JobApi } from '../../../src/upstream/job-api.ts';
import { ReadCache, type ReadCacheOptions } from '../../../src/upstream/read-cache.ts';
import type { StatusOutcome } from '../../../src/upstream/status-call.ts';
import { lastingJob } from './canary-upstream.ts';
import { withHostsUncounted } from './seeded-leaks.ts';
import { keptShortly, type Spoil } from './service-parts.ts';

/** A cache as reads use it. */
type UsedCache = Pick<ReadCache, 'find' | 'watching'>;

type FoundRead = Parameters<ReadCache['find']>[0];

/** Another way to use some of it. */
type Misuse = (cache: ReadCache, now: Clock['now']) => Partial<UsedCache>;

/** Puts the cache of the service before a client of bk-job that has none, and has some of it used in another way. */
function misused(change: Misuse): Spoil {
  return (parts) => ({
    ...parts,
    cache: keptShortly,
    upstream: (options, upstreamParts) => {
      const { observer, clock = processClock } = upstreamParts;
      const upstream = parts.upstream({ ...options, cache: null }, upstreamParts);
      const cache = usedAs(change, () => clock.now());
      return {
        ...createCachedReads(cache, watchedBy(cache, upstream), observer),
        close: () => upstream.close(),
      };
    },
  });
}

function usedAs(change: Misuse, now: Clock['now']): UsedCache {
  const cache = new ReadCache(keptShortly, now);
  return {
    find: (read) => cache.find(read),
    watching: (read, outcome) => cache.watching(read, outcome),
    ...change(cache, now),
  };
}

function watchedBy(cache: UsedCache, jobApi: JobApi): JobApi {
  return {
    fetchJobInstanceStatus: (caller, job, read) =>
      new Promise((resolve, reject) => {
        const asked = { caller, job, hostDetail: read.hostDetail };
        const told = cache.watching(asked, { succeeded: resolve, failed: reject });
        jobApi.fetchJobInstanceStatus(caller, job, read).then(
          (found) => {
            told.succeeded(found);
          },
          (thrown: unknown) => {
            told.failed(toJobApiError(thrown));
          },
        );
      }),
  };
}

/** For whom what becomes of a read is of no interest. */
const nobody: StatusOutcome = { succeeded: () => undefined, failed: () => undefined };

/** The cache of the service, which keeps for other times than it may. */
function withTimes(times: Partial<ReadCacheOptions>): Spoil {
  return (parts) => ({
    ...parts,
    cache: keptShortly,
    upstream: (options, upstreamParts) =>
      parts.upstream({ ...options, cache: { ...keptShortly, ...times } }, upstreamParts),
  });
}

function ofAnybody<Read extends FoundRead>(read: Read): Read {
  return { ...read, caller: { ...read.caller, fingerprint: 'anybody' } };
}

const { ttl, terminalTtl } = keptShortly;

/** Has some jobs kept after one read for as long as may be told what two have said. */
function keptLonger(isKeptLonger: (read: FoundRead) => boolean): Spoil {
  return misused((cache, now) => {
    const longer = new ReadCache({ ...keptShortly, ttl: terminalTtl }, now);
    return {
      find: (read) => (isKeptLonger(read) ? longer : cache).find(read),
      watching: (read, outcome) => cache.watching(read, longer.watching(read, outcome)),
    };
  });
}

/**
 * Guards of what is kept, each with what takes it away. Some have none here. That a key holds the job, and that a job
 * that is gone is forgotten, no answer shows: all jobs hold the digits of their caller, and none goes. Memory of hosts
 * that was given away too early says nothing any more, of nobody. That a read is not kept which was overtaken shows in
 * the trials themselves, yet not always within as many as a leak may take.
 */
export const seededLeaksOfCaches: Readonly<Record<string, Spoil>> = {
  'the caller is left out of the key of what is kept': misused((cache) => ({
    find: (read) => cache.find(ofAnybody(read)),
    watching: (read, outcome) => cache.watching(ofAnybody(read), outcome),
  })),
  'memory of hosts is used for others while they are kept': misused((cache) => ({
    watching: (read, outcome) => {
      const kept = cache.watching(read, nobody);
      return {
        succeeded: (job) => {
          outcome.succeeded(job);
          kept.succeeded(withHostsUncounted(job));
        },
        failed: (error) => {
          outcome.failed(error);
          kept.failed(error);
        },
      };
    },
  })),
  'what is kept is told for ever': withTimes({ ttl: Infinity, terminalTtl: Infinity }),
  // The clock stands still between two answers.
  'what is kept is told for an answer too long': withTimes({ ttl: ttl + 1, terminalTtl: terminalTtl + 1 }),
  'jobs that may change are kept as long as those that may not': keptLonger(
    ({ job }) => job.jobInstanceId === lastingJob,
  ),
  'jobs that are over are believed after one read': keptLonger(({ job }) => job.jobInstanceId !== lastingJob),
  'what is kept is kept anew when it is told': misused((cache) => ({
    find: (read) => {
      const found = cache.find(read);
      if (found !== null) cache.watching(read, nobody).succeeded(found);
      return found;
    },
  })),
  'what ends the rights of a caller leaves what is kept': misused((cache) => ({
    watching: (read, outcome) => {
      const kept = cache.watching(read, outcome);
      return {
        succeeded: (job) => {
          kept.succeeded(job);
        },
        failed: (error) => {
          outcome.failed(error);
          cache.watching(read, nobody).failed(new JobApiError('UPSTREAM_ERROR'));
        },
      };
    },
  })),
};
