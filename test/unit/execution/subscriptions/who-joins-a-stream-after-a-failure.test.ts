import { expect, it } from 'vitest';
import { payloadOf } from '../../../support/live/frame-payload.ts';
import { callerNamed, createInMemoryBkJob, finishedJob } from '../../../support/live/in-memory-bk-job.ts';
import { createTestLiveJobs } from '../../../support/live/test-live-jobs.ts';
import { createTestSubscriptions } from '../../../support/live/test-subscriptions.ts';
import { createVirtualClock } from '../../../support/live/virtual-clock.ts';

const query = 'subscription { jobInstanceUpdated(scope: {bkBizId: 2}, jobInstanceId: 100) { phase } }';
const ignore = (): void => undefined;

/** Streams of one caller to one job; equal ones are run once. */
function startStreams() {
  const clock = createVirtualClock();
  const bkJob = createInMemoryBkJob(() => clock.now());
  const { liveJobs } = createTestLiveJobs(bkJob, { clock });
  const { pipeline, subscriptions } = createTestSubscriptions(bkJob, liveJobs);

  /** Opens one and notes what it says. */
  async function open() {
    const caller = callerNamed('alice');
    const prepared = await pipeline.prepare({ query }, caller);
    const frames = subscriptions.open({ prepared, caller, transport: 'sse', onStarted: ignore });
    const said: unknown[] = [];
    void (async () => {
      for await (const frame of frames) said.push(payloadOf(frame).data?.['jobInstanceUpdated']);
    })();
    return said;
  }
  return { clock, bkJob, subscriptions, open };
}

it('who joins a stream that was told to wait is told how the job was, and soon how it is', async () => {
  const { clock, bkJob, subscriptions, open } = startStreams();
  const first = await open();
  await clock.advance(0);
  bkJob.fail('RATE_LIMITED', { retryAfter: 60_000 });
  await clock.advance(11_000);
  bkJob.fail(null);
  bkJob.become(finishedJob);
  expect(first).toEqual([{ phase: 'RUNNING' }]);
  const second = await open();
  expect(subscriptions.run).toBe(1);
  await clock.advance(1);
  await clock.advance(1);
  expect(second.at(-1)).toEqual({ phase: 'SUCCEEDED' });
  expect(first).toEqual([{ phase: 'RUNNING' }, { phase: 'SUCCEEDED' }]);
  expect([subscriptions.opened, clock.timers]).toEqual([0, 0]);
});
