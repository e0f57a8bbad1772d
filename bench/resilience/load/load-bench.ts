import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FaultInjection } from '../../../src/simulator/index.ts';
import { freePort, onCore, startProcess, type StartedProcess } from '../../measure/processes.ts';
import { waitedForCore } from '../core-wait.ts';
import type { LoadPlan, LoadResult } from './plan.ts';
import type { SimulatorOrder, SimulatorStarted } from './simulator-process.ts';

/** What is measured, and with what. */
export interface LoadBenchOptions {
  readonly seed: number;
  /** Further settings of the service, in the words of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly callers?: number;
  readonly bigJob?: SimulatorOrder['bigJob'];
}

/** What the service says of itself. */
export interface ServiceProbe {
  readonly loopDelay: { readonly p99: number; readonly p999: number; readonly max: number };
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
}

/** The service as it is built, on a core of its own where there are two; bk-job and what makes the load on the other. */
export interface LoadBench extends AsyncDisposable {
  readonly graphqlUrl: string;
  readonly simulatorUrl: string;
  /** Names of callers that bk-job knows and lets see everything. */
  readonly callers: readonly string[];
  /** Makes load from a process of its own, with callers and address put in. */
  run(
    plan: Omit<LoadPlan, 'url' | 'callers'> & { readonly callers?: readonly string[] },
  ): Promise<LoadResult>;
  /** Collects garbage in the service, and tells what has been since this was last called. */
  probe(): Promise<ServiceProbe>;
  injectFaults(faults: readonly FaultInjection[]): Promise<void>;
  clearFaults(): Promise<void>;
  /** How often bk-job has been asked since this was last called. */
  takeCalls(): Promise<number>;
  /** Ends bk-job at once, all its connections cut. */
  killUpstream(): Promise<void>;
  /** Starts it again at the same address; resolves with the time at which it listened, in milliseconds since 1970. */
  reviveUpstream(): Promise<number>;
  /** Milliseconds for which the service has been ready to run, and something else had its core. */
  waitedForCore(): number;
  /** User and system time of the service, of all its threads. */
  cpuSeconds(): number;
  /** Whether the service still runs. */
  isAlive(): boolean;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const typescript = (path: string): readonly string[] =>
  onCore(1, [process.execPath, '--import', 'tsx', here(path)]);

/** Starts a service as built and a bk-job of its own. */
export async function startLoadBench(options: LoadBenchOptions): Promise<LoadBench> {
  const callers = Array.from({ length: options.callers ?? 200 }, (_, index) => `caller-${String(index)}`);
  const order: SimulatorOrder = {
    port: await freePort(),
    seed: options.seed,
    users: callers,
    bigJob: options.bigJob ?? null,
    faults: [],
  };
  let simulator = await startSimulatorProcess(order);
  const service = await startService(simulator.url, options.environment ?? {});
  const control = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`${simulator.url}${path}`, init);

  return {
    graphqlUrl: service.graphqlUrl,
    simulatorUrl: simulator.url,
    callers,
    run: (plan) => runGenerator({ callers, ...plan, url: service.graphqlUrl }),
    probe: async () => {
      service.process.child.send({});
      const [answer] = (await once(service.process.child, 'message')) as [ServiceProbe];
      return answer;
    },
    injectFaults: async (faults) => {
      for (const fault of faults) {
        const response = await control('/simulator/faults', { method: 'POST', body: JSON.stringify(fault) });
        if (!response.ok) throw new Error(await response.text());
      }
    },
    clearFaults: async () => {
      await control('/simulator/faults', { method: 'DELETE' });
    },
    takeCalls: async () => {
      const calls = (await (await control('/simulator/calls')).json()) as readonly unknown[];
      await control('/simulator/calls', { method: 'DELETE' });
      return calls.length;
    },
    killUpstream: () => simulator.process.end(),
    reviveUpstream: async () => {
      simulator = await startSimulatorProcess(order);
      return simulator.at;
    },
    waitedForCore: () => waitedForCore(service.process.child.pid ?? 0),
    cpuSeconds: () => service.process.usage().cpuSeconds,
    isAlive: () => !service.process.hasEnded(),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([service.process.end(), simulator.process.end()]);
    },
  };
}

async function startSimulatorProcess(
  order: SimulatorOrder,
): Promise<SimulatorStarted & { readonly process: StartedProcess }> {
  const process = startProcess(typescript('simulator-process.ts'), { ipc: true });
  process.child.send(order);
  const [started] = (await once(process.child, 'message')) as [SimulatorStarted];
  return { ...started, process };
}

async function startService(
  simulatorUrl: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly graphqlUrl: string; readonly process: StartedProcess }> {
  const port = await freePort();
  const node = [
    process.execPath,
    '--expose-gc',
    '--import',
    here('service-probe.js'),
    here('../../../dist/main.js'),
  ];
  const started = startProcess(onCore(0, node), {
    ipc: true,
    environment: {
      NODE_ENV: 'production',
      BKJOB_GQL__SERVER__PORT: String(port),
      BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3',
      BKJOB_GQL__UPSTREAM__BASE_URL: `${simulatorUrl}/api/bk-job`,
      BKJOB_GQL__UPSTREAM__APP_CODE: 'demo_app',
      BKJOB_GQL__UPSTREAM__APP_SECRET: 'demo_secret',
      BKJOB_GQL__TELEMETRY__METRICS__LISTEN: 'off',
      BKJOB_GQL__LOG__LEVEL: 'error',
      ...environment,
    },
  });
  const origin = `http://127.0.0.1:${String(port)}`;
  while (!(await answers(`${origin}/health`))) {
    if (started.hasEnded()) throw new Error('The service ended before it listened.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { graphqlUrl: `${origin}/graphql`, process: started };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function runGenerator(plan: LoadPlan): Promise<LoadResult> {
  const generator = startProcess(typescript('generator-process.ts'), { ipc: true });
  try {
    generator.child.send(plan);
    const [result] = (await once(generator.child, 'message')) as [LoadResult];
    return result;
  } finally {
    await generator.end();
  }
}
