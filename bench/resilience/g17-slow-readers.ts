import { setTimeout as pause } from 'node:timers/promises';
import type { Trial, TrialSize } from './figure.ts';
import { percentile, startLiveTrial, type LiveTrial } from './live/live-trial.ts';

/** G17: who never reads costs the others nothing, holds little, and is cut off. */
export const trial: Trial = async ({ size }) => {
  const { sockets, stuck } = counts[size];
  const { quiet, beside } = await compare(size);
  const others = sockets - stuck;
  const slower = Math.max(0, beside.p99 / quiet.p99 - 1);
  const heldKilobytes = Math.max(0, beside.heldBytes - quiet.heldBytes) / stuck / 1000;
  const load = `${String(stuck)} of ${String(sockets)} sockets never read; ${String(eventCount)} messages of ${String(padding / 1000)} kB each`;
  const note = 'What the kernel takes for a client before it says that it is full is not of this process.';
  return [
    {
      goal: 'G17',
      what: 'how much longer the others wait',
      load,
      measured: `p99 ${String(Math.round(beside.p99))} ms beside ${String(Math.round(quiet.p99))} ms without: ${(slower * 100).toFixed(0)} % more; ${String(beside.missing)} of ${String(2 * others * eventCount)} missing`,
      wanted: 'p99 within 10 % or 50 ms, none missing',
      passed: (slower <= 0.1 || beside.p99 - quiet.p99 <= 50) && beside.missing === 0,
      note,
    },
    {
      goal: 'G17',
      what: 'who never reads is cut off, and nobody else is',
      load,
      measured: `${String(beside.cutOff)} of ${String(stuck)} cut off, ${String(beside.closedOthers)} others`,
      wanted: 'all of them within 30 s, no others',
      passed: beside.cutOff === stuck && beside.closedOthers === 0,
      note,
    },
    {
      goal: 'G17',
      what: 'memory held more, for each who never reads',
      load,
      measured: `${heldKilobytes.toFixed(0)} kB`,
      wanted: `at most 64 kB and two messages`,
      passed: heldKilobytes <= 64 + (2 * padding) / 1000,
      note,
    },
  ];
};

/** Other work on the machine only ever makes it slower: of each kind the quicker of two runs counts, taken in turns. */
async function compare(size: TrialSize) {
  const { stuck } = counts[size];
  const quiet = await run(size, 0);
  const beside = await run(size, stuck);
  const quietAgain = await run(size, 0);
  const besideAgain = await run(size, stuck);
  return {
    quiet: { ...quiet, p99: Math.min(quiet.p99, quietAgain.p99) },
    beside: {
      p99: Math.min(beside.p99, besideAgain.p99),
      missing: beside.missing + besideAgain.missing,
      heldBytes: Math.max(beside.heldBytes, besideAgain.heldBytes),
      cutOff: Math.min(beside.cutOff, besideAgain.cutOff),
      closedOthers: beside.closedOthers + besideAgain.closedOthers,
    },
  };
}

const counts: Readonly<Record<TrialSize, { readonly sockets: number; readonly stuck: number }>> = {
  ci: { sockets: 100, stuck: 10 },
  long: { sockets: 1000, stuck: 100 },
};
const eventCount = 10;
const eventTime = 2000;

/** Large enough for the buffers of the kernel to be full after a few. */
const padding = 1_000_000;

/** Long enough to be seen, short enough for a trial. */
const writeStallTimeout = '4s';

async function run(size: TrialSize, stuck: number) {
  const { sockets } = counts[size];
  await using live = await startLiveTrial({ TRIAL_WRITE_STALL_TIMEOUT: writeStallTimeout });
  await live.open(sockets, stuck);
  const before = await live.measure();
  const latencies = await change(live);
  const after = await live.measure();
  const { closedOthers } = await live.received();
  // Who reads nothing does not learn that it was cut off, so the connections of the service are counted.
  const cutOff = before.connections - after.connections - closedOthers;
  const missing = (sockets - stuck) * eventCount - latencies.length;
  return {
    p99: percentile(latencies, 0.99),
    missing,
    heldBytes: after.held - before.held,
    cutOff,
    closedOthers,
  };
}

async function change(live: LiveTrial): Promise<readonly number[]> {
  const readAt = new Map<number, number>();
  for (let event = 1; event <= eventCount; event++) {
    live.service.order({ kind: 'change', event, padding });
    const { at } = await live.service.next('read', (read) => read.event === event);
    readAt.set(event, at);
    await pause(eventTime);
  }
  const { events } = await live.received();
  return [...readAt].flatMap(([event, at]) => (events[event] ?? []).map((moment) => moment - at));
}
