import { setTimeout as pause } from 'node:timers/promises';
import type { Figure, Trial, TrialSize } from './figure.ts';
import { smallJobQueries } from './load/documents.ts';
import { startLoadBench, type LoadBench } from './load/load-bench.ts';
import { describeOutcomes, isGood, samplesOf, voidReason, within, type Sample } from './load/samples.ts';

/**
 * G10: bk-job is killed, is gone for a while, and comes back at the same address, while clients go on asking
 * (`reliability.md` 3). Clients do nothing about it: each asks once.
 */
export const trial: Trial = async ({ size, seed }) => {
  const figures: Figure[] = [];
  for (const seconds of outages[size]) figures.push(...(await outage(seconds, { size, seed })));
  return figures;
};

const outages: Readonly<Record<TrialSize, readonly number[]>> = { ci: [1, 10], long: [1, 10, 60] };

const perSecond = 100;
const before = 3;
const after = 5;

interface Run {
  readonly size: TrialSize;
  readonly seed: number;
}

async function outage(seconds: number, { size, seed }: Run): Promise<readonly Figure[]> {
  await using bench = await startLoadBench({ seed });
  await bench.run({ seed, requests: smallJobQueries, phases: [{ kind: 'open', perSecond, seconds: 2 }] });
  const load = bench.run({
    seed,
    requests: smallJobQueries,
    // A process that starts takes some seconds of its own.
    phases: [{ kind: 'open', perSecond, seconds: before + seconds + 6 + after }],
  });
  const back = await interrupt(bench, seconds);
  const result = await load;
  const samples = samplesOf(result);
  const backAt = back - result.startedAt;
  const answeredAt = ({ scheduled, latency }: Sample): number => scheduled + latency;
  const afterReturn = samples.filter((sample) => isGood(sample) && answeredAt(sample) >= backAt);
  const first = Math.min(...afterReturn.map(answeredAt)) - backAt;
  const whole = wholeAgainAfter(samples, backAt);
  const isLong = size === 'long';
  const down = samples.filter(({ scheduled }) => scheduled > before * 1000 && scheduled < backAt);
  const isVoid = voidReason(result);
  const shared = {
    goal: 'G10',
    load: `${String(perSecond)}/s offered, ${(samples.length / (before + seconds + 6 + after)).toFixed(0)}/s achieved`,
    note: [`while it was away: ${describeOutcomes(down)}`, ...(isVoid === null ? [] : [isVoid])].join('; '),
  };
  const name = `outage of ${String(seconds)} s`;
  return [
    {
      ...shared,
      what: `${name}: from its end to the first good answer`,
      measured: `${first.toFixed(0)} ms`,
      wanted: isLong ? '≤ 1 s' : '≤ 2 s (1 s in the long run)',
      passed: first <= (isLong ? 1000 : 2000) && isVoid === null,
    },
    {
      ...shared,
      what: `${name}: from its end to 95 % good answers, by half seconds`,
      measured: `${whole.toFixed(1)} s`,
      wanted: isLong ? '≤ 2 s' : '≤ 4 s (2 s in the long run)',
      passed: whole <= (isLong ? 2 : 4) && isVoid === null,
    },
  ];
}

async function interrupt(bench: LoadBench, seconds: number): Promise<number> {
  // The generator is a process that has to start, too; when it did, its own times say.
  await pause(before * 1000 + 1000);
  await bench.killUpstream();
  await pause(seconds * 1000);
  return bench.reviveUpstream();
}

/** Seconds after which every half second has 95 % good answers. */
function wholeAgainAfter(samples: readonly Sample[], backAt: number): number {
  const length = 0.5;
  const start = backAt / 1000;
  for (let part = Math.floor(after / length) - 1; part >= 0; part--) {
    const those = within(samples, start + part * length, start + (part + 1) * length);
    if (those.filter(isGood).length < 0.95 * those.length) return (part + 1) * length;
  }
  return 0;
}
