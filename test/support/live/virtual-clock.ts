import type { Clock } from '../../../src/live/clock.ts';

/** A clock that goes when a test says so. */
export interface VirtualClock extends Clock {
  /** Lets time pass: what is due happens in its order, and whatever follows from it at once does, too. */
  advance(milliseconds: number): Promise<void>;
  /** Timers that are set and not yet due. */
  readonly timers: number;
}

/** What is promised is told in many turns of the queue of promises, all of them within one of the event loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Stands still at 0. `random` is 0.5 unless told otherwise: no jitter. */
export function createVirtualClock(random: () => number = () => 0.5): VirtualClock {
  let now = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => now,
    after: (milliseconds, run) => {
      const timer = { at: now + milliseconds, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    random,
    advance: async (milliseconds) => {
      const end = now + milliseconds;
      await settle();
      for (;;) {
        const next = timers.toSorted((one, other) => one.at - other.at)[0];
        if (next === undefined || next.at > end) break;
        timers = timers.filter((one) => one !== next);
        now = next.at;
        next.run();
        await settle();
      }
      now = end;
    },
    get timers() {
      return timers.length;
    },
  };
}
