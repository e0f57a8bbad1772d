import type { SimulatedJob } from '../../../src/simulator/index.ts';
import { startRawUpstream } from '../../support/raw-upstream.ts';
import { startTestService, type TestRequest, type TestResponse } from '../../support/start-test-service.ts';
import type { UpstreamFault } from './fault.ts';

/** A service before a bk-job that fails for some of its jobs. */
export interface Scene extends AsyncDisposable {
  query(document: string, request?: TestRequest): Promise<TestResponse>;
  /** Fails for these jobs from now on; for all that there are where the fault cannot tell one from another. */
  begin(fault: UpstreamFault, jobInstanceIds: readonly string[]): void;
  /** Ends all faults. */
  end(): void;
  /** Faults of the service itself. */
  readonly reported: readonly unknown[];
  /** Connections of the service to its bk-job. */
  sockets(): number;
}

/** How long a read may take here, of either kind: long for a slow machine, and waited for by all at once. */
export const timeLimit = 4000;

/** Connections that the service has. */
export const connections = 64;

/** Lets everything in at once: what that comes to is tried elsewhere. */
export const unhurried = {
  BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__CONCURRENCY_LIMIT: '1000',
  BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__PER_IDENTITY_CONCURRENCY: '1000',
  BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__ADAPTIVE__ENABLED: 'off',
  BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__MAX_EVENT_LOOP_LAG: '1m',
};

const environment = {
  NODE_ENV: 'production',
  BKJOB_GQL__UPSTREAM__CONNECT_TIMEOUT: '2s',
  BKJOB_GQL__UPSTREAM__TIMEOUT: `${String(timeLimit)}ms`,
  BKJOB_GQL__UPSTREAM__HOST_DETAIL_TIMEOUT: `${String(timeLimit)}ms`,
  BKJOB_GQL__UPSTREAM__MAX_RESPONSE_BYTES: '64KiB',
  BKJOB_GQL__UPSTREAM__CONNECTIONS: String(connections),
  BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__RETRY__MAX_ATTEMPTS: '2',
  BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__RETRY__BASE: '1ms',
  BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__RETRY__MAX: '1ms',
  BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__RETRY__BUDGET__MIN_PER_SECOND: '1000',
  // One caller meets many faults at once, on a machine that may be slow.
  ...unhurried,
  // Each fault is met for itself: what many of them come to is tried elsewhere.
  BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__CIRCUIT_BREAKER__MIN_IDENTITIES: '1000',
};

/** Before a bk-job of bytes. */
export async function startRawScene(): Promise<Scene> {
  const upstream = await startRawUpstream();
  const service = await startTestService({ upstreamUrl: upstream.url, environment });
  return {
    query: (document, request) => service.query(document, request),
    begin: ({ does }, ids) => {
      if (does.kind === 'answer') upstream.play(ids, does.play);
      if (does.kind === 'accept') upstream.accept(does.play);
    },
    end: () => {
      upstream.clear();
    },
    reported: service.reported,
    sockets: () => upstream.sockets(),
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

/** Before the embedded bk-job. */
export async function startSimulatorScene(): Promise<Scene> {
  const service = await startTestService({ environment });
  return {
    query: (document, request) => service.query(document, request),
    begin: ({ does }, ids) => {
      if (does.kind !== 'simulator') return;
      for (const jobInstanceId of ids) {
        service.simulator.world.addJob(jobOf(jobInstanceId));
        service.simulator.faults.inject({ match: { jobInstanceId }, fault: does.fault });
      }
    },
    end: () => {
      service.simulator.faults.clear();
    },
    reported: service.reported,
    sockets: () => 0,
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

function jobOf(jobInstanceId: string): SimulatedJob {
  const hosts = [{ bkHostId: '101', ip: '192.0.2.1', bkCloudId: '0', statusCode: 9, exitCode: 0 }];
  return {
    scope: { type: 'biz', id: '2' },
    jobInstanceId,
    name: `job ${jobInstanceId}`,
    statusCode: 3,
    operator: 'alice',
    steps: [{ stepInstanceId: '75', name: 'step', statusCode: 3, typeCode: 1, executeCount: 0, hosts }],
  };
}
