/** So many share what the caches hold; those who come after them are not kept waiting for all others. */
const most = 8;

/**
 * Those who came to the same place in one turn of the event loop, and go on from there at its end: each by one step, then
 * each by the next, a few at a time. A request goes through some ten thousand lines of code. Done one after another, each
 * finds the processor's caches full of what the one before did last. This is known as cohort scheduling (Larus and
 * Parkes, 2002).
 */
export class Cohort {
  #size = 0;
  #start: Promise<void> | null = null;

  /** Resolves when it is the turn of whoever comes now. */
  join(): Promise<void> {
    if (this.#start === null || this.#size === most) return this.#begin();
    this.#size += 1;
    return this.#start;
  }

  #begin(): Promise<void> {
    const start = new Promise<void>((resolve) => {
      setImmediate(() => {
        if (this.#start === start) this.#start = null;
        resolve();
      });
    });
    this.#start = start;
    this.#size = 1;
    return start;
  }
}
