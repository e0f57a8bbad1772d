import { startSimulator } from '../../src/simulator/index.ts';
import type { Target } from '../../test/resilience/hostile/exchange.ts';
import { hostileInputs } from '../../test/resilience/hostile/all-inputs.ts';
import { allowedOrigin } from '../../test/resilience/hostile/heads.ts';
import { faultOf, keptFor, send, type HostileInput } from '../../test/resilience/hostile/input.ts';
import { tryDocuments } from '../../test/support/fuzz/try-documents.ts';
import type { Figure, Trial, TrialSize } from './figure.ts';
import { startWatchedService, type Sight } from './watched-service.ts';

/** G2: what no client should send costs nobody else anything, however often it is sent (`reliability.md` 3). */
export const trial: Trial = async ({ size, seed }) => [
  ...(await repeatHostileInputs(size)),
  ...(await fuzz(size, seed)),
];

/** How often each input is sent. */
const repeats: Readonly<Record<TrialSize, number>> = { ci: 6, long: 300 };
const documents: Readonly<Record<TrialSize, number>> = { ci: 20_000, long: 1_000_000 };

const longestStall = 50;
const mebibyte = 1024 ** 2;

async function repeatHostileInputs(size: TrialSize): Promise<readonly Figure[]> {
  const inputs = hostileInputs().filter(({ slow, setup }) => !slow && setup === 'production');
  await using bkJob = await startSimulator();
  await using service = await startWatchedService({
    NODE_ENV: 'production',
    BKJOB_GQL__SERVER__ALLOWED_ORIGINS: allowedOrigin,
    BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3',
    BKJOB_GQL__UPSTREAM__BASE_URL: `${bkJob.url}/api/bk-job`,
    BKJOB_GQL__UPSTREAM__APP_CODE: 'demo_app',
    BKJOB_GQL__UPSTREAM__APP_SECRET: 'demo_secret',
    BKJOB_GQL__TELEMETRY__METRICS__LISTEN: '127.0.0.1:0',
  });
  const { hostname, port, pathname } = new URL(service.graphqlUrl);
  const target: Target = { host: hostname, port: Number(port), path: pathname };
  const sent: Sent = { faults: new Set(), times: [] };
  for (let warmUp = 0; warmUp < 3; warmUp += 1) await sendAll(inputs, target, sent);
  const before = await service.look();
  const start = performance.now();
  for (let round = 0; round < repeats[size]; round += 1) await sendAll(inputs, target, sent);
  const seconds = (performance.now() - start) / 1000;
  const after = await service.look();
  const kept = keptFor(await (await fetch(service.metricsUrl)).text());
  const count = inputs.length * repeats[size];
  const load = `${format(inputs.length)} inputs, each ${String(repeats[size])} times, ${format(count / seconds)}/s`;
  return toFigures({ before, after, kept, count, load, sent });
}

/** What was sent, and what was not answered as it should be. */
interface Sent {
  readonly faults: Set<string>;
  /** When the answer to each was there, in turn; milliseconds since 1970. */
  readonly times: { readonly name: string; readonly until: number }[];
}

/** The input that was being answered then. */
function inputAt({ times }: Sent, at: number): string {
  return times.find(({ until }) => until >= at)?.name ?? 'what came last';
}

/** One after the other: what is measured is what each does, not what all do together. */
async function sendAll(
  inputs: readonly HostileInput[],
  target: Target,
  { faults, times }: Sent,
): Promise<void> {
  for (const input of inputs) {
    const fault = faultOf(input, await send(input, target));
    if (fault !== null) faults.add(`${input.name}: ${fault}`);
    times.push({ name: input.name, until: Date.now() });
  }
}

interface Repeated {
  readonly before: Sight;
  readonly after: Sight;
  /** Metrics of what is kept for clients after the last is gone. */
  readonly kept: readonly string[];
  readonly count: number;
  readonly load: string;
  readonly sent: Sent;
}

