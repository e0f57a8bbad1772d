import type { Clock } from '../../src/upstream/clock.ts';

/** A clock that stands until it is moved. */
export interface ManualClock extends Clock {
  /** Moves time, and calls what was due in the order in which it was due. */
  pass(milliseconds: number): void;
  /** How many calls are still due. */
  pending(): number;
}

/** A clock that stands at a moment of no meaning. */
export function createManualClock(): ManualClock {
  let time = 1_000_000;
  let due: { readonly at: number; readonly call: () => void }[] = [];
  return {
    now: () => time,
    after: (delay, call) => {
      const entry = { at: time + delay, call };
      due.push(entry);
      return () => {
        due = due.filter((other) => other !== entry);
      };
    },
    pass: (milliseconds) => {
      const end = time + milliseconds;
      for (;;) {
        const next = due.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
        if (next === undefined) break;
        due = due.filter((other) => other !== next);
        time = next.at;
        next.call();
      }
      time = end;
    },
    pending: () => due.length,
  };
}
