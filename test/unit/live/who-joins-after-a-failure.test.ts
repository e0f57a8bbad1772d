import { describe, expect, it } from 'vitest';
import type { JobApiError } from '../../../src/domain/errors.ts';
import { jobRevision } from '../../../src/domain/job-revision.ts';
import { createJobFollowing } from '../../../src/live/job-following.ts';
import type { JobWait } from '../../../src/live/wait-for-job.ts';
import { buildJob } from '../../support/build-job.ts';
import { startFollowing } from '../../support/live/follow-jobs.ts';
import { callerNamed, finishedJob, job100, runningJob } from '../../support/live/in-memory-bk-job.ts';
import { undisturbed } from '../../support/long-work.ts';

const at = (reads: readonly { readonly at: number }[]) => reads.map((read) => read.at);

/** Somebody was told that the job runs, and then its reader was told to wait for a minute, at 1000 ms. */
async function rateLimited() {
  const following = startFollowing();
  const { clock, bkJob, liveJobs, follow } = following;
  const first = follow();
  await clock.advance(0);
  bkJob.fail('RATE_LIMITED', { retryAfter: 60_000 });
  await clock.advance(1000);
  const jobFollowing = createJobFollowing(liveJobs, callerNamed('alice'), undisturbed);

  /** Waits and notes when and how that ended: the status code, or the code of the error. */
  function wait(asked: Partial<JobWait> = {}) {
    const ended: { at: number; how: number | string }[] = [];
    const controller = new AbortController();
    const usual = { hostDetail: false, condition: { until: 'FINISHED' }, timeout: 20_000 } as const;
    jobFollowing.wait(job100, { ...usual, signal: controller.signal, ...asked }).then(
      (job) => ended.push({ at: clock.now(), how: job!.statusCode }),
      (error: unknown) => ended.push({ at: clock.now(), how: (error as JobApiError).code }),
    );
    return { ended, controller };
  }
  return { ...following, first, jobFollowing, wait };
}

describe('who joins a reader that waits after a failure', () => {
  it('is told how the job was at once, and soon how it is', async () => {
    const { clock, bkJob, follow, first } = await rateLimited();
    await clock.advance(10_000);
    bkJob.fail(null);
    bkJob.become(finishedJob);
    const { news, said } = follow();
    await clock.advance(0);
    expect(news).toMatchObject([
      { kind: 'state', isCurrent: false, isOver: false },
      { kind: 'state', isCurrent: true, isOver: true },
    ]);
    expect([said(), first.said().at(-1)]).toEqual([['2', '!3'], '!3']);
    expect(at(bkJob.reads)).toEqual([0, 1000, 11_000]);
  });

  it('makes it read no sooner than a second after the first failure, two after the next ones', async () => {
    const { clock, bkJob, follow } = await rateLimited();
    for (let passed = 0; passed < 10_000; passed += 100) {
      follow();
      follow({ hostDetail: true });
      await clock.advance(100);
    }
    expect(at(bkJob.reads)).toEqual([0, 1000, 2000, 4000, 6000, 8000, 10_000]);
  });

  it('leaves the pace of a wait that it cannot cut as it was', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.fail('UPSTREAM_UNAVAILABLE');
    follow();
    for (let passed = 0; passed < 9000; passed += 50) {
      await clock.advance(50);
      follow();
    }
    expect(at(bkJob.reads)).toEqual([0, 1000, 3000, 5000, 7000, 9000]);
  });

  it('makes nobody read sooner once the failure is over', async () => {
    const { clock, bkJob, follow } = await rateLimited();
    bkJob.fail(null);
    follow();
    await clock.advance(1000);
    const { news } = follow();
    await clock.advance(100);
    expect(news).toMatchObject([{ kind: 'state', isCurrent: true }]);
    expect(at(bkJob.reads)).toEqual([0, 1000, 2000]);
  });

  it('leaves nothing behind where it was the last one', async () => {
    const { clock, bkJob, liveJobs, follow, first } = await rateLimited();
    const { leave } = follow();
    first.leave();
    leave();
    await clock.advance(60_000);
    expect([bkJob.reads.length, liveJobs.readers, clock.timers]).toEqual([2, 0, 0]);
  });
});

describe('one more who is shown the messages of a stream', () => {
  it('has the job read soon after a failure, and no sooner where there was none', async () => {
    const { clock, bkJob, jobFollowing } = await rateLimited();
    const updates = jobFollowing.updates(job100, { hostDetail: false, knownRevision: null });
    await clock.advance(10_000);
    bkJob.fail(null);
    updates.hurry();
    updates.hurry();
    await clock.advance(0);
    const reads = bkJob.reads.length;
    updates.hurry();
    await clock.advance(500);
    expect([at(bkJob.reads).at(-1), bkJob.reads.length]).toEqual([11_000, reads]);
  });

  it('begins no reader where the job is followed no longer', async () => {
    const { clock, bkJob, liveJobs, first, jobFollowing } = await rateLimited();
    const updates = jobFollowing.updates(job100, { hostDetail: false, knownRevision: null });
    await updates.return?.();
    first.leave();
    const reads = bkJob.reads.length;
    updates.hurry();
    await clock.advance(60_000);
    expect([bkJob.reads.length, liveJobs.readers, clock.timers]).toEqual([reads, 0, 0]);
  });
});

describe('a wait that joins a reader which waits after a failure', () => {
  it('ends when the job is over, and not with how it was', async () => {
    const { clock, bkJob, wait } = await rateLimited();
    await clock.advance(10_000);
    bkJob.fail(null);
    bkJob.become(finishedJob);
    const { ended } = wait();
    await clock.advance(0);
    expect(ended).toEqual([{ at: 11_000, how: 3 }]);
  });

  it('is not met by how the job was', async () => {
    const { clock, bkJob, wait } = await rateLimited();
    const blockedJob = { ...runningJob, statusCode: 7 };
    const revision = jobRevision(buildJob(blockedJob));
    const { ended } = wait({ condition: { until: 'CHANGED', revision } });
    await clock.advance(500);
    expect(ended).toEqual([]);
    bkJob.fail(null);
    bkJob.become(blockedJob);
    await clock.advance(1500);
    expect(ended).toEqual([]);
    bkJob.become(finishedJob);
    await clock.advance(1000);
    expect(ended).toEqual([{ at: 4000, how: 3 }]);
  });

  it('of no time is a read', async () => {
    const { clock, bkJob, wait } = await rateLimited();
    bkJob.fail(null);
    bkJob.become({ ...runningJob, statusCode: 7 });
    const { ended } = wait({ timeout: 0 });
    await clock.advance(1000);
    expect(ended).toEqual([{ at: 2000, how: 7 }]);
  });

  it('gives how the job was where time is up and it cannot be read', async () => {
    const { clock, wait } = await rateLimited();
    const none = wait({ timeout: 0 });
    const some = wait({ timeout: 5000 });
    await clock.advance(5000);
    expect([none.ended, some.ended]).toEqual([[{ at: 2000, how: 2 }], [{ at: 6000, how: 2 }]]);
  });
});
