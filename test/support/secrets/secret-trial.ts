import { context, propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { inspect } from 'node:util';
import type { SimulatorFault } from '../../../src/simulator/index.ts';
import { startTestService, type TestService } from '../start-test-service.ts';
import { planted } from './planted.ts';
import { createSecretScan, type SecretScan } from './secret-scan.ts';
import { startTelltaleUpstream, type TelltaleUpstream } from './telltale-upstream.ts';

/** What came of looking for secrets in all that a service gave out. */
export interface SecretTrial extends Pick<SecretScan, 'findings' | 'looked'> {
  readonly requests: number;
  /** Answers of bk-job that repeated what signed in. */
  readonly told: number;
}

const page = 'https://cmdb.example.com';
const job = 'jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004")';
const documents = [
  `query Plain { ${job} { name phase } }`,
  `query Hosts { ${job} { ipResults(phase: FAILED) { ip tag } ipResultSummary { total } } }`,
  'query Many { jobInstancesById(scope: {bkBizId: "2"}, jobInstanceIds: ["20000000004", "1"]) { error { message } jobInstance { name } } }',
  'query Refs { _entities(representations: [{__typename: "JobInstance", id: "x"}]) { __typename } }',
  'query Wrong { nothing }',
  'query {',
];

const authorization = (members: object): Readonly<Record<string, string>> => ({
  'x-bkapi-authorization': JSON.stringify(members),
});

/** Every way to sign in, and what is none. */
const signIns: readonly Readonly<Record<string, string>>[] = [
  authorization({ bk_token: planted.token }),
  authorization({ bk_ticket: planted.ticket }),
  authorization({ access_token: planted.accessToken }),
  { origin: page, cookie: `a=b; bk_token=${encodeURIComponent(planted.token)}` },
  { origin: page, cookie: `bk_ticket=${planted.malformed}` },
  authorization({ bk_token: planted.token, bk_app_secret: planted.foreignAppSecret }),
  authorization({ bk_token: planted.token, bk_ticket: planted.ticket }),
  { 'x-bkapi-authorization': `{"bk_token": "${planted.malformed}` },
  { 'x-bkapi-authorization': planted.malformed },
  { ...authorization({ bk_token: planted.token }), origin: page, cookie: `bk_token=${planted.malformed}` },
  { authorization: `Bearer ${planted.malformed}`, ...authorization({ bk_token: planted.token }) },
];

/** Where a hostile or careless client puts its sign-in beside. */
const besides = (secret: string): readonly Readonly<Record<string, string>>[] => [
  {},
  { 'x-request-id': secret },
  { 'x-request-id': Buffer.from(secret).toString('hex').slice(0, 64) },
  { 'x-request-id': Buffer.from(secret).toString('base64url') },
  { traceparent: `00-${Buffer.from(secret).toString('hex').slice(0, 32)}-b7ad6b7169203331-01` },
  { 'x-apollo-operation-name': secret, 'user-agent': secret, referer: `https://a.example/?t=${secret}` },
];

const faults: readonly SimulatorFault[] = [
  { kind: 'reset' },
  { kind: 'truncated' },
  { kind: 'html' },
  { kind: 'empty' },
  { kind: 'not-json' },
  { kind: 'rate-limited' },
  { kind: 'hang' },
  { kind: 'status', status: 302, headers: { location: 'https://login.example.com/?c_url=x' } },
  { kind: 'wrong-types', members: ['job_instance_id', 'step_instance_list'] },
  { kind: 'oversized', bytes: 200_000 },
  ...[1_640_001, 1_642_901, 9_900_403, 1_240_002, 1_241_002, 1_238_001].map((code): SimulatorFault => ({
    kind: 'envelope',
    code,
  })),
];

/** Runs services through operations, faults and hostile inputs, and looks through all that they give out. */
export async function runSecretTrial(): Promise<SecretTrial> {
  const scan = createSecretScan(planted);
  let [requests, told] = [0, 0];
  for (const esbCredentials of [null, 'body', 'header'] as const) {
    await using upstream = await startTelltaleUpstream({
      [planted.token]: 'alice',
      [planted.ticket]: 'alice',
      [planted.accessToken]: 'alice',
      [planted.appSecret]: 'demo_secret',
    });
    const spans = keepSpans();
    await using service = await startWatched(upstream, esbCredentials);
    requests += await askEverything(service, upstream, scan);
    scan.look('log', service.logged.map((line) => JSON.stringify(line)).join('\n'));
    scan.look('metrics', await (await fetch(service.metricsUrl)).text());
    scan.look('addresses', upstream.urls.join('\n'));
    scan.look('traces', inspect(spans.getFinishedSpans(), { depth: 4, maxStringLength: null }));
    endSpans();
    told += upstream.told();
  }
  return { findings: scan.findings, looked: scan.looked, requests, told };
}

function startWatched(
  upstream: TelltaleUpstream,
  esbCredentials: 'body' | 'header' | null,
): Promise<TestService> {
  return startTestService({
    frontDoor: esbCredentials === null ? 'apigw-v3' : 'esb',
    ...(esbCredentials !== null && { esbCredentials }),
    environment: {
      BKJOB_GQL__UPSTREAM__BASE_URL: esbCredentials === null ? `${upstream.url}/api/bk-job` : upstream.url,
      BKJOB_GQL__UPSTREAM__APP_SECRET: planted.appSecret,
      BKJOB_GQL__UPSTREAM__TIMEOUT: '200ms',
      BKJOB_GQL__UPSTREAM__HOST_DETAIL_TIMEOUT: '200ms',
      BKJOB_GQL__UPSTREAM__MAX_RESPONSE_BYTES: '64KiB',
      BKJOB_GQL__SERVER__ALLOWED_ORIGINS: page,
    },
  });
}

async function askEverything(
  service: TestService,
  upstream: TelltaleUpstream,
  scan: SecretScan,
): Promise<number> {
  let requests = 0;
  const ask = async (document: string, headers: Readonly<Record<string, string>>): Promise<void> => {
    requests += 1;
    const answer = await service.query(document, { token: null, headers });
    scan.look('answers', JSON.stringify([answer.headers, answer.body]));
  };
  const [signedIn = {}] = signIns;
  for (const headers of signIns) for (const document of documents) await ask(document, headers);
  for (const beside of besides(planted.token)) await ask(documents[0] ?? '', { ...signedIn, ...beside });
  // Before the faults, after which bk-job is left alone for a while.
  for (const status of [200, 400, 401, 403, 429, 500, 502]) {
    upstream.repeatSecrets(status, 3);
    for (const document of documents.slice(0, 3)) await ask(document, signedIn);
    upstream.repeatSecrets(200, 0);
  }
  for (const fault of faults) {
    upstream.simulator.faults.inject({ fault });
    await Promise.all(documents.slice(0, 3).map((document) => ask(document, signedIn)));
    upstream.simulator.faults.clear();
  }
  for (const query of [`bk_token=${encodeURIComponent(planted.token)}`, `x=${planted.ticket}`]) {
    requests += 1;
    const response = await fetch(`${service.graphqlUrl}?${query}`, { headers: signedIn });
    scan.look('answers', `${inspect([...response.headers])} ${await response.text()}`);
  }
  // A fault of the service itself while its caller's sign-in is in use.
  service.telemetry.log.fault(new Error(`unexpected: ${planted.appSecret}`));
  return requests;
}

function keepSpans(): InMemorySpanExporter {
  const spans = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
  );
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return spans;
}

function endSpans(): void {
  trace.disable();
  propagation.disable();
  context.disable();
}
