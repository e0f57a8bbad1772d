import { LRUCache } from 'lru-cache';
import {
  copyJobInstance,
  memoryOf,
  releaseHosts,
  shareHosts,
  withoutHostDetail,
} from '../domain/create-job-instance.ts';
import { endsAllRights, type JobApiErrorCode } from '../domain/errors.ts';
import { confirmationOf, isFinal, type Confirmation } from '../domain/job-end.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import { isOlder, noAttempts, withAttemptsOf } from '../domain/job-order.ts';
import type { Clock } from './clock.ts';
import type { StatusRead } from './joined-reads.ts';
import type { StatusOutcome } from './status-call.ts';

/** How long and how much is kept. */
export interface ReadCacheOptions {
  /** How old what is told again may be, from when it was asked for. Milliseconds. */
  readonly ttl: number;
  /** The same for jobs that are over and cannot run again, as two reads have said one after the other. */
  readonly terminalTtl: number;
  /** What is kept takes so much memory, about, at most. */
  readonly maxBytes: number;
}

/** Somebody for whom something is read or kept. */
interface CachedCaller {
  readonly fingerprint: string;
  readonly underWay: Set<WatchedRead>;
  kept: number;
  /** How often bk-job has ended all rights of theirs: what was asked for before that is over. */
  refusals: number;
}

/** What for, and until when, something that was read is kept. */
interface CachedUse {
  /** Told to whoever needs no hosts. */
  readonly toldUntil: number;
  readonly hostsToldUntil: number;
  /** Whether it may confirm what is read next, also when it is told no longer: it is of a job that is over for good. */
  readonly isWitness: boolean;
  readonly expiresAt: number;
}

/** What one caller was told of one job last. */
interface CachedRead extends CachedUse {
  readonly job: JobInstance;
  readonly caller: CachedCaller;
  readonly refusals: number;
}

/** A read under way. */
interface WatchedRead {
  readonly key: string;
  readonly hostDetail: boolean;
  readonly caller: CachedCaller;
  readonly refusals: number;
  readonly beganAt: number;
  /** Whether the same job came back meanwhile, or that there is none: nobody can tell which of both is newer. */
  isOvertaken: boolean;
}

const never = -Infinity;

const nothingConfirmed: Confirmation = { job: false, hosts: false };

/** So many of those not asked for longest may go with each read that comes back, of which one is kept at most. */
const sweptAtOnce = 8;

/**
 * What each caller read of each job last, for a while and for nobody else: the key holds the caller's fingerprint, which
 * is equal exactly where everything forwarded is. Of each job only what was read last is kept, and nothing where reads
 * of it ran beside each other, so that nobody is told an older state after a newer one; a plain read is met by one with
 * hosts. Failures are never kept, and what ends the rights of a caller, or a job, ends what is kept for them.
 *
 * That a job is over for good is believed once two reads have said so, one after the other: what only one has said is
 * told for as long as every other state, and kept longer for the next one to be compared with.
 *
 * Nobody is given the very job that is kept: what others hang on a job, as written answers, goes with their copy.
 */
export class ReadCache {
  readonly #options: ReadCacheOptions;
  readonly #now: Clock['now'];
  readonly #reads: LRUCache<string, CachedRead>;
  readonly #callers = new Map<string, CachedCaller>();

  constructor(options: ReadCacheOptions, now: Clock['now']) {
    this.#options = options;
    this.#now = now;
    this.#reads = new LRUCache({
      maxSize: options.maxBytes,
      dispose: (cached) => {
        releaseHosts(cached.job);
        cached.caller.kept -= 1;
        this.#forgetIdle(cached.caller);
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
    const now = this.#now();
    if (this.#isOver(cached, now)) {
      this.#reads.delete(key);
      return null;
    }
    if (now >= (read.hostDetail ? cached.hostsToldUntil : cached.toldUntil)) return null;
    if (!read.hostDetail) return withoutHostDetail(cached.job);
    shareHosts(cached.job, 1);
    return copyJobInstance(cached.job);
  }

  /** Learns from a read that begins now what becomes of it, after those who wait for it. */
  watching(read: StatusRead, outcome: StatusOutcome): StatusOutcome {
    const caller = this.#callerOf(read.caller.fingerprint);
    const { hostDetail } = read;
    const { refusals } = caller;
    const beganAt = this.#now();
    const watched = { key: keyOf(read), hostDetail, caller, refusals, beganAt, isOvertaken: false };
    caller.underWay.add(watched);
    return {
      arrived: () => {
        outcome.arrived?.();
      },
      succeeded: (job) => {
        outcome.succeeded(copyJobInstance(job));
        caller.underWay.delete(watched);
        this.#cameBack(watched, job);
      },
      failed: (error) => {
        outcome.failed(error);
        caller.underWay.delete(watched);
        this.#refuse(watched, error.code);
      },
    };
  }

  #callerOf(fingerprint: string): CachedCaller {
    const known = this.#callers.get(fingerprint);
    if (known !== undefined) return known;
    const caller = { fingerprint, underWay: new Set<WatchedRead>(), kept: 0, refusals: 0 };
    this.#callers.set(fingerprint, caller);
    return caller;
  }

