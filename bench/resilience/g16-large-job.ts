import type { Figure, Trial, TrialSize } from './figure.ts';
import { measureFloods, type FloodMeasured } from './large-job-floods.ts';
import { measurePages, type LargeJob, type PagesMeasured } from './large-job-pages.ts';
import { startLoadBench, type LoadBench, type ServiceProbe } from './load/load-bench.ts';
import type { PlannedRequest } from './load/plan.ts';
import {
  describeLatencies,
  describeOutcomes,
  isGood,
  latenciesOf,
  ms,
  samplesOf,
  type Sample,
} from './load/samples.ts';

/**
 * G16: a job on 50,000 hosts, of which bk-job sends all at once or none (`reliability.md` 2.4). Each kind of operation
 * again and again, one at a time; then twenty viewers of one caller at once; then pages, in a service that keeps what a
 * caller read for a second; then one caller who floods it with what graphql-js has to answer. The delay of the event loop is the service's own, collections of garbage included.
 */
export const trial: Trial = async ({ size, seed }) => {
  const measured = await measureOperations(size, seed);
  const pages = await measurePages(largeJob, { seed, seconds: seconds[size] });
  const floods = await measureFloods(largeJob, { seed, seconds: secondsOfFloods[size] });
  return [...figuresOf(measured), ...figuresOfPages(size, pages), ...figuresOfFloods(floods)];
};

async function measureOperations(size: TrialSize, seed: number): Promise<Measured> {
  await using bench = await startLoadBench({ seed, bigJob: largeJob });
  const requests = Object.values(operations);
  await bench.run({ seed, requests, phases: [{ kind: 'closed', atATime: 1, seconds: 4 }] });
  const idle = await bench.probe();
  const alone = new Map<string, Operation>();
  for (const [name, request] of Object.entries(operations)) {
    alone.set(name, await measure(bench, { request, seed, seconds: seconds[size] }));
  }
  await bench.takeCalls();
  const viewers = await watch(bench, seed);
  return { size, idle, alone, viewers };
}

const job = '60000000001';
const largeJob: LargeJob = { jobInstanceId: job, hosts: 50_000 };
const seconds: Readonly<Record<TrialSize, number>> = { ci: 4, long: 60 };
const secondsOfFloods: Readonly<Record<TrialSize, number>> = { ci: 4, long: 60 };
const viewerCount = 20;
const mebibyte = 2 ** 20;

const ofJob = (selection: string): PlannedRequest => ({
  query: `query Large($job: ID!) { jobInstance(scope: { bkBizId: "2" }, jobInstanceId: $job) { name phase ${selection} } }`,
  variables: { job },
});

const operations = {
  summary: ofJob('ipResultSummary { total succeeded failed stopped availability }'),
  groups: ofJob(
    'ipResultGroups(by: [STATUS, EXIT_CODE]) { count status exitCode ipResults(limit: 5) { ip } }',
  ),
  page: ofJob(
    'ipResultConnection(first: 500) { totalCount edges { node { ip status exitCode } } pageInfo { endCursor } }',
  ),
  'filtered list': ofJob('ipResults(phase: FAILED) { ip status exitCode tag }'),
} as const;

interface Operation {
  readonly samples: readonly Sample[];
  readonly probe: ServiceProbe;
}

async function measure(
  bench: LoadBench,
  asked: { readonly request: PlannedRequest; readonly seed: number; readonly seconds: number },
): Promise<Operation> {
  await bench.probe();
  const result = await bench.run({
    seed: asked.seed,
    requests: [asked.request],
    phases: [{ kind: 'closed', atATime: 1, seconds: asked.seconds }],
  });
  return { samples: samplesOf(result), probe: await bench.probe() };
}

interface Viewers extends Operation {
  readonly upstreamReads: number;
}

/** All at once, in one burst. */
async function watch(bench: LoadBench, seed: number): Promise<Viewers> {
  await bench.probe();
  const [caller = ''] = bench.callers;
  const result = await bench.run({
    seed,
    callers: [caller],
    requests: [operations.summary],
    phases: [{ kind: 'closed', atATime: viewerCount, seconds: 0 }],
  });
  return { samples: samplesOf(result), probe: await bench.probe(), upstreamReads: await bench.takeCalls() };
}

interface Measured {
  readonly size: TrialSize;
  readonly idle: ServiceProbe;
  readonly alone: ReadonlyMap<string, Operation>;
  readonly viewers: Viewers;
}

/** Goals of the long run; a landing is held to the delay alone. */
const goals: Readonly<Record<string, number>> = { summary: 300 };
const goalOfPages = 20;

