import type { Contender } from '../contenders.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Workload } from '../workloads.ts';
import { isSteady } from './steadiness.ts';
import { startServer, type RunningServer, type ServerOptions } from './server.ts';

/** One server under one workload for some seconds. */
export interface Measurement {
  readonly workload: string;
  readonly contender: string;
  readonly round: number;
  /** Requests that were answered with 200. */
  readonly answersPerSecond: number;
  /** Milliseconds, of all requests: where some are turned away, these count with the others. */
  readonly p50: number;
  readonly p99: number;
  readonly cpuMilliseconds: number;
  /** Most memory of the process since it started. */
  readonly peakMebibytes: number;
  readonly upstreamCalls: number;
  /** All other requests. */
  readonly failed: number;
  readonly failedPerSecond: number;
}

/** How often and how long it is measured. */
export interface Plan {
  readonly rounds: number;
  /** After so many rounds all servers are started anew. */
  readonly roundsPerStart: number;
  /** Processor time that a server shall have had at least before it is measured; beyond it goes on until it is steady. */
  readonly leastWarmCpuSeconds: number;
  readonly seconds: number;
  /** The same where requests are few and large. */
  readonly secondsIfFew: number;
}

/**
 * Measures contenders against each other under one workload. In each round each is measured once, in an order that
 * moves on from round to round, so that what the machine does meanwhile meets all alike.
 */
export async function measureRounds(
  workload: Workload,
  contenders: readonly Contender[],
  {
    plan,
    onMeasured,
    onFailed,
    ...options
  }: ServerOptions & {
    readonly plan: Plan;
    readonly onMeasured: (measurement: Measurement) => void;
    /** A contender cannot be measured; the others are. */
    readonly onFailed: (contender: Contender, error: unknown) => void;
  },
): Promise<void> {
  const seconds = workload.connections < 10 ? plan.secondsIfFew : plan.seconds;
  for (let first = 0; first < plan.rounds; first += plan.roundsPerStart) {
    const servers: RunningServer[] = [];
    try {
      for (const contender of contenders) {
        const server = await startServer(contender, options);
        try {
          await server.check(workload);
          await warmUp(server, workload, plan.leastWarmCpuSeconds);
          servers.push(server);
        } catch (error) {
          onFailed(contender, error);
          await server[Symbol.asyncDispose]();
        }
      }
      for (let round = first; round < Math.min(first + plan.roundsPerStart, plan.rounds); round++) {
        for (const index of servers.keys()) {
          const server = servers[(index + round) % servers.length];
          if (server === undefined) continue;
          try {
            onMeasured(await measure(server, { workload, round, upstream: options.upstream }, seconds));
          } catch (error) {
            onFailed(server.contender, error);
          }
        }
      }
    } finally {
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    }
  }
}

/** However slow the machine is at the moment, this ends. */
const mostWarmUps = 14;

/** Code that has run so often is compiled, also where others take the machine: then time alone would not tell. */
function enoughRequests({ connections, jobsPerRequest }: Workload): number {
  return connections < 10 ? 20 : 2000 / jobsPerRequest;
}

/** Much code is compiled later than little, so each server is given load until it becomes no faster by it. */
async function warmUp(server: RunningServer, workload: Workload, leastCpuSeconds: number): Promise<void> {
  const costs: number[] = [];
  let requests = 0;
  while (costs.length < mostWarmUps) {
    const before = server.process.usage().cpuSeconds;
    const load = await server.load(workload, 1);
    const { cpuSeconds } = server.process.usage();
    requests += load.requests;
    costs.push((cpuSeconds - before) / (load.requests + workload.connections / 2));
    if (cpuSeconds >= leastCpuSeconds && requests >= enoughRequests(workload) && isSteady(costs)) return;
  }
}

interface Turn {
  readonly workload: Workload;
  readonly round: number;
  readonly upstream: Upstream;
}

async function measure(server: RunningServer, turn: Turn, seconds: number): Promise<Measurement> {
  const { workload, round, upstream } = turn;
  await server.check(workload);
  const callsBefore = await upstream.calls();
  const { cpuSeconds: before } = server.process.usage();
  const result = await server.load(workload, seconds);
  const { cpuSeconds: after, peakMebibytes } = server.process.usage();
  const calls = (await upstream.calls()) - callsBefore;
  await server.check(workload);
  // What answers less than once on each connection needs longer to be counted.
  if (result.requests < workload.connections && seconds < 20) return measure(server, turn, seconds * 3);
  // When load ends, every connection has a request under way: half done on average, so half of them count.
  const done = result.requests + workload.connections / 2;
  return {
    workload: workload.name,
    contender: server.contender.name,
    round,
    answersPerSecond: (result.requests - result.failed) / result.seconds,
    p50: result.p50,
    p99: result.p99,
    cpuMilliseconds: ((after - before) * 1000) / done,
    peakMebibytes,
    upstreamCalls: calls / done,
    failed: result.failed,
    failedPerSecond: result.failed / result.seconds,
  };
}
