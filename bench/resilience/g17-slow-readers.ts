import { setTimeout as pause } from 'node:timers/promises';
import type { Trial, TrialSize } from './figure.ts';
import { percentile, startLiveTrial, type LiveTrial } from './live/live-trial.ts';
import { monotonicMs } from './live/monotonic-ms.ts';

/** G17: who never reads costs the others nothing, holds little, and is cut off (`reliability.md` 3). */
export const trial: Trial = async ({ size }) => {
  const { sockets, stuck, events } = plans[size];
  const { quiet, beside } = await compare(size);
  const others = sockets - stuck;
  const slower = beside.p99 / quiet.p99 - 1;
  const heldKilobytes = (beside.heldBytes - quiet.heldBytes) / stuck / 1000;
  const load = `${String(stuck)} of ${String(sockets)} sockets never read; ${String(events)} messages of ${String(padding / 1000)} kB each`;
  const figure = {
    goal: 'G17',
    load,
    note: 'The best of what was tried in turns, with and without; all on one machine.',
  };
  return [
    {
      ...figure,
      what: 'how much longer the others wait',
      measured: `p99 ${String(Math.round(beside.p99))} ms beside ${String(Math.round(quiet.p99))} ms without: ${(slower * 100).toFixed(0)} %; ${String(beside.missing)} of ${String(others * events)} missing`,
      wanted: 'p99 within 10 %, none missing',
      passed: slower <= 0.1 && beside.missing === 0,
    },
    {
      ...figure,
      what: 'who never reads is cut off, and nobody else is',
      measured: `${String(beside.cutOff)} of ${String(stuck)}, the last ${(beside.lastCutAfter / 1000).toFixed(1)} s after the first message that it did not read; ${String(beside.closedOthers)} others`,
      wanted: 'all of them within 30 s, no others',
      passed: beside.cutOff === stuck && beside.lastCutAfter <= 30_000 && beside.closedOthers === 0,
    },
    {
      ...figure,
      what: 'memory held for each who never reads, before it is cut off',
      measured: heldKilobytes > 0 ? `${heldKilobytes.toFixed(0)} kB` : 'no more than without them',
      wanted: 'at most 64 kB',
      passed: heldKilobytes <= 64,
    },
  ];
};

interface Plan {
  readonly sockets: number;
  readonly stuck: number;
  readonly events: number;
  /** Other work on the machine only ever makes it slower: of so many runs of each kind the best counts. */
  readonly rounds: number;
}

/** Ten minutes in the long run. */
const plans: Readonly<Record<TrialSize, Plan>> = {
  ci: { sockets: 200, stuck: 20, events: 16, rounds: 3 },
  long: { sockets: 1000, stuck: 100, events: 300, rounds: 1 },
};
const eventTime = 2000;

/** Large enough for the buffers of the kernel, which are not of this process, to be full after a few. */
const padding = 1_000_000;

/** By then these are full, and nobody has been cut off yet. */
const measuredAfter = 7;

async function compare(size: TrialSize) {
  const plan = plans[size];
  const [quiet, beside]: Run[][] = [[], []];
  for (let round = 0; round < plan.rounds; round++) {
    quiet?.push(await run(plan, 0));
    beside?.push(await run(plan, plan.stuck));
  }
  return { quiet: best(quiet ?? []), beside: best(beside ?? []) };
}

interface Run {
  readonly p99: number;
  readonly missing: number;
  readonly heldBytes: number;
  readonly cutOff: number;
  readonly lastCutAfter: number;
  readonly closedOthers: number;
}

/** Of times and bytes the least; of what must not happen the most. */
function best(runs: readonly Run[]): Run {
  const of = (name: keyof Run): readonly number[] => runs.map((one) => one[name]);
  return {
    p99: Math.min(...of('p99')),
    heldBytes: Math.min(...of('heldBytes')),
    missing: Math.max(...of('missing')),
    cutOff: Math.min(...of('cutOff')),
    lastCutAfter: Math.max(...of('lastCutAfter')),
    closedOthers: Math.max(...of('closedOthers')),
  };
}

async function run({ sockets, events }: Plan, stuck: number): Promise<Run> {
  await using live = await startLiveTrial();
  await live.open(sockets, { stuck });
  const connections = await live.connections();
  const start = monotonicMs();
  const seen = await change(live, events);
  const received = await live.received();
  const latencies = [...seen.readAt].flatMap(([event, at]) =>
    (received.events[event] ?? []).map((moment) => moment - at),
  );
  // Who reads nothing does not learn that it was cut off, so the connections of the service are counted.
  const least = Math.min(...seen.open.map(({ count }) => count));
  return {
    p99: percentile(latencies, 0.99),
    missing: (sockets - stuck) * events - latencies.length,
    heldBytes: seen.heldBytes,
    cutOff: connections - least - received.closedOthers,
    lastCutAfter: (seen.open.find(({ count }) => count === least)?.at ?? Infinity) - start,
    closedOthers: received.closedOthers,
  };
}

async function change(live: LiveTrial, events: number) {
  const readAt = new Map<number, number>();
  const open: { readonly at: number; readonly count: number }[] = [];
  let heldBytes = 0;
  for (let event = 1; event <= events; event++) {
    live.service.order({ kind: 'change', event, padding });
    const { at } = await live.service.next('read', (read) => read.event === event);
    readAt.set(event, at);
    await pause(eventTime);
    open.push({ at: monotonicMs(), count: await live.connections() });
    if (event === measuredAfter) heldBytes = (await live.measure()).held;
  }
  return { readAt, open, heldBytes };
}
