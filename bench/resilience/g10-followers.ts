import { setTimeout as pause } from 'node:timers/promises';
import type { Figure, Trial, TrialSize } from './figure.ts';
import { startLiveTrial, type LiveTrial } from './live/live-trial.ts';
import { monotonicMs } from './live/monotonic-ms.ts';

/** G10 for those who follow: after an outage of bk-job all of them are up to date without doing anything. */
export const trial: Trial = async ({ size }) => {
  await using live = await startLiveTrial();
  await live.open(sockets);
  const figures: Figure[] = [];
  for (const [index, seconds] of outages[size].entries())
    figures.push(await goThrough(live, seconds, index + 1));
  return figures;
};

const sockets = 500;

const outages: Readonly<Record<TrialSize, readonly number[]>> = { ci: [1, 10], long: [1, 10, 60] };

/** Interval of a young job, jitter included, and two seconds. */
const mostMs = 1100 + 2000;

async function goThrough(live: LiveTrial, seconds: number, event: number): Promise<Figure> {
  live.service.order({ kind: 'outage', isOn: true });
  live.service.order({ kind: 'change', event, padding: 0 });
  await pause(seconds * 1000);
  const end = monotonicMs();
  live.service.order({ kind: 'outage', isOn: false });
  await pause(mostMs * 3);
  const { events, closedOthers } = await live.received();
  const delays = (events[event] ?? []).map((at) => at - end);
  const worst = Math.max(...delays);
  return {
    goal: 'G10',
    what: `time after an outage of ${String(seconds)} s until all who follow are up to date`,
    load: `${String(sockets)} sockets on one job`,
    measured: `worst ${String(Math.round(worst))} ms, ${String(delays.length)} of ${String(sockets)} told, ${String(closedOthers)} closed`,
    wanted: `all within ${String(mostMs)} ms, none closed`,
    passed: delays.length === sockets && worst <= mostMs && closedOthers === 0,
    note: 'Every connection to bk-job is cut during the outage.',
  };
}
