import type { Figure, Trial, TrialSize } from './figure.ts';
import { costOfRefusal, keepBusy, startWarmBench } from './kept-busy.ts';
import { dashboardQueries, smallJobQueries } from './load/documents.ts';
import type { LoadBench } from './load/load-bench.ts';
import type { PlannedRequest } from './load/plan.ts';
import {
  describeLatencies,
  describeOutcomes,
  isGood,
  isShed,
  latenciesOf,
  ms,
  samplesOf,
  voidReason,
  within,
  type Sample,
} from './load/samples.ts';

/**
 * G8: three times as much as it can carry, from many callers (`reliability.md` 3). What it can carry is found by as many
 * at a time as keep it busy, before each round and after it: a machine that others use, too, may be half as fast within
 * seconds. A round is a quiet phase, the overload, and a quiet phase again, and there are several: a service that does
 * not come back by itself would show. Once with what a dashboard asks, and once with nothing but the smallest query:
 * there most are turned away, and to turn one away takes a fifth of what to answer it would.
 */
export const trial: Trial = async ({ size, seed }) => {
  const figures: Figure[] = [];
  const refusal = await costOfRefusal({ seed, requests: smallJobQueries }, environment);
  for (const mix of mixes) {
    const load = { seed, requests: mix.requests, counts: isGood };
    await using bench = await startWarmBench(load, environment);
    const partWithoutCore = watchCore(bench);
    let before = await keepBusy(bench, load);
    const rounds: Round[] = [];
    for (let round = 0; round < roundsOf[size]; round++) {
      const offered = before.perSecond * timesTooMuch;
      const ran = await overload(bench, { mix, offered, seed: seed + round, seconds: seconds[size] });
      const after = await keepBusy(bench, load);
      const capacity = (before.perSecond + after.perSecond) / 2;
      rounds.push({ ...ran, capacity, answer: (before.cost + after.cost) / 2 });
      before = after;
    }
    figures.push(
      ...figuresOf({ mix, rounds, refusal, size, withoutCore: partWithoutCore(), isAlive: bench.isAlive() }),
    );
  }
  return figures;
};

interface Mix {
  readonly name: string;
  readonly requests: readonly PlannedRequest[];
}

const mixes: readonly Mix[] = [
  { name: 'what a dashboard asks', requests: dashboardQueries },
  { name: 'nothing but the smallest query', requests: smallJobQueries },
];

/** Lines of the log are a part of what requests take. */
const environment = { BKJOB_GQL__LOG__LEVEL: 'info' };

const roundsOf: Readonly<Record<TrialSize, number>> = { ci: 2, long: 10 };
const seconds: Readonly<Record<TrialSize, number>> = { ci: 6, long: 60 };

const timesTooMuch = 3;
/** Of what is too much, in the quiet phases. */
const quietShare = 0.1;
const quietSeconds = 3;
const afterSeconds = 6;

/** As many connections as browsers have to one host: two hundred callers have some more than a thousand. */
const connectionsPerCaller = 6;

/** Tells for which part of the time since then something else had the core of the service. */
function watchCore(bench: LoadBench): () => number {
  const at = performance.now();
  const waited = bench.waitedForCore();
  return () => (bench.waitedForCore() - waited) / (performance.now() - at);
}

interface Round extends Overloaded {
  /** Good answers a second when it is kept busy, the mean of before and after. */
  readonly capacity: number;
  /** CPU of one of them, microseconds. */
  readonly answer: number;
}

interface Overloaded {
  readonly offered: number;
  readonly achieved: number;
  readonly goodput: number;
  readonly quiet: readonly Sample[];
  readonly admitted: readonly Sample[];
  readonly shed: readonly Sample[];
  readonly others: readonly Sample[];
  /** Seconds from the end of the overload to the last second whose p99 was not quiet again. */
  readonly recovery: number;
  readonly void: string | null;
}

interface Overload {
  readonly mix: Mix;
  /** Requests a second. */
  readonly offered: number;
  readonly seed: number;
  readonly seconds: number;
}

async function overload(bench: LoadBench, load: Overload): Promise<Overloaded> {
  const { mix, offered, seed, seconds: length } = load;
  const quiet = { kind: 'open', perSecond: offered * quietShare, seconds: quietSeconds } as const;
  const result = await bench.run({
    seed,
    requests: mix.requests,
    connectionsPerCaller,
    phases: [
      quiet,
      { kind: 'open', perSecond: offered, seconds: length },
      { ...quiet, seconds: afterSeconds },
    ],
  });
  const samples = samplesOf(result);
  const end = quietSeconds + length;
  const before = within(samples, 1, quietSeconds);
  const during = within(samples, quietSeconds, end);
  return {
    offered,
    achieved: during.length / length,
    goodput: during.filter(isGood).length / length,
    quiet: before,
    admitted: during.filter(isGood),
    shed: during.filter(isShed),
    others: samples.filter((sample) => !isGood(sample) && !isShed(sample)),
    recovery: recoveryOf(samples, { end, quietP99: latenciesOf(before).at(99) }),
    void: voidReason(result),
  };
}

