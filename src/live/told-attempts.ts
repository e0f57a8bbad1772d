import { noAttempts, type SeenAttempts } from '../domain/job-order.ts';
import type { Clock } from './clock.ts';

/** What the followers of a job were told of its attempts: nothing older is told before it expires. */
export interface Told {
  readonly attempts: SeenAttempts;
  readonly expiresAt: number;
}

const nothingTold: Told = { attempts: noAttempts, expiresAt: 0 };

/**
 * Milliseconds since bk-job last said so. Clients that lose a stream connect again within seconds, and replicas are
 * behind for no longer: after that the attempt is lower, as that of a restored database is.
 */
const lifetime = 60_000;

/** What followers are told now, that expires in its time. */
export function toldAt(now: number, attempts: SeenAttempts): Told {
  return { attempts, expiresAt: now + lifetime };
}

/** Each takes some hundred bytes; most jobs have none, since only steps that were tried again count. */
const maxSteps = 10_000;

/**
 * What those who followed a job were told of its attempts, for whoever of the same identity follows it next. It holds
 * no more of a job than the numbers of its steps, for a while, and no timer: what is over goes when more comes.
 */
export class ToldAttempts {
  readonly #now: Clock['now'];
  /** By the keys of readers, in the order in which they stopped. */
  readonly #kept = new Map<string, Told & { readonly identity: string }>();
  #steps = 0;

  constructor(now: Clock['now']) {
    this.#now = now;
  }

  /** Keeps it for as long as is left of its time: whoever was told nothing does not make it last. */
  keep(key: string, identity: string, told: Told): void {
    this.#delete(key);
    if (told.attempts.size > 0) {
      this.#kept.set(key, { ...told, identity });
      this.#steps += told.attempts.size;
    }
    for (const [oldest, { expiresAt }] of this.#kept) {
      if (this.#steps <= maxSteps && this.#now() < expiresAt) break;
      this.#delete(oldest);
    }
  }

  /** Hands over what was told, and keeps it no longer. */
  take(key: string): Told {
    const told = this.#kept.get(key) ?? nothingTold;
    this.#delete(key);
    return told;
  }

  /** The rights of an identity are over. */
  forget(identity: string): void {
    for (const [key, kept] of this.#kept) if (kept.identity === identity) this.#delete(key);
  }

  #delete(key: string): void {
    this.#steps -= this.#kept.get(key)?.attempts.size ?? 0;
    this.#kept.delete(key);
  }
}
