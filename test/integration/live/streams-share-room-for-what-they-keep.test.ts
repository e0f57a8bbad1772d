import { fetch, type Response } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { followOverHttp } from '../../support/live/follow-over-http.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    environment: {
      BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0',
      BKJOB_GQL__SUBSCRIPTION__MAX_HELD_BYTES: '2MiB',
    },
  });
  service.simulator.world.setUser('bob', { accessBusiness: ['biz:2'], viewHistory: ['biz:2'] });
  const hosts = Array.from({ length: 1500 }, () => 7);
  for (const jobInstanceId of ['42', '43'])
    addControlledJob(service.simulator, jobInstanceId).become(2, { hosts });
});
afterAll(() => service[Symbol.asyncDispose]());

const query = `subscription ($job: ID!) {
  jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: $job) { ipResults { ip } }
}`;

function follow(token: string, job: string): Promise<Response> {
  return followOverHttp(service, { token, query, variables: { job } });
}

/** What a stream says until there are hosts, or it is over. */
async function firstOf({ body }: Response): Promise<string> {
  let said = '';
  for await (const piece of body ?? []) {
    said += Buffer.from(piece as Uint8Array).toString();
    if (said.includes('"ip":"192.0.2.1500"')) break;
  }
  return said;
}

async function heldBytes(): Promise<number> {
  const metrics = await (await fetch(service.metricsUrl)).text();
  return Number(/^bkjob_gql_subscriptions_held_bytes (\d+)$/m.exec(metrics)?.[1]);
}

it('a caller who follows more hosts than there is room for is told so, and others follow', async () => {
  const first = await follow('alice', '42');
  const reader = first.body!.getReader();
  await reader.read();
  await expect.poll(heldBytes).toBeGreaterThan(2 ** 18);

  expect(await firstOf(await follow('alice', '43'))).toContain(
    '"message":"The streams of one caller are of too many hosts all together.","extensions":{"code":"RATE_LIMITED"',
  );
  expect(await firstOf(await follow('bob', '43'))).toContain('"ip":"192.0.2.1500"');

  await reader.cancel();
  await expect.poll(heldBytes).toBe(0);
  expect(await firstOf(await follow('alice', '43'))).toContain('"ip":"192.0.2.1500"');
});
