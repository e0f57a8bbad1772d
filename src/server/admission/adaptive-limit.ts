/** How many operations may be under way at a time, as the process can carry them. */
export interface AdaptiveLimit {
  readonly current: number;
  /** Takes in what was measured since it was last told. */
  observe(measured: LoadMeasure): void;
}

/** What was measured over a moment. */
export interface LoadMeasure {
  /** How much later than due the event loop came round, on average. Milliseconds. */
  readonly loopDelay: number;
  /** The most operations that were under way at a time. */
  readonly peak: number;
}

/** What a limit is made with. */
export interface AdaptiveLimitOptions {
  readonly min: number;
  readonly max: number;
}

/**
 * Longer rounds of the event loop mean that work has come in faster than it is done: everybody waits that long at each
 * step of an operation. Shorter ones come from single pieces of work and pass.
 */
const longestRound = 40;

/** How much is taken back at once where rounds are too long. */
const decrease = 0.8;

/** How much is tried in addition, ten times a second, where they are not. */
const increase = 1 / 16;

/** A limit that nobody comes near tells nothing about what could be carried. */
const usedShare = 0.75;

/**
 * Grows slowly and shrinks fast, by the delay of the event loop. Not by the time that operations take, as
 * limits of this kind mostly are: most of that is bk-job's, and a bk-job that is slow must not make this service turn
 * callers away whom it could let wait for nothing but memory.
 */
export function createAdaptiveLimit({ min, max }: AdaptiveLimitOptions): AdaptiveLimit {
  let current = max;
  return {
    get current() {
      return current;
    },
    observe: ({ loopDelay, peak }) => {
      if (loopDelay > longestRound) {
        // From what was really there: a limit far above it would need many rounds to mean something. Where that was
        // little, the rounds are long for another reason.
        if (peak > min) current = Math.max(min, Math.floor(Math.min(current, peak) * decrease));
      } else if (peak >= current * usedShare) {
        current = Math.min(max, current + Math.max(1, Math.floor(current * increase)));
      }
    },
  };
}
