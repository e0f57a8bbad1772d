import type { CallerCount } from './lane.ts';

/** What callers have under way, as long as they have something. */
export interface Callers {
  find(fingerprint: string): CallerCount | undefined;
  get(fingerprint: string): CallerCount;
  /** Keeps nothing of a caller who has nothing under way. */
  forget(fingerprint: string): void;
}

/** Nobody has anything under way. */
export function createCallers(): Callers {
  const counts = new Map<string, CallerCount>();
  return {
    find: (fingerprint) => counts.get(fingerprint),
    get: (fingerprint) => {
      const count = counts.get(fingerprint) ?? { running: 0, waiting: 0 };
      counts.set(fingerprint, count);
      return count;
    },
    forget: (fingerprint) => {
      const count = counts.get(fingerprint);
      if (count !== undefined && count.running + count.waiting === 0) counts.delete(fingerprint);
    },
  };
}
