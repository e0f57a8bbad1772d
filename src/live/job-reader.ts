import { JobApiError, toJobApiError, type JobApiErrorCode } from '../domain/errors.ts';
import { needsConfirmation } from '../domain/job-end.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import { isOlder, noAttempts, withAttemptsOf } from '../domain/job-order.ts';
import { jobRevision } from '../domain/job-revision.ts';
import type { Cancel, Clock } from './clock.ts';
import { backOffOf, intervalOf, leastBackOffOf, type PaceOptions } from './pace.ts';
import { toldAt, type Told } from './told-attempts.ts';

/** What a follower is told. */
export type JobNews =
  /**
   * How the job is now, or, where it is not current, how it was before it could not be read; that is tried again soon.
   * `isOver`: it is over, and nothing comes after this.
   */
  | {
      readonly kind: 'state';
      readonly job: JobInstance;
      readonly isOver: boolean;
      readonly isCurrent: boolean;
    }
  /** It could not be read, and will be tried again. */
  | { readonly kind: 'unread'; readonly error: JobApiError }
  /** It can be read no longer. Nothing comes after this. */
  | { readonly kind: 'ended'; readonly error: JobApiError };

/** Somebody who follows a job. */
export interface Follower {
  readonly hostDetail: boolean;
  tell(news: JobNews): void;
}

/** What a reader works with. */
export interface JobReaderOptions {
  readonly read: (read: {
    readonly hostDetail: boolean;
    readonly signal: AbortSignal;
  }) => Promise<JobInstance>;
  /** Begins a read when its turn comes. */
  readonly enterGate: (begin: () => void) => Cancel;
  readonly clock: Clock;
  readonly pace: PaceOptions;
  /** What followers before these were told. */
  readonly told: Told;
  /** Called when nobody follows any more, with what was told, and why the job can be read no longer, if that is it. */
  readonly onIdle: (told: Told, end: JobApiErrorCode | null) => void;
}

/** No second try mends these. */
const endsFollowing: ReadonlySet<JobApiErrorCode> = new Set([
  'NOT_FOUND',
  'PERMISSION_DENIED',
  'UNAUTHENTICATED',
  'BAD_USER_INPUT',
  'SERVICE_MISCONFIGURED',
  'INTERNAL_SERVER_ERROR',
]);

/** So many failures in a row that are not retryable are short ones no more (schema.md 8), and are told. */
const believedFrom = 3;

/** A pause between two reads. */
interface Wait {
  readonly kind: 'wait';
  /** From when on it may be cut short for who joins, by the clock of the reader; Infinity where it may not. */
  readonly cutFrom: number;
  readonly cancel: Cancel;
}

/** Time for bk-job to bring steps and hosts up to date with a job that is over. */
const confirmationDelay = 500;

/**
 * Reads one job for everybody of one identity who follows it: one read at a time, hosts only while somebody wants
 * them. It begins with the first follower and leaves nothing behind after the last.
 */
export class JobReader {
  readonly #options: JobReaderOptions;
  readonly #followers = new Set<Follower>();
  #told: Told;
  /** The newest state that followers were told. */
  #latest: JobInstance | null = null;
  /** A state that is over and has to be confirmed. */
  #unconfirmed: JobInstance | null = null;
  #failures = 0;
  /** Of these, those of the job itself since the last one that is retryable. */
  #lastingFailures = 0;
  /** What comes next: a wait, a turn at the gate or a read. Null where nothing does. */
  #step: Wait | { readonly kind: 'turn' | 'read'; readonly cancel: Cancel } | null = null;

  constructor(options: JobReaderOptions) {
    this.#options = options;
    this.#told = options.told;
  }

  /**
   * Tells the newest state at once where there is one that has what the follower wants; never before this returns. One
   * from before a failure is not all that the follower gets: the job is read again as soon as bk-job can bear.
   */
  join(follower: Follower): Cancel {
    this.#followers.add(follower);
    const isServed = this.#latest !== null && suffices(this.#latest, follower);
    if (isServed) {
      queueMicrotask(() => {
        if (this.#latest !== null) this.#tellState(this.#latest, follower, this.#failures === 0);
        this.#endIfIdle();
      });
    }
    if (this.#step === null) this.#readSoon();
    else if (isServed) this.hurry();
    else this.#cutWait();
    return () => {
      if (this.#followers.delete(follower)) this.#endIfIdle();
    };
  }

  /** Somebody more is told how the job was before it could not be read: it is read again as soon as bk-job can bear. */
  hurry(): void {
    if (this.#failures > 0) this.#cutWait();
  }

  #endIfIdle(end: JobApiErrorCode | null = null): boolean {
    if (this.#followers.size > 0) return false;
    this.#step?.cancel();
    this.#step = null;
    this.#options.onIdle(this.#told, end);
    return true;
  }

  /** Give or take the jitter; `least` of it passes whoever joins meanwhile. */
  #wait(milliseconds: number, least = 0): void {
    const { clock, pace } = this.#options;
    const jitter = 1 + pace.jitter * (2 * clock.random() - 1);
    this.#waitFor(milliseconds * jitter, clock.now() + least * jitter);
  }

  #waitFor(milliseconds: number, cutFrom: number): void {
    const cancel = this.#options.clock.after(milliseconds, () => {
      this.#readSoon();
    });
    this.#step = { kind: 'wait', cutFrom, cancel };
  }

