import { addressesOf, runProgram, type RunningProgram } from '../../test/support/run-program.ts';
import type { Balancer, Replica } from './balancer.ts';

/** The built program as one of several behind a balancer. */
export interface RunningReplica {
  readonly program: RunningProgram;
  readonly replica: Replica;
}

/** Starts one before a bk-job. Resolves when the balancer has found it ready. */
export async function startReplica(
  bkJobUrl: string,
  balancer: Balancer,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningReplica> {
  const program = runProgram({
    environment: {
      NODE_ENV: 'production',
      BKJOB_GQL__TELEMETRY__METRICS__LISTEN: '127.0.0.1:0',
      PORT: '0',
      BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3',
      BKJOB_GQL__UPSTREAM__BASE_URL: `${bkJobUrl}/api/bk-job`,
      BKJOB_GQL__UPSTREAM__APP_CODE: 'demo_app',
      BKJOB_GQL__UPSTREAM__APP_SECRET: 'demo_secret',
      BKJOB_GQL__LOG__LEVEL: 'error',
      ...environment,
    },
  });
  const { graphqlUrl } = await addressesOf(program);
  const { hostname, port } = new URL(graphqlUrl);
  const readyUrl = new URL('/health?ready', graphqlUrl).href;
  const replica = { host: hostname, port: Number(port), readyUrl };
  await balancer.add(replica);
  return { program, replica };
}