  /** Has the job take its place, and what is over go. */
  #cameBack(watched: WatchedRead, job: JobInstance): void {
    const { key, caller } = watched;
    overtake(caller, key);
    if (!this.#isBehind(key, job)) this.#replace(watched, job);
    this.#sweep();
    this.#forgetIdle(caller);
  }

  /** bk-job reads from replicas, and one may be behind what another has told. */
  #isBehind(key: string, job: JobInstance): boolean {
    const before = this.#reads.peek(key);
    return before !== undefined && isOlder(job, withAttemptsOf(before.job, noAttempts));
  }

  /** Keeps what was read, in place of what was read of this job before, where it is the newest for sure. */
  #replace(watched: WatchedRead, job: JobInstance): void {
    const { key, caller, refusals, isOvertaken } = watched;
    const use = this.#useOf(watched, job);
    const size = memoryOf(job);
    const isTooLate = isOvertaken || refusals !== caller.refusals || use.expiresAt <= this.#now();
    if (isTooLate || size > this.#options.maxBytes) {
      this.#reads.delete(key);
      return;
    }
    // One more looks at the hosts from now on, until it is disposed of.
    shareHosts(job, 1);
    caller.kept += 1;
    this.#reads.set(key, { job, caller, refusals, ...use }, { size });
  }

  /** What is kept came back before the read began, which would be overtaken otherwise: it may confirm what was read. */
  #useOf({ key, hostDetail, beganAt }: WatchedRead, job: JobInstance): CachedUse {
    const soon = beganAt + this.#options.ttl;
    const hostsSoon = hostDetail ? soon : never;
    if (!isFinal(job)) {
      return { toldUntil: soon, hostsToldUntil: hostsSoon, isWitness: false, expiresAt: soon };
    }
    const late = beganAt + this.#options.terminalTtl;
    const before = this.#reads.peek(key);
    const hasWitness = before?.isWitness === true && !this.#isOver(before, this.#now());
    const confirmed = hasWitness ? confirmationOf(job, before.job) : nothingConfirmed;
    return {
      toldUntil: confirmed.job ? late : soon,
      hostsToldUntil: confirmed.hosts ? late : hostsSoon,
      isWitness: true,
      expiresAt: late,
    };
  }

  /** Forgets what the caller may be told no more, if that is why a read failed; what is under way is not kept then. */
  #refuse({ key, caller }: WatchedRead, code: JobApiErrorCode): void {
    if (code === 'NOT_FOUND') {
      overtake(caller, key);
      this.#reads.delete(key);
    }
    // What is kept may be much, and goes by and by.
    if (endsAllRights.has(code)) caller.refusals += 1;
    this.#forgetIdle(caller);
  }

  /** Nobody asks for most of what was read a second time: it would stay until there is no room. */
  #sweep(): void {
    const now = this.#now();
    const over: string[] = [];
    for (const key of this.#reads.rkeys()) {
      const cached = this.#reads.peek(key);
      if (over.length === sweptAtOnce || cached === undefined || !this.#isOver(cached, now)) break;
      over.push(key);
    }
    for (const key of over) this.#reads.delete(key);
  }

  #isOver({ expiresAt, caller, refusals }: CachedRead, now: number): boolean {
    return now >= expiresAt || refusals !== caller.refusals;
  }

  #forgetIdle(caller: CachedCaller): void {
    if (caller.underWay.size === 0 && caller.kept === 0) this.#callers.delete(caller.fingerprint);
  }
}

function overtake({ underWay }: CachedCaller, key: string): void {
  for (const other of underWay) if (other.key === key) other.isOvertaken = true;
}

/** Written as JSON, so that no two jobs of callers make the same key whatever their parts hold. */
function keyOf({ caller, job: { scope, jobInstanceId } }: Pick<StatusRead, 'caller' | 'job'>): string {
  return JSON.stringify([caller.fingerprint, scope.kind, scope.id, jobInstanceId]);
}
