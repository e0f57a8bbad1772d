import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

const job = 'scope: {bkBizId: "2"}, jobInstanceId: "42"';
const phase = `{ jobInstance(${job}) { phase } }`;
const follow = `subscription { jobInstanceUpdated(${job}) { phase } }`;

function request(query: string, accept: string): string {
  const body = JSON.stringify({ query });
  return [
    'POST /graphql HTTP/1.1',
    'host: service',
    'content-type: application/json',
    `accept: ${accept}`,
    'x-bkapi-authorization: {"bk_token":"alice"}',
    `content-length: ${String(body.length)}`,
    '',
    body,
  ].join('\r\n');
}

async function metric({ telemetry }: TestService, name: string): Promise<number> {
  const line = (await telemetry.metricsPage()).split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
}

it('a stream that waits for the place of a request before it on its connection leaves with its client', async () => {
  await using service = await startTestService({
    environment: { BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__PER_IDENTITY_CONCURRENCY: '1' },
  });
  addControlledJob(service.simulator, '42');
  service.simulator.faults.inject({ fault: { kind: 'delay', ms: 3000 }, times: 1 });
  const { hostname, port } = new URL(service.graphqlUrl);
  const client = connect(Number(port), hostname);
  client.write(request(phase, 'application/json') + request(follow, 'text/event-stream'));
  const waiting = 'bkjob_gql_requests_admitted{class="plain",state="waiting"}';
  await expect.poll(() => metric(service, waiting)).toBe(1);
  client.destroy();
  await once(client, 'close');
  await expect.poll(() => metric(service, 'http_server_active_requests')).toBe(0);
  expect(await metric(service, waiting)).toBe(0);
  expect(await metric(service, 'bkjob_gql_requests_admitted{class="plain",state="running"}')).toBe(0);
  expect(await metric(service, 'bkjob_gql_subscriptions_active{transport="sse"}')).toBe(0);
});
