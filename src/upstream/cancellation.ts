import type { JobApiError } from '../domain/errors.ts';

/**
 * Says that nobody waits for a call any more. It has one listener at a time, since a call is in one place at a time: in
 * a queue, in a pause before its next attempt, or on a connection. That makes it lighter than an `AbortSignal`, of which
 * every read would need one more.
 */
export class Cancellation {
  /** Called once, where the call still waits for something. Whoever waits sets it, and takes it back when it is over. */
  listener: (() => void) | null = null;
  #reason: JobApiError | null = null;

  /** Why nobody waits any more; null while somebody does. */
  get reason(): JobApiError | null {
    return this.#reason;
  }

  cancel(reason: JobApiError): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    const { listener } = this;
    this.listener = null;
    listener?.();
  }
}