  #cutWait(): void {
    if (this.#step?.kind !== 'wait') return;
    const { cutFrom, cancel } = this.#step;
    const left = cutFrom - this.#options.clock.now();
    if (left <= 0) this.#readSoon();
    else if (left < Infinity) {
      cancel();
      this.#waitFor(left, Infinity);
    }
  }

  #readSoon(): void {
    this.#step?.cancel();
    let leaveGate: Cancel = () => undefined;
    this.#step = {
      kind: 'turn',
      cancel: () => {
        leaveGate();
      },
    };
    leaveGate = this.#options.enterGate(() => {
      void this.#read();
    });
  }

  get #wantsHosts(): boolean {
    return [...this.#followers].some(({ hostDetail }) => hostDetail);
  }

  async #read(): Promise<void> {
    const controller = new AbortController();
    const step = {
      kind: 'read',
      cancel: () => {
        controller.abort(new JobApiError('UPSTREAM_UNAVAILABLE', 'Nobody follows the job any more.'));
      },
    } as const;
    this.#step = step;
    const { signal } = controller;
    try {
      const job = await this.#options.read({ hostDetail: this.#wantsHosts, signal });
      if (this.#step === step) this.#onRead(job);
    } catch (thrown) {
      if (this.#step === step) this.#onFailure(toJobApiError(thrown));
    }
  }

  #onRead(job: JobInstance): void {
    this.#lastingFailures = 0;
    const kept = this.#stateWithHosts(job);
    if (kept !== null && !kept.finished && job.hostDetail.kind === 'failed') {
      this.#tellFailure(job.hostDetail.error, false);
      return;
    }
    this.#failures = 0;
    if (!this.#isNewEnough(job)) {
      this.#wait(this.#interval);
      return;
    }
    if (job.finished && this.#unconfirmed === null && needsConfirmation(job)) {
      this.#unconfirmed = job;
      // Who joins meanwhile waits for that, too.
      this.#wait(confirmationDelay, Infinity);
      return;
    }
    this.#unconfirmed = null;
    this.#latest = kept ?? job;
    this.#tellAll(this.#latest);
  }

  /** Whether it may be told: no older than what was told, or that is so long ago that no replica can be behind it. */
  #isNewEnough(job: JobInstance): boolean {
    const now = this.#options.clock.now();
    const { attempts, expiresAt } = this.#told;
    const isLower = isOlder(job, attempts);
    if (isLower && now < expiresAt) return false;
    if (isLower) this.#unconfirmed = null;
    this.#told = toldAt(now, withAttemptsOf(job, isLower ? noAttempts : attempts));
    return true;
  }

  #tellAll(job: JobInstance): void {
    for (const follower of [...this.#followers]) this.#tellState(job, follower, true);
    if (this.#endIfIdle()) return;
    const isServed = [...this.#followers].every((follower) => suffices(job, follower));
    if (isServed) this.#wait(this.#interval);
    else this.#readSoon();
  }

  #tellState(job: JobInstance, follower: Follower, isCurrent: boolean): void {
    if (!this.#followers.has(follower) || !suffices(job, follower)) return;
    if (job.finished) this.#followers.delete(follower);
    follower.tell({ kind: 'state', job, isOver: job.finished, isCurrent });
  }

  /**
   * Hosts of the same state as read before, where they could not be read with it now; null otherwise, and where it is
   * believed that they cannot be read.
   */
  #stateWithHosts(job: JobInstance): JobInstance | null {
    if (job.hostDetail.kind !== 'failed') return null;
    const isBelieved = !job.hostDetail.error.retryable && this.#failures + 1 >= believedFrom;
    if (isBelieved && !job.finished) return null;
    const before = this.#unconfirmed ?? this.#latest;
    return before?.hostDetail.kind === 'read' && jobRevision(before) === jobRevision(job) ? before : null;
  }

  get #interval(): number {
    return intervalOf(this.#latest, this.#wantsHosts, this.#options.pace);
  }

  #onFailure(error: JobApiError): void {
    this.#lastingFailures = error.retryable ? 0 : this.#lastingFailures + 1;
    this.#tellFailure(error, endsFollowing.has(error.code) || this.#lastingFailures >= believedFrom);
  }

  #tellFailure(error: JobApiError, isEnd: boolean): void {
    for (const follower of [...this.#followers]) {
      if (isEnd) this.#followers.delete(follower);
      follower.tell({ kind: isEnd ? 'ended' : 'unread', error });
    }
    if (this.#endIfIdle(isEnd ? error.code : null)) return;
    this.#failures += 1;
    this.#wait(backOffOf(this.#interval, this.#failures, error), leastBackOffOf(this.#failures));
  }
}

/** Hosts that nobody asked bk-job for must not look like no hosts. */
function suffices(job: JobInstance, { hostDetail }: Follower): boolean {
  return !hostDetail || job.hostDetail.kind !== 'not-read';
}
