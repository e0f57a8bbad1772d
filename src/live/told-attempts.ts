import { noAttempts, type SeenAttempts } from '../domain/job-order.ts';
import type { Clock } from './clock.ts';

/** What was seen of a job by a reader that has stopped. */
interface Kept {
  readonly identity: string;
  readonly seen: SeenAttempts;
  readonly expiresAt: number;
}

/** Milliseconds. Clients that lose a stream connect again within seconds, and replicas are behind for no longer. */
const lifetime = 60_000;

/** Each takes some hundred bytes; most jobs have none, since only steps that were tried again count. */
const maxSteps = 10_000;

/**
 * What those who followed a job were told of its attempts, for whoever of the same identity follows it next. It holds
 * no more of a job than the numbers of its steps, for a while, and no timer: what is over goes when more comes.
 */
export class ToldAttempts {
  readonly #now: Clock['now'];
  /** By the keys of readers, in the order in which they stopped. */
  readonly #kept = new Map<string, Kept>();
  #steps = 0;

  constructor(now: Clock['now']) {
    this.#now = now;
  }

  keep(key: string, identity: string, seen: SeenAttempts): void {
    this.#delete(key);
    if (seen.size > 0) {
      this.#kept.set(key, { identity, seen, expiresAt: this.#now() + lifetime });
      this.#steps += seen.size;
    }
    for (const [oldest, { expiresAt }] of this.#kept) {
      if (this.#steps <= maxSteps && this.#now() < expiresAt) break;
      this.#delete(oldest);
    }
  }

  /** Hands over what was seen, and keeps it no longer. */
  take(key: string): SeenAttempts {
    const kept = this.#kept.get(key);
    this.#delete(key);
    return kept !== undefined && this.#now() < kept.expiresAt ? kept.seen : noAttempts;
  }

  /** The rights of an identity are over. */
  forget(identity: string): void {
    for (const [key, kept] of this.#kept) if (kept.identity === identity) this.#delete(key);
  }

  #delete(key: string): void {
    this.#steps -= this.#kept.get(key)?.seen.size ?? 0;
    this.#kept.delete(key);
  }
}
