import { Pool } from 'undici';
import type { Settings } from '../../src/config/settings.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { startService } from '../../src/service.ts';
import { createTelemetry, type Telemetry } from '../../src/telemetry/telemetry.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/index.ts';
import { assertNoSecretIn } from './secrets/sent-secrets.ts';

/** How a test wants its service. Everything left out is as a user gets it without settings. */
export interface TestServiceOptions {
  readonly frontDoor?: 'esb' | 'apigw-v3';
  /** Where the ESB form carries the credentials. */
  readonly esbCredentials?: 'body' | 'header';
  /** Whether requests without credentials act as the demonstration's user. */
  readonly guest?: boolean;
  readonly simulator?: SimulatorOptions;
  /** Address of another bk-job, that is asked in place of the simulator. */
  readonly upstreamUrl?: string;
  /** Further settings as environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a client of a test sends beside the document. */
export interface TestRequest {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  /** bk_token of the user who asks; alice if left out, nobody if null. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A GraphQL answer as it came over HTTP. */
export interface TestResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: GraphqlAnswer;
}

/** The JSON of an answer. `data` is left open: tests say what they expect of it. */
export interface GraphqlAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A service on a free port before a simulator of its own. */
export interface TestService extends AsyncDisposable {
  readonly graphqlUrl: string;
  readonly graphiqlUrl: string | null;
  readonly watchUrl: string | null;
  readonly healthUrl: string;
  readonly metricsUrl: string;
  readonly stopBeingReady: () => void;
  readonly simulator: Simulator;
  /** Faults of the service itself, as they would reach the log. */
  readonly reported: readonly unknown[];
  /** Lines of its log, of every level, in the order in which they were written. */
  readonly logged: readonly LogLine[];
  readonly telemetry: Telemetry;
  query(document: string, request?: TestRequest): Promise<TestResponse>;
}

/**
 * Starts a service and a simulator, both over real sockets. The caller disposes of it, which fails where the service has
 * written credentials anywhere.
 */
export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const simulator = await startSimulator(options.simulator);
  const reported: unknown[] = [];
  const logged: LogLine[] = [];
  const appSecret = options.environment?.['BKJOB_GQL__UPSTREAM__APP_SECRET'] ?? 'demo_secret';
  const telemetry = createTelemetry({
    level: 'debug',
    destination: { write: (line) => logged.push(JSON.parse(line) as LogLine) },
    secrets: [appSecret],
    ofProcess: false,
  });
  const service = await startService(toSettings(options, simulator), {
    report: (error) => {
      reported.push(error);
      telemetry.log.fault(error);
    },
    telemetry,
  });
  const pool = new Pool(new URL(service.graphqlUrl).origin);
  return {
    graphqlUrl: service.graphqlUrl,
    graphiqlUrl: service.graphiqlUrl,
    watchUrl: service.watchUrl,
    healthUrl: service.healthUrl,
    metricsUrl: service.metricsUrl ?? '',
    stopBeingReady: () => {
      service.stopBeingReady();
    },
    simulator,
    reported,
    logged,
    telemetry,
    query: (document, request = {}) =>
      post(pool, new URL(service.graphqlUrl).pathname, { document, ...request }),
    [Symbol.asyncDispose]: async () => {
      await pool.close();
      await service.close();
      await simulator.close();
      telemetry.flushNow();
      const log = logged.map((line) => JSON.stringify(line)).join('\n');
      assertNoSecretIn({ log, metrics: await telemetry.metricsPage() }, [appSecret]);
    },
  };
}

function toSettings(options: TestServiceOptions, simulator: Simulator): Settings {
  const kind = options.frontDoor ?? 'apigw-v3';
  const settings = loadSettings(
    {
      BKJOB_GQL__SERVER__PORT: '0',
      BKJOB_GQL__TELEMETRY__METRICS__LISTEN: '127.0.0.1:0',
      BKJOB_GQL__UPSTREAM__KIND: kind,
      BKJOB_GQL__UPSTREAM__BASE_URL:
        options.upstreamUrl ?? (kind === 'esb' ? simulator.url : `${simulator.url}/api/bk-job`),
      BKJOB_GQL__UPSTREAM__APP_CODE: 'demo_app',
      BKJOB_GQL__UPSTREAM__APP_SECRET: 'demo_secret',
      // On a machine that has other work to do, the event loop comes round late; that is no test's own doing.
      BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__MAX_EVENT_LOOP_LAG: '10s',
      ...(options.esbCredentials && { BKJOB_GQL__UPSTREAM__ESB_CREDENTIALS: options.esbCredentials }),
      ...options.environment,
    },
    () => {
      throw new Error('Tests read no settings file.');
    },
  );
  if (options.guest !== true) return settings;
  return { ...settings, identity: { guestProof: { kind: 'bk_token', value: 'alice' } } };
}

async function post(
  pool: Pool,
  path: string,
  request: TestRequest & { document: string },
): Promise<TestResponse> {
  const { document, variables, operationName, token = 'alice', headers } = request;
  const response = await pool.request({
    path,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...(token !== null && { 'x-bkapi-authorization': JSON.stringify({ bk_token: token }) }),
      ...headers,
    },
    body: JSON.stringify({ query: document, variables, operationName }),
  });
  return {
    status: response.statusCode,
    headers: response.headers,
    body: (await response.body.json()) as GraphqlAnswer,
  };
}
