import { mediumJob } from './load/documents.ts';
import { startLoadBench, type LoadBench } from './load/load-bench.ts';
import type { PlannedRequest } from './load/plan.ts';
import { isGood, isShed, samplesOf, type Sample } from './load/samples.ts';

/** What a service does that is kept busy. */
export interface KeptBusy {
  /** Of what is counted. */
  readonly perSecond: number;
  /** CPU of one, microseconds. */
  readonly cost: number;
}

/** Requests of many callers, and which of the answers are counted. */
export interface BusyLoad {
  readonly seed: number;
  readonly requests: readonly PlannedRequest[];
  readonly counts: (sample: Sample) => boolean;
  readonly atATime?: number;
}

/** So many requests at a time keep it busy, and no busier. */
const enough = 32;
/** So many are there at a time where most are turned away. */
const crowd = 300;
/** Seconds, and as many before, in which it compiles what it runs. */
const length = 3;

/** Keeps a service busy for some seconds. */
export async function keepBusy(
  bench: LoadBench,
  { seed, requests, counts, atATime = enough }: BusyLoad,
): Promise<KeptBusy> {
  const before = bench.cpuSeconds();
  const result = await bench.run({ seed, requests, phases: [{ kind: 'closed', atATime, seconds: length }] });
  const count = samplesOf(result).filter(counts).length;
  return { perSecond: count / length, cost: ((bench.cpuSeconds() - before) * 1e6) / count };
}

/** Starts a service, and keeps it busy until it has compiled what answers these. */
export async function startWarmBench(
  load: Omit<BusyLoad, 'counts'>,
  environment: Readonly<Record<string, string>>,
): Promise<LoadBench> {
  const bench = await startLoadBench({ seed: load.seed, environment, bigJob: mediumJob });
  await keepBusy(bench, { ...load, counts: isGood });
  return bench;
}

/** CPU of turning one request away, microseconds: of a service that lets one in at a time, and has nobody wait. */
export async function costOfRefusal(
  load: Omit<BusyLoad, 'counts'>,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  await using bench = await startWarmBench(load, {
    ...environment,
    BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__CONCURRENCY_LIMIT: '1',
    BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__QUEUE__MAX: '0',
  });
  const refused = { ...load, counts: isShed, atATime: crowd };
  await keepBusy(bench, refused);
  return (await keepBusy(bench, refused)).cost;
}
