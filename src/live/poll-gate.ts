import type { Cancel, Clock } from './clock.ts';

/** Lets reads begin no faster than bk-job is to be asked. */
export interface PollGate {
  /** Runs `begin` at once or when its turn comes. Who has much to read takes turns with who has little. */
  enter(identity: string, begin: () => void): Cancel;
}

/**
 * A token bucket of one second, and a queue for each identity before it: turns go round among identities, so that one
 * which follows ten thousand jobs takes nothing from one which follows a single job but every other turn.
 */
export function createPollGate(clock: Clock, pollsPerSecond: number): PollGate {
  const queues = new Map<string, Set<() => void>>();
  let tokens = pollsPerSecond;
  let filledAt = clock.now();
  let timer: Cancel | null = null;

  function fill(): void {
    const now = clock.now();
    tokens = Math.min(pollsPerSecond, tokens + ((now - filledAt) * pollsPerSecond) / 1000);
    filledAt = now;
  }

  function serve(): void {
    timer = null;
    fill();
    for (const [identity, queue] of queues) {
      if (tokens < 1) break;
      const [begin] = queue;
      queues.delete(identity);
      if (begin === undefined) continue;
      queue.delete(begin);
      // Behind all others: the loop comes to it again in this very round.
      if (queue.size > 0) queues.set(identity, queue);
      tokens -= 1;
      begin();
    }
    if (queues.size > 0) timer ??= clock.after(Math.ceil(((1 - tokens) * 1000) / pollsPerSecond), serve);
  }

  return {
    enter: (identity, begin) => {
      const turn = (): void => {
        begin();
      };
      const queue = queues.get(identity) ?? new Set();
      queues.set(identity, queue.add(turn));
      if (timer === null) serve();
      return () => {
        queue.delete(turn);
        if (queue.size > 0 || queues.get(identity) !== queue) return;
        queues.delete(identity);
        if (queues.size > 0) return;
        timer?.();
        timer = null;
      };
    },
  };
}
