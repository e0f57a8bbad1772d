import type { AdaptiveLimit } from './adaptive-limit.ts';

/** Looks at how late the event loop comes round. */
export interface LoopWatch {
  /**
   * Starts to look when the work is done that is being done: what it takes to start a process, seconds on a slow machine,
   * says nothing of what it can carry. Keeps no process alive.
   */
  begin(): void;
  /**
   * How late it is again and again: of its last two rounds and the one that is due, what two were at least. One long
   * piece of work makes one late round, and is over by then. Milliseconds; 0 before it has begun to look.
   */
  lag(): number;
  stop(): void;
}

/** What is told of the load. */
export interface LoopWatchOptions {
  readonly now: () => number;
  readonly limit: Pick<AdaptiveLimit, 'observe'>;
  /** The most operations that were under way at a time since this was last called. */
  readonly takePeak: () => number;
}

const every = 20;
const samplesOfMeasure = 5;

/** Makes a watch, which tells the limit ten times a second once it has begun. */
export function createLoopWatch({ now, limit, takePeak }: LoopWatchOptions): LoopWatch {
  let due = Infinity;
  let latest = 0;
  let previous = 0;
  let sum = 0;
  let samples = 0;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    previous = latest;
    latest = Math.max(0, now() - due);
    due = now() + every;
    sum += latest;
    samples++;
    if (samples < samplesOfMeasure) return;
    limit.observe({ loopDelay: sum / samples, peak: takePeak() });
    sum = 0;
    samples = 0;
  };
  let beginning: NodeJS.Immediate | undefined;
  return {
    begin: () => {
      beginning = setImmediate(() => {
        due = now() + every;
        timer = setInterval(look, every).unref();
      }).unref();
    },
    // What arrived while the loop stood still may be looked at before the timer that is overdue.
    lag: () => middleOf(previous, latest, Math.max(0, now() - due)),
    stop: () => {
      clearImmediate(beginning);
      clearInterval(timer);
    },
  };
}

function middleOf(one: number, other: number, third: number): number {
  return Math.max(Math.min(one, other), Math.min(Math.max(one, other), third));
}