function recoveryOf(
  samples: readonly Sample[],
  { end, quietP99 }: { readonly end: number; readonly quietP99: number },
): number {
  for (let second = afterSeconds - 1; second >= 0; second--) {
    const those = within(samples, end + second, end + second + 1);
    if (!those.every(isGood) || latenciesOf(those).at(99) > 2 * quietP99) return second + 1;
  }
  return 0;
}

interface Measured {
  readonly mix: Mix;
  readonly rounds: readonly Round[];
  /** CPU of turning one request away, microseconds. */
  readonly refusal: number;
  /** Part of the time in which the service had no core. */
  readonly withoutCore: number;
  readonly size: TrialSize;
  readonly isAlive: boolean;
}

function figuresOf({ mix, rounds, refusal, withoutCore, size, isAlive }: Measured): readonly Figure[] {
  const isLong = size === 'long';
  const worst = (of: (round: Round) => number): number => Math.max(...rounds.map(of));
  const p99 = (samples: readonly Sample[]): number => latenciesOf(samples).at(99);
  const shares = rounds.map(({ goodput, capacity }) => goodput / capacity);
  const share = Math.min(...shares);
  const mean = shares.reduce((sum, one) => sum + one, 0) / shares.length;
  const wantedShare = isLong ? 0.9 : 0.7;
  // A round in which nobody was turned away has turned nobody away late.
  const shedP99 = worst(({ shed }) => (shed.length === 0 ? 0 : p99(shed)));
  const factor = worst(({ admitted, quiet }) => p99(admitted) / p99(quiet));
  const recovery = worst(({ recovery: taken }) => taken);
  const all = rounds.flatMap(({ admitted, shed, others }) => [...admitted, ...shed, ...others]);
  const isVoid = rounds.map((round) => round.void).find((reason) => reason !== null) ?? null;
  const [first] = rounds;
  const load = `${range(rounds.map(({ offered }) => offered))} offered, ${range(rounds.map(({ achieved }) => achieved))} achieved, ${String(rounds.length)} times`;
  const cores = `something else had its core for ${percent(withoutCore)} of the time`;
  const capacity = `capacity ${range(rounds.map((round) => round.capacity))}`;
  const costs = `an answer takes ${microseconds(rounds.map(({ answer }) => answer))} of CPU, a refusal ${microseconds([refusal])}`;
  const note = [capacity, costs, cores, ...(isVoid === null ? [] : [isVoid])].join('; ');
  const figure = (what: string, measured: string, wanted: string, passed: boolean): Figure => ({
    goal: 'G8',
    what: `overload by ${mix.name}: ${what}`,
    load,
    measured,
    wanted,
    passed: passed && isVoid === null,
    note,
  });
  return [
    figure(
      'good answers, as a part of what can be carried, worst round',
      `${percent(share)}, in the mean ${percent(mean)}; ${describeOutcomes(all)}`,
      `≥ ${percent(wantedShare)}, and it runs on`,
      share >= wantedShare && isAlive,
    ),
    figure(
      'time until a request is turned away, p99 of the worst round',
      `${ms(shedP99)} (${describeLatencies(rounds.flatMap(({ shed }) => shed))})`,
      isLong ? '≤ 10 ms' : '≤ 50 ms (10 ms in the long run)',
      shedP99 <= (isLong ? 10 : 50),
    ),
    figure(
      'p99 of those let in, against quiet, worst round',
      `${factor.toFixed(1)} times ${ms(p99(first?.quiet ?? []))} (${describeLatencies(rounds.flatMap(({ admitted }) => admitted))})`,
      isLong ? '≤ 3 times' : '≤ 10 times (3 in the long run)',
      factor <= (isLong ? 3 : 10),
    ),
    figure(
      'seconds after it until everything is answered and p99 is within twice the quiet one, worst round',
      `${String(recovery)} s`,
      '≤ 5 s',
      recovery <= 5,
    ),
  ];
}

function microseconds(costs: readonly number[]): string {
  return `${(costs.reduce((sum, cost) => sum + cost, 0) / costs.length).toFixed(0)} µs`;
}

function range(perSecond: readonly number[]): string {
  const [least = '', most = ''] = [Math.min(...perSecond), Math.max(...perSecond)].map((rate) =>
    rate.toFixed(0),
  );
  return `${least === most ? least : `${least} to ${most}`}/s`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
