import type { Response } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { followOverHttp } from '../../support/live/follow-over-http.ts';
import { connect, followOverSocket } from '../../support/live/follow-over-socket.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    environment: {
      BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0',
      BKJOB_GQL__SUBSCRIPTION__WEBSOCKET__MAX_PAYLOAD: '4096',
      BKJOB_GQL__SUBSCRIPTION__MAX_ASKED_BYTES: '16384',
    },
  });
  addControlledJob(service.simulator);
});
afterAll(() => service[Symbol.asyncDispose]());

const query = `subscription ($filter: IpResultFilter) {
  jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42") { ipResults(filter: $filter) { ip } }
}`;

/** Follows with a list of so many bytes. Texts differ in one letter, so that none is run for another. */
function follow(token: string, bytes: number, letter: string): Promise<Response> {
  return followOverHttp(service, { token, query, variables: { filter: { tag: [letter.repeat(bytes)] } } });
}

it('a caller has a quarter of the room, gets it back, and others keep theirs', async () => {
  const first = await follow('alice', 2500, 'a');
  expect(first.status).toBe(200);
  const second = await follow('alice', 2500, 'b');
  expect(second.status).toBe(429);
  expect(await second.json()).toMatchObject({
    errors: [
      {
        message: 'The documents and variables of the streams of one caller are too large all together.',
        extensions: { code: 'RATE_LIMITED' },
      },
    ],
  });
  const other = await follow('bob', 2500, 'c');
  expect(other.status).toBe(200);
  await first.body?.cancel();
  await expect.poll(async () => (await follow('alice', 2500, 'd')).status).toBe(200);
  await other.body?.cancel();
});

it('names that a client gives to its streams take of the same room', async () => {
  service.simulator.world.setUser('carol', { accessBusiness: 'all', viewHistory: 'all' });
  let streams = 0;
  const client = connect(new URL('/ws', service.graphqlUrl).href.replace('http', 'ws'), {
    connectionParams: { 'X-Bkapi-Authorization': '{"bk_token":"carol"}' },
    generateID: () => String((streams += 1)).padEnd(2500),
  });
  const first = followOverSocket(client, query);
  await first.until(1);
  await expect(followOverSocket(client, query).completed).rejects.toMatchObject([
    { extensions: { code: 'RATE_LIMITED' } },
  ]);
  await client.dispose();
});
