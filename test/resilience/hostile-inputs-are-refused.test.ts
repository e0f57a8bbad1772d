import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/eventually.ts';
import { startTestService, type TestService } from '../support/start-test-service.ts';
import { hostileInputs } from './hostile/all-inputs.ts';
import { allowedOrigin } from './hostile/heads.ts';
import { faultOf, keptFor, send, type HostileInput, type Setup } from './hostile/input.ts';
import type { Target } from './hostile/exchange.ts';

const environments: Readonly<Record<Setup, Readonly<Record<string, string>>>> = {
  production: { NODE_ENV: 'production', BKJOB_GQL__SERVER__ALLOWED_ORIGINS: allowedOrigin },
  open: {},
  impatient: {
    NODE_ENV: 'production',
    BKJOB_GQL__SERVER__HEADER_READ_TIMEOUT: '1s',
    BKJOB_GQL__SERVER__REQUEST_READ_TIMEOUT: '1s',
    BKJOB_GQL__SERVER__WRITE_STALL_TIMEOUT: '1s',
    BKJOB_GQL__SUBSCRIPTION__MAX_PER_CONNECTION: '3',
    BKJOB_GQL__SUBSCRIPTION__WEBSOCKET__CONNECTION_INIT_TIMEOUT: '1s',
    BKJOB_GQL__SUBSCRIPTION__WEBSOCKET__KEEP_ALIVE: '1s',
    BKJOB_GQL__SUBSCRIPTION__WEBSOCKET__WRITE_STALL_TIMEOUT: '1s',
  },
};

const services = new Map<Setup, TestService>();
beforeAll(async () => {
  for (const setup of ['production', 'open', 'impatient'] as const) {
    services.set(setup, await startTestService({ environment: environments[setup] }));
  }
});
afterAll(() => Promise.all([...services.values()].map((service) => service[Symbol.asyncDispose]())));

function targetOf({ graphqlUrl }: TestService): Target {
  const { hostname, port, pathname } = new URL(graphqlUrl);
  return { host: hostname, port: Number(port), path: pathname };
}

const inputs = hostileInputs();

async function keptBy({ telemetry }: TestService): Promise<readonly string[]> {
  return keptFor(await telemetry.metricsPage());
}

/** What is kept of a client that is gone, when there was time to notice that it is. */
async function leftIn(service: TestService, before: readonly string[]): Promise<readonly string[]> {
  const look = async (): Promise<readonly string[]> =>
    (await keptBy(service)).filter((one) => !before.includes(one));
  await until(async () => (await look()).length === 0).catch(() => undefined);
  return look();
}

const goodQuery = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { name } }';

async function outcomeOf(input: HostileInput): Promise<unknown> {
  const service = services.get(input.setup)!;
  service.simulator.calls.clear();
  const reportedBefore = service.reported.length;
  const keptBefore = await keptBy(service);
  const fault = faultOf(input, await send(input, targetOf(service)));
  const calls = service.simulator.calls.all().length;
  const { body } = await service.query(goodQuery);
  return {
    fault,
    calls: Math.max(calls, input.wanted.calls),
    next: body.data,
    reported: service.reported.slice(reportedBefore),
    left: await leftIn(service, keptBefore),
  };
}

describe('what a client may do and should not', () => {
  it.each(inputs.map((input) => [input.name, input] as const))(
    '%s: is answered as it should be, asks bk-job nothing, and harms nobody',
    async (_name, input) => {
      expect(await outcomeOf(input)).toEqual({
        fault: null,
        calls: input.wanted.calls,
        next: { jobInstance: { name: 'deploy order-service 2.8.1' } },
        reported: [],
        left: [],
      });
    },
  );

  it('is told in at least 150 ways, each under a name of its own', () => {
    expect(new Set(inputs.map(({ name }) => name)).size).toBe(inputs.length);
  });
});
