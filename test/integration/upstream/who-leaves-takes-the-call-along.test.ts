import { once } from 'node:events';
import type { Socket } from 'node:net';
import { request } from 'undici';
import { expect, it } from 'vitest';
import { startRawUpstream } from '../../support/raw-upstream.ts';
import { startTestService } from '../../support/start-test-service.ts';

const document = '{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: 42) { name } }';

it('a client that leaves ends the call to bk-job that nobody else waits for', async () => {
  await using upstream = await startRawUpstream();
  const asked = new Promise<Socket>((resolve) => {
    upstream.play(['42'], resolve);
  });
  // No time limit would end it before the test has failed.
  await using service = await startTestService({
    upstreamUrl: upstream.url,
    environment: {
      BKJOB_GQL__UPSTREAM__TIMEOUT: '10m',
      BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__TIMEOUT: '10m',
    },
  });
  const client = new AbortController();
  const answer = request(service.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-bkapi-authorization': '{"bk_token":"alice"}' },
    body: JSON.stringify({ query: document }),
    signal: client.signal,
  });
  const socket = await asked;
  client.abort();
  await expect(answer).rejects.toThrow();
  if (!socket.closed) await once(socket, 'close');
  expect(service.reported).toEqual([]);
});
