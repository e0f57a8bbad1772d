/** Time as live reads see it, so that tests can let it pass. */
export interface Clock {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Runs something once after so many milliseconds, unless it is cancelled before. */
  after(milliseconds: number, run: () => void): Cancel;
  /** At least 0 and below 1. */
  random(): number;
}

/** Calls off what was to come. Calling it twice, or too late, does nothing. */
export type Cancel = () => void;

/** The time that everybody lives in. */
export const machineClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
  random: Math.random,
};
