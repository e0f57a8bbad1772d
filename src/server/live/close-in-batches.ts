import { setTimeout as pause } from 'node:timers/promises';

/** Time between two batches. */
const batchInterval = 100;

/**
 * Closes many, spread evenly over a time, in random order: their clients connect elsewhere one after another, and not
 * in a wave.
 */
export async function closeInBatches<One>(
  all: readonly One[],
  window: number,
  close: (one: One) => void,
): Promise<void> {
  const batches = Math.max(1, Math.floor(window / batchInterval));
  const size = Math.ceil(all.length / batches);
  const order = all
    .map((one) => ({ one, place: Math.random() }))
    .sort((left, right) => left.place - right.place);
  for (let at = 0; at < order.length; at += size) {
    if (at > 0) await pause(batchInterval);
    for (const { one } of order.slice(at, at + size)) close(one);
  }
}
