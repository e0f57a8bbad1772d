import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { callerNamed, createInMemoryBkJob } from '../../../support/live/in-memory-bk-job.ts';
import { createTestLiveJobs } from '../../../support/live/test-live-jobs.ts';
import { createTestSubscriptions } from '../../../support/live/test-subscriptions.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const mebibyte = 1024 ** 2;
/** Longer ones Node keeps elsewhere than on the heap. */
const textLength = mebibyte / 2;
const caller = callerNamed('alice');
const query = `subscription ($tag: String!) {
  jobInstanceUpdated(scope: {bkBizId: 2}, jobInstanceId: 100) { ipResults(filter: {tag: [$tag]}) { ip } }
}`;
const ignore = (): void => undefined;

/** Subscriptions to a job that nobody hears of yet. */
function openSubscriptions() {
  const bkJob = createInMemoryBkJob(() => 0);
  bkJob.hold();
  const { pipeline, subscriptions } = createTestSubscriptions(bkJob, createTestLiveJobs(bkJob).liveJobs);
  const open = async (tag: string) => {
    const prepared = await pipeline.prepare({ query, variables: { tag } }, caller);
    return subscriptions.open({ prepared, caller, transport: 'sse', onStarted: ignore });
  };
  return { subscriptions, open };
}

async function heapUsed(): Promise<number> {
  await nextTurn();
  collect();
  return process.memoryUsage().heapUsed;
}

it('a stream keeps its variables once, however it is told from others', async () => {
  const { subscriptions, open } = openSubscriptions();
  const tag = (of: number): string => Buffer.alloc(textLength, `${String(of)} `).toString('latin1');
  const before = await heapUsed();
  const streams = await Promise.all(Array.from({ length: 40 }, (_, of) => open(tag(of))));
  const equal = await open(tag(7));
  expect([subscriptions.opened, subscriptions.run]).toEqual([41, 40]);
  expect((await heapUsed()) - before).toBeLessThan(30 * mebibyte);
  for (const frames of [...streams, equal]) await frames.return?.();
  expect([subscriptions.opened, subscriptions.run]).toEqual([0, 0]);
});
