let shared: Promise<void> | null = null;

/**
 * Resolves at the end of the turn of the event loop that is under way, for all who ask in it at once: each goes on by
 * one step, then each by the next. A request goes through some ten thousand lines of code. Done one after another, each
 * finds the processor's caches full of what the one before did last, and wakes bk-job or its client by itself. To do
 * the same part of all of them together is known as cohort scheduling (Larus and Parkes, 2002).
 */
export function endOfTurn(): Promise<void> {
  shared ??= new Promise((resolve) => {
    setImmediate(() => {
      shared = null;
      resolve();
    });
  });
  return shared;
}
