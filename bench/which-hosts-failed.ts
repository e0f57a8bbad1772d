import { request } from 'undici';
import { loadSettings } from '../src/config/load-settings.ts';
import { startService } from '../src/service.ts';
import { startSimulator } from '../src/simulator/index.ts';

/**
 * What it costs a client to learn which hosts failed, and which of twenty jobs are over: by REST and by GraphQL,
 * both against the embedded bk-job. Counts requests and bytes of answers, which are the same on every machine.
 */

const twentyJobs = Array.from({ length: 20 }, (_, index) => String(20_000_001_001 + index));

interface Cost {
  readonly requests: number;
  readonly bytes: number;
}

// On a clock that stands still, since the length of some numbers follows the time.
const simulator = await startSimulator({ now: () => 1_790_000_000_000 });
const settings = loadSettings(
  {
    BKJOB_GQL__SERVER__PORT: '0',
    BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3',
    BKJOB_GQL__UPSTREAM__BASE_URL: `${simulator.url}/api/bk-job`,
    BKJOB_GQL__UPSTREAM__APP_CODE: 'demo_app',
    BKJOB_GQL__UPSTREAM__APP_SECRET: 'demo_secret',
  },
  () => '',
);
const service = await startService(settings, {
  report: (error) => {
    throw error;
  },
});
const { graphqlUrl } = service;
const restUrl = `${simulator.url}/api/bk-job/prod/api/v3/get_job_instance_status`;

async function costOf(answers: readonly Promise<string>[]): Promise<Cost> {
  const texts = await Promise.all(answers);
  return { requests: texts.length, bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) };
}

async function rest(job: string, hosts: boolean): Promise<string> {
  const query = new URLSearchParams({
    bk_scope_type: 'biz',
    bk_scope_id: '2',
    job_instance_id: job,
    return_ip_result: String(hosts),
  });
  const credentials = { bk_app_code: 'demo_app', bk_app_secret: 'demo_secret', bk_token: 'alice' };
  const { body } = await request(`${restUrl}?${query.toString()}`, {
    headers: { 'X-Bkapi-Authorization': JSON.stringify(credentials) },
  });
  const text = await body.text();
  if (!text.includes('"result":true')) throw new Error(text);
  return text;
}

async function graphql(query: string): Promise<string> {
  const { body } = await request(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'X-Bkapi-Authorization': '{"bk_token":"alice"}' },
    body: JSON.stringify({ query }),
  });
  const text = await body.text();
  if (text.includes('"errors"')) throw new Error(text);
  return text;
}

function failedHosts(job: string): string {
  return `{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "${job}") { ipResults(phase: FAILED) { ip status exitCode } } }`;
}

const manyJobs = `{ jobInstancesById(scope: {bkBizId: "2"}, jobInstanceIds: ${JSON.stringify(twentyJobs)}) {
  jobInstanceId jobInstance { finished phase } } }`;

const rows: readonly (readonly [string, readonly Promise<string>[], readonly Promise<string>[]])[] = [
  ['which of 12 hosts failed', [rest('20000000004', true)], [graphql(failedHosts('20000000004'))]],
  ['which of 10,000 hosts failed', [rest('20000000009', true)], [graphql(failedHosts('20000000009'))]],
  ['which of 20 jobs are over', twentyJobs.map((job) => rest(job, false)), [graphql(manyJobs)]],
];

console.log('| question | REST: requests | REST: bytes | GraphQL: requests | GraphQL: bytes |');
console.log('|---|---|---|---|---|');
for (const [question, byRest, byGraphql] of rows) {
  const [there, here] = [await costOf(byRest), await costOf(byGraphql)];
  const cells = [question, there.requests, there.bytes, here.requests, here.bytes].map((cell) =>
    cell.toLocaleString('en'),
  );
  console.log(`| ${cells.join(' | ')} |`);
}
await service.close();
await simulator.close();
