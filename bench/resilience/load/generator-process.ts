import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createHttpClient, type ClientAnswer, type HttpClient } from './http-client.ts';
import type { LoadPhase, LoadPlan, LoadResult, Outcome } from './plan.ts';
import { createRandom } from '../../../src/simulator/random.ts';

/**
 * The generator, a process of its own. In an open phase requests have their times before the first is sent: a slow
 * answer delays no later request, and each latency counts from the time at which it was to be sent.
 */

/** How long is waited for answers after the last request. */
const patience = 40_000;

/** The delay of a loop is measured with this resolution, which is part of every value. */
const resolution = 1;

process.once('message', (plan: LoadPlan) => {
  void run(plan).then((result) => process.send?.(result, undefined, undefined, () => process.exit(0)));
});

async function run(plan: LoadPlan): Promise<LoadResult> {
  const lag = monitorEventLoopDelay({ resolution });
  const clients = await connectCallers(plan);
  const recorder = createRecorder(plan, clients);
  lag.enable();
  for (const phase of plan.phases) {
    if (phase.kind === 'open') await runOpen(phase, recorder);
    else await runClosed(phase, recorder);
  }
  lag.disable();
  const result = await recorder.finish();
  const toMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolution);
  return { ...result, ownLag: { p99: toMs(lag.percentile(99)), max: toMs(lag.max) } };
}

interface Recorder {
  /** Sends a request that was to be sent at this time. */
  send(scheduled: number, answered?: () => void): void;
  readonly random: () => number;
  finish(): Promise<Omit<LoadResult, 'ownLag'>>;
}

async function runOpen({ perSecond, seconds }: Extract<LoadPhase, { kind: 'open' }>, recorder: Recorder) {
  const start = performance.now();
  const end = start + seconds * 1000;
  // As from many clients who do not know of each other: gaps are distributed exponentially.
  const gap = () => (-Math.log(1 - recorder.random()) * 1000) / perSecond;
  let next = start + gap();
  while (next < end) {
    while (next <= performance.now() && next < end) {
      recorder.send(next);
      next += gap();
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.min(next, end) - performance.now())));
  }
}

function runClosed(
  { atATime, seconds }: Extract<LoadPhase, { kind: 'closed' }>,
  recorder: Recorder,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  return new Promise((resolve) => {
    let underWay = atATime;
    const again = (): void => {
      if (performance.now() < end) recorder.send(performance.now(), again);
      else if (--underWay === 0) resolve();
    };
    for (let one = 0; one < atATime; one++) recorder.send(performance.now(), again);
  });
}

/** A client for each caller. */
async function connectCallers({
  url,
  callers,
  connectionsPerCaller: maxConnections = Infinity,
}: LoadPlan): Promise<readonly HttpClient[]> {
  const { hostname: host, port } = new URL(url);
  const clients = callers.map(() => createHttpClient({ host, port: Number(port), maxConnections }));
  // One after the other: Node accepts one connection in each turn of its event loop, and the system drops the rest.
  if (maxConnections < Infinity) for (const client of clients) await client.openAll();
  return clients;
}

function createRecorder(plan: LoadPlan, clients: readonly HttpClient[]): Recorder {
  const random = createRandom(plan.seed);
  const { hostname, pathname } = new URL(plan.url);
  const choose = createChoice(plan, random);
  const startedAt = performance.timeOrigin + performance.now();
  const start = performance.now();
  const outcomes: Outcome[] = [];
  const rows: { scheduled: number; latency: number; request: number; outcome: number }[] = [];
  let pending = 0;
  let drained: (() => void) | null = null;

  const outcomeIndex = (outcome: Outcome): number => {
    const known = outcomes.indexOf(outcome);
    return known === -1 ? outcomes.push(outcome) - 1 : known;
  };

  function send(scheduled: number, answered?: () => void): void {
    const { index, caller, bytes } = choose(hostname, pathname);
    const row = { scheduled: scheduled - start, latency: Number.NaN, request: index, outcome: 0 };
    rows.push(row);
    pending++;
    clients[caller]?.send(bytes, (answer) => {
      row.latency = performance.now() - scheduled;
      row.outcome = outcomeIndex(outcomeOf(answer));
      pending--;
      answered?.();
      if (pending === 0) drained?.();
    });
  }

  async function finish(): Promise<Omit<LoadResult, 'ownLag'>> {
    const close = (): void => {
      for (const client of clients) client.close();
    };
    const timer = setTimeout(close, patience);
    if (pending > 0) await new Promise<void>((resolve) => (drained = resolve));
    clearTimeout(timer);
    close();
    return {
      startedAt,
      scheduled: rows.map(({ scheduled }) => scheduled),
      latency: rows.map(({ latency }) => latency),
      request: rows.map(({ request }) => request),
      outcome: rows.map(({ outcome }) => outcome),
      outcomes,
    };
  }

  return { send, random, finish };
}

/** Bytes of requests are made once for each request and caller. */
function createChoice({ requests, callers }: LoadPlan, random: () => number) {
  const weights = requests.map(({ weight = 1 }) => weight);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const made = new Map<number, Buffer>();
  return (host: string, path: string) => {
    let left = random() * sum;
    const index = Math.max(
      0,
      weights.findIndex((weight) => (left -= weight) < 0),
    );
    const caller = Math.floor(random() * callers.length);
    const key = index * callers.length + caller;
    let bytes = made.get(key);
    if (bytes === undefined) {
      const { query, variables } = requests[index]!;
      const body = JSON.stringify({ query, variables });
      const head = [
        `POST ${path} HTTP/1.1`,
        `host: ${host}`,
        'content-type: application/json',
        `x-bkapi-authorization: ${JSON.stringify({ bk_token: callers[caller] })}`,
        `content-length: ${String(Buffer.byteLength(body))}`,
      ];
      bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
      made.set(key, bytes);
    }
    return { index, caller, bytes };
  };
}

function outcomeOf(answer: ClientAnswer | null): Outcome {
  if (answer === null) return 'broken';
  if (answer.status !== 200) return `status ${String(answer.status)}`;
  if (!answer.body.includes('"errors":[')) return 'ok';
  return `error ${/"code":"(\w+)"/.exec(answer.body)?.[1] ?? 'without a code'}`;
}
