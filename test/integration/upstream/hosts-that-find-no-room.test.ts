import { expect, it } from 'vitest';
import { rightAnswer, startRawUpstream } from '../../support/raw-upstream.ts';
import { startTestService } from '../../support/start-test-service.ts';

const scope = 'scope: {bkBizId: "2"}';

/** Of two answers that announce so much, one finds no room. */
const roomForOne = {
  BKJOB_GQL__UPSTREAM__MAX_RESPONSE_BYTES: '1MiB',
  BKJOB_GQL__UPSTREAM__MAX_INFLIGHT_RESPONSE_BYTES: '1MiB',
  BKJOB_GQL__UPSTREAM__HOST_DETAIL_TIMEOUT: '500ms',
};
const large = 700 * 1024;

it('hosts that are too many beside those of others cost nothing but themselves', async () => {
  await using upstream = await startRawUpstream();
  upstream.play(['42', '43'], (socket, request) => {
    if (request.hostDetail) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${String(large)}\r\n\r\n{`);
    else socket.write(rightAnswer(request));
  });
  await using service = await startTestService({ upstreamUrl: upstream.url, environment: roomForOne });
  const { body } = await service.query(`{
    one: jobInstance(${scope}, jobInstanceId: "42") { name ipResultSummary { total } }
    other: jobInstance(${scope}, jobInstanceId: "43") { name ipResultSummary { total } }
  }`);
  expect(body.data).toEqual({
    one: { name: 'job 42', ipResultSummary: null },
    other: { name: 'job 43', ipResultSummary: null },
  });
  const failures = body.errors?.map(({ path, extensions }) => ({ field: path?.[1], ...extensions }));
  expect(failures).toHaveLength(2);
  expect(failures).toEqual(
    expect.arrayContaining([
      { field: 'ipResultSummary', code: 'RATE_LIMITED', retryable: true, retryAfter: 1000 },
      { field: 'ipResultSummary', code: 'UPSTREAM_TIMEOUT', retryable: true },
    ]),
  );
});
