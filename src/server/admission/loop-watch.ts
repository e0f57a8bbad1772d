import type { AdaptiveLimit } from './adaptive-limit.ts';

/** Looks at how late the event loop comes round. */
export interface LoopWatch {
  /** How late it is now, or was when it last came round. Milliseconds. */
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

/** Starts to look, and tells the limit ten times a second. Keeps no process alive. */
export function watchLoop({ now, limit, takePeak }: LoopWatchOptions): LoopWatch {
  let due = now() + every;
  let latest = 0;
  let sum = 0;
  let samples = 0;
  const timer = setInterval(() => {
    latest = Math.max(0, now() - due);
    due = now() + every;
    sum += latest;
    samples++;
    if (samples < samplesOfMeasure) return;
    limit.observe({ loopDelay: sum / samples, peak: takePeak() });
    sum = 0;
    samples = 0;
  }, every);
  timer.unref();
  return {
    // What arrived while the loop stood still may be looked at before the timer that is overdue.
    lag: () => Math.max(latest, now() - due),
    stop: () => {
      clearInterval(timer);
    },
  };
}