function figuresOf({ size, idle, alone, viewers }: Measured): readonly Figure[] {
  const isLong = size === 'long';
  const shared = { goal: 'G16', note: null };
  const operationFigures = [...alone].flatMap(([name, { samples, probe }]): readonly Figure[] => {
    const goal = goals[name];
    const median = latenciesOf(samples).at(50);
    const load = `one at a time, ${String(samples.length)} times`;
    const delay = isLong ? probe.loopDelay.max : probe.loopDelay.p999;
    return [
      {
        ...shared,
        what: `50,000 hosts, ${name}: median, and the slowest`,
        load,
        measured: `${ms(median)}, ${ms(latenciesOf(samples).at(100))}`,
        wanted:
          goal === undefined
            ? 'no goal of its own'
            : `≤ ${String(goal)} ms${isLong ? '' : ' in the long run'}`,
        passed: samples.every(isGood) && (!isLong || goal === undefined || median <= goal),
      },
      {
        ...shared,
        what: `50,000 hosts, ${name}: delay of the event loop`,
        load,
        measured: `p99.9 ${ms(probe.loopDelay.p999)}, max ${ms(probe.loopDelay.max)}`,
        wanted: isLong ? 'max ≤ 50 ms' : 'p99.9 ≤ 100 ms',
        passed: delay <= (isLong ? 50 : 100),
      },
    ];
  });
  const grown = (viewers.probe.rss - idle.rss) / mebibyte;
  const held =
    (viewers.probe.heapUsed + viewers.probe.arrayBuffers - idle.heapUsed - idle.arrayBuffers) / mebibyte;
  const load = `${String(viewerCount)} at once, one caller`;
  return [
    ...operationFigures,
    {
      ...shared,
      what: '50,000 hosts, twenty viewers: reads of bk-job',
      load,
      measured: `${String(viewers.upstreamReads)}; ${describeOutcomes(viewers.samples)}`,
      wanted: '1',
      passed: viewers.upstreamReads === 1 && viewers.samples.every(isGood),
    },
    {
      ...shared,
      what: '50,000 hosts, twenty viewers: the slowest answer, and the delay of the event loop',
      load,
      measured: `${ms(latenciesOf(viewers.samples).at(100))}, max ${ms(viewers.probe.loopDelay.max)}`,
      wanted: isLong ? 'max ≤ 50 ms' : 'max ≤ 200 ms (50 ms in the long run)',
      passed: viewers.probe.loopDelay.max <= (isLong ? 50 : 200),
    },
    {
      ...shared,
      what: '50,000 hosts: memory after all of it, garbage collected, against before',
      load: null,
      measured: `${held.toFixed(1)} MiB held, resident ${grown >= 0 ? '+' : ''}${grown.toFixed(0)} MiB`,
      wanted: '≤ 60 MiB held',
      passed: held <= 60,
    },
  ];
}

/** The goal of a page is one of pages that need not be read: bk-job sends 8 MB for it, whatever is asked of them. */
function figuresOfPages(
  size: TrialSize,
  { samples, probe, upstreamReads, held }: PagesMeasured,
): readonly Figure[] {
  const isLong = size === 'long';
  const latencies = latenciesOf(samples);
  const shared = {
    goal: 'G16',
    note: null,
    load: `one at a time, ${String(samples.length)} times; what was read is kept for 1 s`,
  };
  return [
    {
      ...shared,
      what: '50,000 hosts, pages of one caller: median, and the slowest',
      measured: `${ms(latencies.at(50))}, ${ms(latencies.at(100))}; ${String(upstreamReads)} reads of bk-job`,
      wanted: `≤ ${String(goalOfPages)} ms${isLong ? '' : ' in the long run'}`,
      passed: samples.every(isGood) && (!isLong || latencies.at(50) <= goalOfPages),
    },
    {
      ...shared,
      what: '50,000 hosts, pages of one caller: delay of the event loop',
      measured: `p99.9 ${ms(probe.loopDelay.p999)}, max ${ms(probe.loopDelay.max)}`,
      wanted: isLong ? 'max ≤ 50 ms' : 'p99.9 ≤ 100 ms',
      passed: isLong ? probe.loopDelay.max <= 50 : probe.loopDelay.p999 <= 100,
    },
    {
      ...shared,
      what: '50,000 hosts, pages of one caller: memory, garbage collected, against before',
      measured: `${(held / mebibyte).toFixed(1)} MiB held`,
      wanted: '≤ 60 MiB held',
      passed: held <= 60 * mebibyte,
    },
  ];
}

/**
 * Others wait for nobody's hosts, and each of them is answered. The delay may be longer than elsewhere: graphql-js goes
 * through a list at once, and makes a promise for each of 50,000 hosts.
 */
function figuresOfFloods(floods: readonly FloodMeasured[]): readonly Figure[] {
  const shared = { goal: 'G16', note: null };
  return floods.flatMap(({ what, flood, others, probe }): readonly Figure[] => {
    const load = `24 at a time of one caller, ${String(flood.length)} times; 40 a second of others`;
    return [
      {
        ...shared,
        what: `50,000 hosts, ${what}: what others wait for plain answers`,
        load,
        measured: `${describeLatencies(others)}; ${describeOutcomes(others)}; the caller: ${describeOutcomes(flood)}`,
        wanted: 'p99 ≤ 250 ms, all answered',
        passed: others.every(isGood) && latenciesOf(others).at(99) <= 250,
      },
      {
        ...shared,
        what: `50,000 hosts, ${what}: delay of the event loop, memory at the end`,
        load,
        measured: `p99.9 ${ms(probe.loopDelay.p999)}, max ${ms(probe.loopDelay.max)}; ${(probe.rss / mebibyte).toFixed(0)} MiB`,
        wanted: 'p99.9 ≤ 150 ms, 512 MiB',
        passed: probe.loopDelay.p999 <= 150 && probe.rss <= 512 * mebibyte,
      },
    ];
  });
}
