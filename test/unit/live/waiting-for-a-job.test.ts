import { describe, expect, it } from 'vitest';
import { JobApiError } from '../../../src/domain/errors.ts';
import { jobRevision } from '../../../src/domain/job-revision.ts';
import { createJobFollowing } from '../../../src/live/job-following.ts';
import type { JobWait } from '../../../src/live/wait-for-job.ts';
import { buildJob } from '../../support/build-job.ts';
import {
  callerNamed,
  createInMemoryBkJob,
  failedJob,
  finishedJob,
  job100,
  runningJob,
} from '../../support/live/in-memory-bk-job.ts';
import { createTestLiveJobs } from '../../support/live/test-live-jobs.ts';
import { createVirtualClock } from '../../support/live/virtual-clock.ts';
import { undisturbed } from '../../support/long-work.ts';

/** Waits as alice, and notes when and how the wait ended: the status code, or the code of the error. */
function start() {
  const clock = createVirtualClock();
  const bkJob = createInMemoryBkJob(() => clock.now());
  const { liveJobs } = createTestLiveJobs(bkJob, { clock });
  function wait(asked: Partial<JobWait> = {}) {
    const controller = new AbortController();
    const late: (() => void)[] = [];
    const onHostsLate = (listener: () => void): void => void late.push(listener);
    const ended: { at: number; how: number | string }[] = [];
    createJobFollowing(liveJobs, callerNamed('alice'), undisturbed)
      .wait(job100, {
        hostDetail: false,
        condition: { until: 'FINISHED' },
        timeout: 20_000,
        signal: Object.assign(controller.signal, { onHostsLate }),
        ...asked,
      })
      .then(
        (job) => ended.push({ at: clock.now(), how: job?.statusCode ?? 'nothing' }),
        (error: unknown) => ended.push({ at: clock.now(), how: (error as JobApiError).code }),
      );
    const hostsAreLate = (): void => {
      for (const listener of late) listener();
    };
    return { ended, controller, hostsAreLate };
  }
  return { clock, bkJob, liveJobs, wait };
}

const blockedJob = { ...runningJob, statusCode: 7 };
const revision = jobRevision(buildJob(runningJob));