function toFigures({ before, after, kept, count, load, sent }: Repeated): readonly Figure[] {
  const { faults } = sent;
  const { outside } = after;
  const retained = ((after.heap - before.heap) / count) * 1000;
  const shared = { goal: 'G2', load };
  return [
    {
      ...shared,
      what: 'hostile inputs that were not answered as they should be',
      measured: faults.size === 0 ? '0' : [...faults].slice(0, 3).join('; '),
      wanted: '0',
      passed: faults.size === 0,
      note: 'One setup, production; inputs that take the time of a limit, and those for other setups, are with the tests.',
    },
    {
      ...shared,
      what: 'longest work in one turn of the event loop while they are answered',
      measured: `${after.mostWorked.toFixed(0)} ms, ${inputAt(sent, after.mostWorkedAt)}`,
      wanted: `at most ${String(longestStall)} ms`,
      passed: after.mostWorked <= longestStall,
      note: 'Time of processors, of all threads of the process: garbage is collected in it, and a busy machine is not.',
    },
    {
      ...shared,
      what: 'longest wait of somebody else meanwhile, from outside',
      measured: `${outside.waited.toFixed(0)} ms, ${inputAt(sent, outside.at)}`,
      wanted: `at most ${String(longestStall)} ms`,
      passed: outside.waited <= longestStall,
      note: `Beyond what the service and who waits were ready to run and had no core. By the clock the longest was ${outside.byTheClock.toFixed(0)} ms, and the longest turn ${after.longestTurn.toFixed(0)} ms.`,
    },
    {
      ...shared,
      what: 'operations, streams and readers of jobs that are left when their clients are gone',
      measured: kept.length === 0 ? '0' : kept.join('; '),
      wanted: '0',
      passed: kept.length === 0,
      note: null,
    },
    {
      ...shared,
      what: 'heap retained per 1,000 hostile inputs',
      measured: `${(retained / mebibyte).toFixed(2)} MiB`,
      wanted: 'at most 1 MiB',
      passed: retained <= mebibyte,
      note: `${format(before.heap / mebibyte)} MiB before, ${format(after.heap / mebibyte)} MiB after.`,
    },
  ];
}

/** Documents in which a fresh process is still being compiled; what they take is told and not judged. */
const warmUpDocuments = 500;

async function fuzz(size: TrialSize, seed: number): Promise<readonly Figure[]> {
  Error.stackTraceLimit = 0;
  const start = performance.now();
  const { crashes, stalls, ran, documents: count } = await tryDocuments(documents[size], seed);
  const perSecond = count / ((performance.now() - start) / 1000);
  const judged = stalls.filter(({ at }) => at > warmUpDocuments);
  // Threads work beside each other: the event loop is not held longer than by the clock, nor by more than was worked.
  const most = Math.max(0, ...judged.map(({ worked, wall }) => Math.min(worked, wall)));
  const cold = stalls.find(({ at }) => at <= warmUpDocuments)?.worked ?? 0;
  const load = `${format(count)} documents, ${format(perSecond)}/s, ${format((ran / count) * 100)} % of them run`;
  return [
    {
      goal: 'G2',
      what: 'documents made at random that were a fault of the service',
      load,
      measured: crashes.length === 0 ? '0' : crashes.slice(0, 2).join('; '),
      wanted: '0',
      passed: crashes.length === 0,
      note: null,
    },
    {
      goal: 'G2',
      what: 'longest work on one of them',
      load,
      measured: most === 0 ? 'below 25 ms' : `${most.toFixed(0)} ms`,
      wanted: `at most ${String(longestStall)} ms`,
      passed: most <= longestStall,
      note: `${format(judged.filter(({ wall }) => wall > longestStall).length)} took longer by the clock. Among the first ${String(warmUpDocuments)}, not judged: ${cold.toFixed(0)} ms.`,
    },
  ];
}

function format(number: number): string {
  return Math.round(number).toLocaleString('en');
}
