import { LRUCache } from 'lru-cache';
import {
  copyJobInstance,
  memoryOf,
  releaseHosts,
  shareHosts,
  withoutHostDetail,
} from '../domain/create-job-instance.ts';
import type { JobApiErrorCode } from '../domain/errors.ts';
import { isFinal } from '../domain/job-end.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { Clock } from './clock.ts';
import type { StatusRead } from './joined-reads.ts';
import type { StatusOutcome } from './status-call.ts';

/** How long and how much is kept. */
export interface ReadCacheOptions {
  /** How long what was read may be told again, milliseconds. */
  readonly ttl: number;
  /** The same for jobs that are over and cannot run again. */
  readonly terminalTtl: number;
  /** What is kept takes so much memory, about, at most. */
  readonly maxBytes: number;
}

/** What one caller was told of one job last. */
interface CachedRead {
  readonly job: JobInstance;
  readonly hostDetail: boolean;
  readonly fingerprint: string;
  readonly expiresAt: number;
}

/** Somebody for whom something is read or kept. */
interface CachedCaller {
  readonly keys: Set<string>;
  readonly underWay: Set<WatchedRead>;
}

/** A read under way. */
interface WatchedRead {
  readonly read: StatusRead;
  readonly key: string;
  /** Whether something came back meanwhile beside which nobody can tell what is newer: the same job, or a refusal. */
  isOvertaken: boolean;
}

function createCaller(): CachedCaller {
  return { keys: new Set(), underWay: new Set() };
}

/** How often what is kept for nothing is looked for, milliseconds. */
const sweepInterval = 1000;

/** With these nothing that was read before may be told any more, of no job. */
const endsAllRights: ReadonlySet<JobApiErrorCode> = new Set(['UNAUTHENTICATED', 'PERMISSION_DENIED']);

/**
 * What each caller read of each job last, for a while and for nobody else: the key holds the caller's fingerprint, which
 * is equal exactly where everything forwarded is. Of each job only what was read last is kept, and nothing where
 * reads of it ran beside each other, so that nobody is told an older state after a newer one; a plain read is met by one
 * with hosts. Failures are never kept, and what ends the rights of a
 * caller, or a job, ends what is kept for them.
 */
export class ReadCache {
  readonly #options: ReadCacheOptions;
  readonly #now: Clock['now'];
  readonly #reads: LRUCache<string, CachedRead>;
  readonly #callers = new Map<string, CachedCaller>();
  #sweptAt = -Infinity;

  constructor(options: ReadCacheOptions, now: Clock['now']) {
    this.#options = options;
    this.#now = now;
    this.#reads = new LRUCache({
      maxSize: options.maxBytes,
      dispose: (cached, key) => {
        this.#disposed(cached, key);
      },
    });
  }

  /** What is kept takes so much memory, about. */
  get bytes(): number {
    return this.#reads.calculatedSize;
  }

  /** Callers for whom something is kept or being read. */
  get callers(): number {
    return this.#callers.size;
  }

  /** The job as it was read last, a copy for whoever asks; null where it has to be read. */
  find(read: Pick<StatusRead, 'caller' | 'job' | 'hostDetail'>): JobInstance | null {
    const key = keyOf(read);
    const cached = this.#reads.get(key);
    if (cached === undefined) return null;
    if (this.#now() >= cached.expiresAt) {
      this.#reads.delete(key);
      return null;
    }
    if (!read.hostDetail) return withoutHostDetail(cached.job);
    if (!cached.hostDetail) return null;
    shareHosts(cached.job, 1);
    return copyJobInstance(cached.job);
  }

  /** Learns from a read that begins now what becomes of it, after those who wait for it. */
  watching(read: StatusRead, outcome: StatusOutcome): StatusOutcome {
    const { fingerprint } = read.caller;
    const watched: WatchedRead = { read, key: keyOf(read), isOvertaken: false };
    const caller = this.#callers.get(fingerprint) ?? createCaller();
    this.#callers.set(fingerprint, caller);
    caller.underWay.add(watched);
    return {
      succeeded: (job) => {
        outcome.succeeded(job);
        this.#keep(watched, job, caller);
        this.#ended(watched, caller);
      },
      failed: (error) => {
        outcome.failed(error);
        this.#refuse(watched, error.code, caller);
        this.#ended(watched, caller);
      },
    };
  }

  /** Keeps what was read, in place of what was read of this job before. */
  #keep({ read, key, isOvertaken }: WatchedRead, job: JobInstance, { keys, underWay }: CachedCaller): void {
    for (const other of underWay) if (other.key === key) other.isOvertaken = true;
    const { ttl, terminalTtl, maxBytes } = this.#options;
    const time = isFinal(job) ? terminalTtl : ttl;
    const size = memoryOf(job);
    if (isOvertaken || time === 0 || size > maxBytes) {
      this.#reads.delete(key);
      return;
    }
    const now = this.#now();
    this.#sweep(now);
    // One more looks at the hosts from now on, until it is disposed of.
    shareHosts(job, 1);
    const { hostDetail, caller } = read;
    const { fingerprint } = caller;
    this.#reads.set(key, { job, hostDetail, fingerprint, expiresAt: now + time }, { size });
    keys.add(key);
  }

  /** Forgets what the caller may be told no more, if that is why a read failed, and keeps nothing that is under way. */
  #refuse({ key: refused }: WatchedRead, code: JobApiErrorCode, { keys, underWay }: CachedCaller): void {
    if (code !== 'NOT_FOUND' && !endsAllRights.has(code)) return;
    const isOver = (key: string): boolean => code !== 'NOT_FOUND' || key === refused;
    for (const other of underWay) other.isOvertaken ||= isOver(other.key);
    for (const key of [...keys]) if (isOver(key)) this.#reads.delete(key);
  }

  /** Nobody asks for most of what was read a second time: it would stay until there is no room. */
  #sweep(now: number): void {
    if (now - this.#sweptAt < sweepInterval) return;
    this.#sweptAt = now;
    for (const [key, { expiresAt }] of [...this.#reads.entries()]) {
      if (now >= expiresAt) this.#reads.delete(key);
    }
  }

  #disposed({ job, fingerprint }: CachedRead, key: string): void {
    releaseHosts(job);
    const caller = this.#callers.get(fingerprint);
    caller?.keys.delete(key);
    this.#forgetIdle(fingerprint, caller);
  }

  #ended(watched: WatchedRead, caller: CachedCaller): void {
    caller.underWay.delete(watched);
    this.#forgetIdle(watched.read.caller.fingerprint, caller);
  }

  #forgetIdle(fingerprint: string, caller: CachedCaller | undefined): void {
    if (caller?.underWay.size === 0 && caller.keys.size === 0) this.#callers.delete(fingerprint);
  }
}

/** Written as JSON, so that no two jobs of callers make the same key whatever their parts hold. */
function keyOf({ caller, job: { scope, jobInstanceId } }: Pick<StatusRead, 'caller' | 'job'>): string {
  return JSON.stringify([caller.fingerprint, scope.kind, scope.id, jobInstanceId]);
}