describe('a wait', () => {
  it('ends when the job is over', async () => {
    const { clock, bkJob, liveJobs, wait } = start();
    const { ended } = wait();
    await clock.advance(2500);
    expect(ended).toEqual([]);
    bkJob.become(finishedJob);
    await clock.advance(500);
    expect(ended).toEqual([{ at: 3000, how: 3 }]);
    expect([liveJobs.readers, clock.timers]).toEqual([0, 0]);
  });

  it('ends at once for a job that is over', async () => {
    const { clock, bkJob, wait } = start();
    bkJob.become(finishedJob);
    const { ended } = wait();
    await clock.advance(0);
    expect(ended).toEqual([{ at: 0, how: 3 }]);
  });

  it('with FINISHED is not ended by a job that waits for a person, with FINISHED_OR_BLOCKED it is', async () => {
    const { clock, bkJob, wait } = start();
    bkJob.become(blockedJob);
    const plain = wait();
    const blocked = wait({ condition: { until: 'FINISHED_OR_BLOCKED' } });
    await clock.advance(0);
    expect([plain.ended, blocked.ended]).toEqual([[], [{ at: 0, how: 7 }]]);
  });

  it('with CHANGED ends when the revision is another one', async () => {
    const { clock, bkJob, wait } = start();
    const { ended } = wait({ condition: { until: 'CHANGED', revision } });
    const stale = wait({ condition: { until: 'CHANGED', revision: 'of long ago' } });
    await clock.advance(1000);
    expect([ended, stale.ended]).toEqual([[], [{ at: 0, how: 2 }]]);
    bkJob.become(blockedJob);
    await clock.advance(1000);
    expect(ended).toEqual([{ at: 2000, how: 7 }]);
  });

  it('ends when time is up, with the job as it is then', async () => {
    const { clock, liveJobs, wait } = start();
    const { ended } = wait({ timeout: 5000 });
    await clock.advance(5000);
    expect(ended).toEqual([{ at: 5000, how: 2 }]);
    expect([liveJobs.readers, clock.timers]).toEqual([0, 0]);
  });

  it('of no time is a read', async () => {
    const { clock, bkJob, wait } = start();
    const { ended } = wait({ timeout: 0 });
    await clock.advance(0);
    expect(ended).toEqual([{ at: 0, how: 2 }]);
    expect(bkJob.reads.length).toBe(1);
  });

  it('goes through an outage, and tells of it only where the job was never read', async () => {
    const { clock, bkJob, wait } = start();
    bkJob.fail('UPSTREAM_UNAVAILABLE');
    const short = wait({ timeout: 1500 });
    const long = wait();
    await clock.advance(1500);
    expect([short.ended, long.ended]).toEqual([[{ at: 1500, how: 'UPSTREAM_UNAVAILABLE' }], []]);
    bkJob.fail(null);
    await clock.advance(1500);
    const during = wait({ timeout: 3000 });
    bkJob.fail('UPSTREAM_TIMEOUT');
    await clock.advance(3000);
    expect(during.ended).toEqual([{ at: 6000, how: 2 }]);
  });

  it('ends with the reason where the job can be read no longer', async () => {
    const { clock, bkJob, wait } = start();
    const { ended } = wait();
    await clock.advance(0);
    bkJob.fail('PERMISSION_DENIED');
    await clock.advance(1000);
    expect(ended).toEqual([{ at: 1000, how: 'PERMISSION_DENIED' }]);
  });

  it('ends when its client leaves, and takes its reader with it', async () => {
    const { clock, bkJob, liveJobs, wait } = start();
    const { ended, controller } = wait();
    await clock.advance(100);
    controller.abort(new JobApiError('UPSTREAM_UNAVAILABLE'));
    await clock.advance(60_000);
    expect(ended).toEqual([{ at: 100, how: 'UPSTREAM_UNAVAILABLE' }]);
    expect([bkJob.reads.length, liveJobs.readers, clock.timers]).toEqual([1, 0, 0]);
  });

  it('answers with what it knows when its request has no time left', async () => {
    const { clock, wait } = start();
    const { ended, controller } = wait();
    await clock.advance(100);
    controller.abort(new JobApiError('UPSTREAM_TIMEOUT'));
    await clock.advance(0);
    expect(ended).toEqual([{ at: 100, how: 2 }]);
  });

  it('leaves a job alone that was not read with hosts when these are too late', async () => {
    const { clock, bkJob, liveJobs, wait } = start();
    bkJob.fail('UPSTREAM_TIMEOUT');
    const { ended, hostsAreLate } = wait({ hostDetail: true });
    await clock.advance(100);
    hostsAreLate();
    await clock.advance(0);
    expect(ended).toEqual([{ at: 100, how: 'nothing' }]);
    expect([liveJobs.readers, clock.timers]).toEqual([0, 0]);
  });

  it.each([
    ['that was read with hosts', true],
    ['that is to have no hosts', false],
  ])('goes on for a job %s when hosts are too late', async (_case, hostDetail) => {
    const { clock, wait } = start();
    const { ended, hostsAreLate } = wait({ hostDetail });
    await clock.advance(100);
    hostsAreLate();
    await clock.advance(19_900);
    expect(ended).toEqual([{ at: 20_000, how: 2 }]);
  });

  it('for a client that has left never begins', async () => {
    const { clock, bkJob, wait } = start();
    const signal = AbortSignal.abort(new JobApiError('UPSTREAM_UNAVAILABLE'));
    const { ended } = wait({ signal });
    await clock.advance(100);
    expect(ended.length).toBe(1);
    expect(bkJob.reads).toEqual([]);
  });

  it('shares the reader of whoever follows the same job', async () => {
    const { clock, bkJob, wait } = start();
    for (let count = 0; count < 20; count++) wait();
    await clock.advance(2000);
    expect(bkJob.reads.length).toBe(3);
  });

  it('for a failed job waits until that is sure', async () => {
    const { clock, bkJob, wait } = start();
    bkJob.become(failedJob);
    const { ended } = wait();
    await clock.advance(500);
    expect(ended).toEqual([{ at: 500, how: 4 }]);
  });
});
