import { setTimeout as pause } from 'node:timers/promises';
import type { Figure, Trial, TrialSize } from './figure.ts';
import { percentile, startLiveTrial, type LiveTrial } from './live/live-trial.ts';

/** G4: many follow one job of one caller on one process, at the price of one reader (`reliability.md` 3). */
export const trial: Trial = async ({ size }) => [
  ...(await onSocketsOfTheirOwn(size)),
  ...(await onFewSockets(size)),
];

interface Load {
  readonly sockets: number;
  readonly streams: number;
  /** Changes of the job that all of them are told. */
  readonly changes: number;
}

const ownSockets: Readonly<Record<TrialSize, Load>> = {
  ci: { sockets: 2000, streams: 1, changes: 4 },
  long: { sockets: 10_000, streams: 1, changes: 8 },
};
const fewSockets: Readonly<Record<TrialSize, Load>> = {
  ci: { sockets: 200, streams: 20, changes: 4 },
  long: { sockets: 1000, streams: 20, changes: 8 },
};

const note =
  'The service, its bk-job and the clients share the machine; counted from the answer of bk-job to the client.';

async function onSocketsOfTheirOwn(size: TrialSize): Promise<readonly Figure[]> {
  const { sockets, load, told, kilobytes, reads, seconds } = await follow(ownSockets[size]);
  return [
    timeOf(told, load, 500),
    {
      goal: 'G4',
      what: 'memory of one who follows',
      load,
      measured: `${(kilobytes / sockets).toFixed(1)} kB`,
      wanted: 'at most 20 kB',
      passed: kilobytes / sockets <= 20,
      note,
    },
    {
      goal: 'G4',
      what: 'reads of bk-job for all of them',
      load,
      measured: `${String(reads)} in ${seconds.toFixed(0)} s`,
      wanted: 'one reader: at most one a second',
      passed: reads <= seconds + 2,
      note,
    },
  ];
}

async function onFewSockets(size: TrialSize): Promise<readonly Figure[]> {
  const { load, told, rss } = await follow(fewSockets[size]);
  const megabytes = rss / 1e6;
  return [
    timeOf(told, load, 1000),
    {
      goal: 'G4',
      what: 'memory of the service then',
      load,
      measured: `${megabytes.toFixed(0)} MB`,
      wanted: 'at most 400 MB, its bk-job included',
      passed: megabytes <= 400,
      note,
    },
  ];
}

interface Told {
  readonly latencies: readonly number[];
  readonly missing: number;
  readonly refused: number;
}

async function follow({ sockets, streams, changes }: Load) {
  await using live = await startLiveTrial();
  const before = await live.measure();
  await live.open(sockets, { streams });
  const after = await live.measure();
  const { reads, seconds, ...told } = await change(live, { changes, streams: sockets * streams });
  const { rss } = await live.measure();
  const load = `${String(sockets * streams)} streams of one caller on one job, on ${String(sockets)} sockets; ${String(changes)} changes`;
  return { sockets, load, told, reads, seconds, rss, kilobytes: (after.rss - before.rss) / 1000 };
}

function timeOf({ latencies, missing, refused }: Told, load: string, mostMs: number): Figure {
  const at = (share: number): number => Math.round(percentile(latencies, share));
  return {
    goal: 'G4',
    what: 'time from a change to who follows',
    load,
    measured: `p50 ${String(at(0.5))} ms, p99 ${String(at(0.99))} ms, worst ${String(at(1))} ms; ${String(missing)} missing; ${String(refused)} let in later`,
    wanted: `p99 at most ${String(mostMs)} ms, none missing`,
    passed: at(0.99) <= mostMs && missing === 0,
    note,
  };
}

/** Time for a change to be read and told; longer than the interval of a young job. */
const eventTime = 3000;

async function change(live: LiveTrial, { changes, streams }: Pick<Load, 'changes' | 'streams'>) {
  const start = performance.now();
  const { reads: readsBefore } = await live.measure();
  const readAt = new Map<number, number>();
  for (let event = 1; event <= changes; event++) {
    live.service.order({ kind: 'change', event, padding: 0 });
    const { at } = await live.service.next('read', (read) => read.event === event);
    readAt.set(event, at);
    await pause(eventTime);
  }
  const { reads } = await live.measure();
  const seconds = (performance.now() - start) / 1000;
  const { events, refused } = await live.received();
  const latencies = [...readAt].flatMap(([event, at]) => (events[event] ?? []).map((moment) => moment - at));
  const missing = changes * streams - latencies.length;
  return { latencies, missing, refused, reads: reads - readsBefore, seconds };
}
