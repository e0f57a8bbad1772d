import { JobApiError } from '../../domain/errors.ts';
import { memoryOf } from '../../domain/create-job-instance.ts';
import type { JobInstance } from '../../domain/job-instance.ts';

/** What a stream keeps until its next message: the state that it tells, and how it tells it. */
export interface KeptState {
  /** Equal streams of one caller, and those that ask differently for one job, have the same object. */
  readonly job: JobInstance;
  /** Null where it is still to be made. */
  readonly message: Uint8Array | null;
  /** Whether the job is over. */
  readonly isLast: boolean;
}

/** What one stream keeps. */
export interface KeptByStream {
  /**
   * Counts a state in place of the one before. Throws RATE_LIMITED where there is no room, and it keeps nothing then; how a
   * job ended is told all the same to who has followed it so far.
   */
  keep(state: KeptState): void;
  /** Keeps nothing any more, for good. */
  end(): void;
}

interface KeptJob {
  readonly bytes: number;
  /** How many keep it. */
  streams: number;
}

/** So much is let in whatever else is kept: how many streams there may be has a bound of its own. */
const smallState = 16 * 1024;

/** Of all that is kept, the part that one caller may take. */
const shareOfOne = 0.25;

/** Memory that is taken by what streams keep, of all streams of a process together. */
export class StreamMemory {
  readonly #max: number;
  #taken = 0;
  readonly #takenByAccount = new Map<string, number>();
  readonly #jobs = new Map<JobInstance, KeptJob>();

  constructor(maxBytes: number) {
    this.#max = maxBytes;
  }

  /** Bytes that are taken. */
  get taken(): number {
    return this.#taken;
  }

  /** A stream that keeps nothing yet. */
  begin(account: string): KeptByStream {
    let kept: KeptState | null = null;
    let isOver = false;
    const drop = (): void => {
      if (kept !== null) this.#count(account, -memoryOfMessage(kept) - this.#leave(kept.job));
      kept = null;
    };
    return {
      keep: (state) => {
        const isEnd = kept !== null && state.isLast;
        drop();
        // What was made while the last one left is told to nobody.
        if (isOver) return;
        if (!isEnd) this.#assertRoom(account, this.#bytesOf(state));
        this.#count(account, memoryOfMessage(state) + this.#enter(state.job));
        kept = state;
      },
      end: () => {
        drop();
        isOver = true;
      },
    };
  }

  /** What a state would take: of a job that is kept already, nothing but its message. */
  #bytesOf(state: KeptState): number {
    return memoryOfMessage(state) + (this.#jobs.has(state.job) ? 0 : memoryOf(state.job));
  }

  /** One more stream keeps the job; gives what that takes. */
  #enter(job: JobInstance): number {
    const kept = this.#jobs.get(job);
    if (kept !== undefined) {
      kept.streams += 1;
      return 0;
    }
    const bytes = memoryOf(job);
    this.#jobs.set(job, { bytes, streams: 1 });
    return bytes;
  }

  /** One of them does so no more; gives what that leaves. */
  #leave(job: JobInstance): number {
    const kept = this.#jobs.get(job);
    if (kept === undefined) return 0;
    kept.streams -= 1;
    if (kept.streams > 0) return 0;
    this.#jobs.delete(job);
    return kept.bytes;
  }

  /** A job that is too large beside others is not too large for good. */
  #assertRoom(account: string, bytes: number): void {
    if (bytes <= smallState) return;
    const own = this.#takenByAccount.get(account) ?? 0;
    if (own > 0 && own + bytes > this.#max * shareOfOne) {
      const text = 'The streams of one caller are of too many hosts all together.';
      throw new JobApiError('RATE_LIMITED', text);
    }
    if (this.#taken > 0 && this.#taken + bytes > this.#max)
      throw new JobApiError('RATE_LIMITED', 'This service has no room for more hosts that are followed.');
  }

  #count(account: string, bytes: number): void {
    this.#taken += bytes;
    const own = (this.#takenByAccount.get(account) ?? 0) + bytes;
    if (own === 0) this.#takenByAccount.delete(account);
    else this.#takenByAccount.set(account, own);
  }
}

/** Short ones lie in memory with others. */
function memoryOfMessage({ message }: KeptState): number {
  if (message === null) return 0;
  return message.byteLength < smallState ? message.byteLength : message.buffer.byteLength;
}
