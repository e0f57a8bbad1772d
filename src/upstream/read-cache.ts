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
  /** Number of the read, in the order in which they began. */
  readonly number: number;
  readonly expiresAt: number;
}

/** Somebody for whom something is read or kept. */
interface CachedCaller {
  readonly keys: Set<string>;
  underWay: number;
  /** Number of the last read that had begun when bk-job refused the caller something. */
  refusedAfter: number;
}

/** A read that went well. */
interface EndedRead {
  readonly read: StatusRead;
  readonly job: JobInstance;
  readonly number: number;
}

function createCaller(): CachedCaller {
  return { keys: new Set(), underWay: 0, refusedAfter: 0 };
}

/** How often what is kept for nothing is looked for, milliseconds. */
const sweepInterval = 1000;

/** With these nothing that was read before may be told any more, of no job. */
const endsAllRights: ReadonlySet<JobApiErrorCode> = new Set(['UNAUTHENTICATED', 'PERMISSION_DENIED']);

/**
 * What each caller read of each job last, for a while and for nobody else: the key holds the caller's fingerprint, which
 * is equal exactly where everything forwarded is. Only the newest read of a job is kept, so that nobody is told an older
 * state after a newer one; a plain read is met by one with hosts. Failures are never kept, and what ends the rights of a
 * caller, or a job, ends what is kept for them.
 */
export class ReadCache {
  readonly #options: ReadCacheOptions;
  readonly #now: Clock['now'];
  readonly #reads: LRUCache<string, CachedRead>;
  readonly #callers = new Map<string, CachedCaller>();
  #begun = 0;
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
    const number = (this.#begun += 1);
    const caller = this.#callers.get(fingerprint) ?? createCaller();
    this.#callers.set(fingerprint, caller);
    caller.underWay += 1;
    return {
      succeeded: (job) => {
        outcome.succeeded(job);
        if (number > caller.refusedAfter) this.#keep({ read, job, number }, caller);
        this.#ended(fingerprint, caller);
      },
      failed: (error) => {
        outcome.failed(error);
        this.#refuse(read, error.code, caller);
        this.#ended(fingerprint, caller);
      },
    };
  }

  /** Keeps what was read, in place of what was read of this job before. */
  #keep({ read, job, number }: EndedRead, { keys }: CachedCaller): void {
    const key = keyOf(read);
    // One that began earlier and took longer says nothing newer.
    if (number < (this.#reads.peek(key)?.number ?? 0)) return;
    const { ttl, terminalTtl, maxBytes } = this.#options;
    const time = isFinal(job) ? terminalTtl : ttl;
    const size = memoryOf(job);
    if (time === 0 || size > maxBytes) {
      this.#reads.delete(key);
      return;
    }
    const now = this.#now();
    this.#sweep(now);
    // One more looks at the hosts from now on, until it is disposed of.
    shareHosts(job, 1);
    const { hostDetail, caller } = read;
    const { fingerprint } = caller;
    this.#reads.set(key, { job, hostDetail, fingerprint, number, expiresAt: now + time }, { size });
    keys.add(key);
  }

  /** Forgets what the caller may be told no more, if that is why a read failed, and keeps nothing that is under way. */
  #refuse(read: StatusRead, code: JobApiErrorCode, caller: CachedCaller): void {
    if (code !== 'NOT_FOUND' && !endsAllRights.has(code)) return;
    caller.refusedAfter = this.#begun;
    for (const key of code === 'NOT_FOUND' ? [keyOf(read)] : [...caller.keys]) this.#reads.delete(key);
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

  #ended(fingerprint: string, caller: CachedCaller): void {
    caller.underWay -= 1;
    this.#forgetIdle(fingerprint, caller);
  }

  #forgetIdle(fingerprint: string, caller: CachedCaller | undefined): void {
    if (caller?.underWay === 0 && caller.keys.size === 0) this.#callers.delete(fingerprint);
  }
}

/** Written as JSON, so that no two jobs of callers make the same key whatever their parts hold. */
function keyOf({ caller, job: { scope, jobInstanceId } }: Pick<StatusRead, 'caller' | 'job'>): string {
  return JSON.stringify([caller.fingerprint, scope.kind, scope.id, jobInstanceId]);
}
