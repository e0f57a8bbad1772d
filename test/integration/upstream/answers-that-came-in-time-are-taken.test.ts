import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quietObserver, type UpstreamCall } from '../../../src/upstream/upstream-observer.ts';
import { createUpstream } from '../../../src/upstream/upstream.ts';
import { failureOf } from '../../support/failure-of.ts';
import { callerNamed } from '../../support/live/in-memory-bk-job.ts';
import { rightAnswer, startRawUpstream, type RawUpstream } from '../../support/raw-upstream.ts';
import { upstreamOptions } from '../../support/upstream-options.ts';

const caller = callerNamed('alice');
const job = { scope: { kind: 'biz', id: '2' }, jobInstanceId: '100' } as const;
const timeout = 100;

/** Does nothing else for longer than a read has, as a process does that was stopped for a while. */
function standStill(): void {
  const end = performance.now() + 2 * timeout;
  while (performance.now() < end);
}

describe('a process that stood still while its time for a read passed', () => {
  let bkJob: RawUpstream;
  beforeEach(async () => {
    bkJob = await startRawUpstream();
  });
  afterEach(() => bkJob[Symbol.asyncDispose]());

  function startClient() {
    const ended: UpstreamCall['outcome'][] = [];
    const observer = { ...quietObserver, callEnded: ({ outcome }: UpstreamCall) => ended.push(outcome) };
    const timeouts = { statusMs: timeout, hostDetailMs: timeout };
    const client = createUpstream(upstreamOptions(new URL(bkJob.url).origin, { timeouts }), { observer });
    return { ended, client };
  }

  it('takes the answer that has come meanwhile', async () => {
    const { ended, client } = startClient();
    bkJob.play(['100'], (socket, request) => {
      socket.write(rightAnswer(request));
      standStill();
    });

    const read = client.fetchJobInstanceStatus(caller, job, { hostDetail: false });

    expect((await read).name).toBe('job 100');
    expect(ended).toEqual(['ok']);
    await client.close();
  });

  it('waits no longer for one that has not', async () => {
    const { ended, client } = startClient();
    bkJob.play(['100'], standStill);

    const error = await failureOf(client.fetchJobInstanceStatus(caller, job, { hostDetail: false }));

    expect(error.code).toBe('UPSTREAM_TIMEOUT');
    expect(ended).toEqual(['UPSTREAM_TIMEOUT']);
    await client.close();
  });
});
