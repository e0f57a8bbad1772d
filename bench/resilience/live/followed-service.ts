import { setImmediate as nextTurn } from 'node:timers/promises';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { startService } from '../../../src/service.ts';
import { startSimulator, type SimulatedJob } from '../../../src/simulator/index.ts';
import { monotonicMs } from './monotonic-ms.ts';

/** What a trial tells the process of the service. */
export type ServiceOrder =
  /** The job is another one from now on: `event` stands in its name. */
  | { readonly kind: 'change'; readonly event: number; readonly padding: number }
  /** bk-job cuts every connection, or does so no longer. */
  | { readonly kind: 'outage'; readonly isOn: boolean }
  | { readonly kind: 'measure' }
  | { readonly kind: 'count' }
  | { readonly kind: 'end' };

/** What the process of the service tells. Times are of the machine's clock that never goes back, in milliseconds. */
export type ServiceReport =
  | { readonly kind: 'ready'; readonly url: string }
  /** bk-job has answered with the change for the first time. */
  | { readonly kind: 'read'; readonly event: number; readonly at: number }
  | {
      readonly kind: 'measured';
      readonly rss: number;
      readonly held: number;
      /** Of these, what stands in buffers. */
      readonly buffers: number;
      readonly reads: number;
    }
  /** Connections that are open, and what belongs to them. */
  | { readonly kind: 'counted'; readonly connections: number };

if (process.send !== undefined) await serve((report) => process.send?.(report));

async function serve(report: (report: ServiceReport) => void): Promise<void> {
  const simulator = await startSimulator();
  let reads = 0;
  let told = -1;
  let current = { event: 0, padding: 0, since: Date.now() };
  simulator.world.addJob(() => {
    reads += 1;
    if (current.event !== told) {
      told = current.event;
      report({ kind: 'read', event: told, at: monotonicMs() });
    }
    return jobOf(current);
  });
  const settings = loadSettings(
    {
      BKJOB_GQL__SERVER__PORT: '0',
      BKJOB_GQL__SERVER__MAX_CONNECTIONS: '15000',
      BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3',
      BKJOB_GQL__UPSTREAM__BASE_URL: `${simulator.url}/api/bk-job`,
      BKJOB_GQL__UPSTREAM__APP_CODE: 'demo_app',
      BKJOB_GQL__UPSTREAM__APP_SECRET: 'demo_secret',
      BKJOB_GQL__SUBSCRIPTION__MAX_PER_IDENTITY: '20000',
      BKJOB_GQL__SUBSCRIPTION__MAX_OPENED_SUBSCRIPTIONS: '20000',
      BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0',
      BKJOB_GQL__SUBSCRIPTION__WEBSOCKET__WRITE_STALL_TIMEOUT:
        process.env['TRIAL_WRITE_STALL_TIMEOUT'] ?? '15s',
    },
    () => '',
  );
  const service = await startService(settings, {
    report: (error) => {
      console.error(error);
    },
  });
  process.on('message', (order: ServiceOrder) => {
    if (order.kind === 'change') current = { ...order, since: Date.now() };
    else if (order.kind === 'outage') {
      if (order.isOn) simulator.faults.inject({ fault: { kind: 'reset' } });
      else simulator.faults.clear();
    } else if (order.kind === 'measure') {
      void collect().then(() => {
        const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
        report({ kind: 'measured', rss, held: heapUsed + external, buffers: arrayBuffers, reads });
      });
    } else if (order.kind === 'count') {
      const open = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap');
      report({ kind: 'counted', connections: open.length });
    } else process.exit(0);
  });
  report({ kind: 'ready', url: new URL('/ws', service.graphqlUrl).href.replace('http', 'ws') });
}

/** What only waits to be collected is held by nobody; bytes beside the heap are given back a turn later. */
async function collect(): Promise<void> {
  for (let time = 0; time < 3; time++) {
    await nextTurn();
    global.gc?.();
  }
}

/** Always young, so that it is looked at every second. */
function jobOf({
  event,
  padding,
  since,
}: {
  readonly event: number;
  readonly padding: number;
  readonly since: number;
}): SimulatedJob {
  return {
    scope: { type: 'biz', id: '2' },
    jobInstanceId: '42',
    name: `event ${String(event)} ${'x'.repeat(padding)}`,
    statusCode: 2,
    startTime: since,
    createTime: since,
    operator: 'alice',
    steps: [
      {
        stepInstanceId: '421',
        name: 'step',
        statusCode: 2,
        typeCode: 1,
        executeCount: 0,
        startTime: since,
        hosts: [],
      },
    ],
  };
}
