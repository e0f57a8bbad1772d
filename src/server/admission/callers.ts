import type { CallerCount } from './lane.ts';

/** What callers have under way, as long as they have something. */
export interface Callers {
  find(account: string): CallerCount | undefined;
  get(account: string): CallerCount;
  /** Keeps nothing of a caller who has nothing under way. */
  forget(account: string): void;
}

/** Nobody has anything under way. */
export function createCallers(): Callers {
  const counts = new Map<string, CallerCount>();
  return {
    find: (account) => counts.get(account),
    get: (account) => {
      const count = counts.get(account) ?? { running: 0, waiting: 0 };
      counts.set(account, count);
      return count;
    },
    forget: (account) => {
      const count = counts.get(account);
      if (count !== undefined && count.running + count.waiting === 0) counts.delete(account);
    },
  };
}
