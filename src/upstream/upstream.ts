import { createCachedReads } from './cached-reads.ts';
import { processClock, type Clock } from './clock.ts';
import { createGuardedReads, type GuardOptions } from './guarded-reads.ts';
import { createHttpJobApi, type HttpJobApiOptions } from './http-job-api.ts';
import type { JobApi } from './job-api.ts';
import { createJoinedReads } from './joined-reads.ts';
import { ReadCache, type ReadCacheOptions } from './read-cache.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';
import type { UpstreamObserver } from './upstream-observer.ts';

/** How bk-job is reached, how much it is asked, and how long one read may take. */
export interface UpstreamOptions extends HttpJobApiOptions, Omit<GuardOptions, 'slowAfter'> {
  readonly timeouts: {
    /** For a status without hosts. */
    readonly statusMs: number;
    /** For a status with hosts. */
    readonly hostDetailMs: number;
  };
  /** Null where what was read is never told a second time. */
  readonly cache: ReadCacheOptions | null;
}

/** What comes from outside. Time, chance and the network are the process's own where they are left out. */
export interface UpstreamParts {
  readonly observer: UpstreamObserver;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly connect?: (options: TransportOptions) => Transport;
}

/** bk-job, as the rest of the service asks it. */
export interface Upstream extends JobApi {
  /** Resolves when reads under way have ended. */
  close(): Promise<void>;
}

/**
 * The whole way of a read, composed here and nowhere else: from what was read before or shared with equal ones, sent
 * when there is a place, when nobody was told to wait and bk-job is not spared, once or several times, within one
 * deadline for all of it.
 */
export function createUpstream(options: UpstreamOptions, parts: UpstreamParts): Upstream {
  const { observer, clock = processClock, random = Math.random, connect = createTransport } = parts;
  const { statusMs, hostDetailMs } = options.timeouts;
  const http = createHttpJobApi(options, { connect, clock, observer });
  const guarded = createGuardedReads({ ...options, slowAfter: statusMs }, { http, observer, clock, random });
  const cache = options.cache === null ? null : new ReadCache(options.cache, () => clock.now());
  const joined = createJoinedReads(
    (read, cancellation, outcome) => {
      const deadline = clock.now() + (read.hostDetail ? hostDetailMs : statusMs);
      const told = cache === null ? outcome : cache.watching(read, outcome);
      guarded.read({ read, deadline, cancellation }, told);
    },
    (hostDetail) => {
      observer.readJoined(hostDetail);
    },
  );
  observer.gaugesOpened({
    pool: () => {
      const stats = http.stats();
      return { ...stats, pending: stats.pending + guarded.load().waiting };
    },
    retryBudget: guarded.retryBudget,
    cachedBytes: () => cache?.bytes ?? 0,
  });
  const reads = cache === null ? joined : createCachedReads(cache, joined, observer);
  return { ...reads, close: () => http.close() };
}
