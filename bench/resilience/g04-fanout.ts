import { setTimeout as pause } from 'node:timers/promises';
import type { Figure, Trial, TrialSize } from './figure.ts';
import { percentile, startLiveTrial, type LiveTrial } from './live/live-trial.ts';

/** G4: many follow one job of one caller on one process, at the price of one reader (`reliability.md` 3). */
export const trial: Trial = async ({ size }) => {
  const sockets = socketCounts[size];
  await using live = await startLiveTrial();
  const before = await live.measure();
  await live.open(sockets);
  const after = await live.measure();
  const kilobytes = (after.rss - before.rss) / sockets / 1000;
  const { latencies, missing, reads, seconds } = await change(live, sockets);
  const p99 = percentile(latencies, 0.99);
  const worst = Math.max(...latencies);
  const load = `${String(sockets)} sockets of one caller on one job, ${String(eventCount)} changes`;
  const note =
    'The service, its bk-job and the clients share the machine; counted from the answer of bk-job to the client.';
  const figure = (what: string, measured: string, wanted: string, passed: boolean): Figure => ({
    goal: 'G4',
    what,
    load,
    measured,
    wanted,
    passed,
    note,
  });
  return [
    figure(
      'time from a change to who follows',
      `p50 ${String(Math.round(percentile(latencies, 0.5)))} ms, p99 ${String(Math.round(p99))} ms, worst ${String(Math.round(worst))} ms; ${String(missing)} missing`,
      'p99 at most 500 ms, none missing',
      p99 <= 500 && missing === 0,
    ),
    figure('memory of one who follows', `${kilobytes.toFixed(1)} kB`, 'at most 20 kB', kilobytes <= 20),
    figure(
      'reads of bk-job for all of them',
      `${String(reads)} in ${seconds.toFixed(0)} s`,
      'one reader: at most one a second',
      reads <= seconds + 2,
    ),
  ];
};

const socketCounts: Readonly<Record<TrialSize, number>> = { ci: 2000, long: 10_000 };
const eventCount = 8;

/** Time for a change to be read and told; longer than the interval of a young job. */
const eventTime = 3000;

async function change(live: LiveTrial, sockets: number) {
  const start = performance.now();
  const { reads: readsBefore } = await live.measure();
  const readAt = new Map<number, number>();
  for (let event = 1; event <= eventCount; event++) {
    live.service.order({ kind: 'change', event, padding: 0 });
    const { at } = await live.service.next('read', (read) => read.event === event);
    readAt.set(event, at);
    await pause(eventTime);
  }
  const { reads } = await live.measure();
  const seconds = (performance.now() - start) / 1000;
  const { events } = await live.received();
  const latencies = [...readAt].flatMap(([event, at]) => (events[event] ?? []).map((moment) => moment - at));
  return { latencies, missing: eventCount * sockets - latencies.length, reads: reads - readsBefore, seconds };
}
