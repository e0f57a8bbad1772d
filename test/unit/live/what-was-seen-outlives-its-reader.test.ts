import { describe, expect, it } from 'vitest';
import type { JobInstanceData } from '../../../src/domain/create-job-instance.ts';
import { waitForJob } from '../../../src/live/wait-for-job.ts';
import { stepData } from '../../support/build-job.ts';
import { startFollowing } from '../../support/live/follow-jobs.ts';
import { callerNamed, failedJob, job100, runningJob } from '../../support/live/in-memory-bk-job.ts';

const inAttempt = (executeCount: number, job: Partial<JobInstanceData>) => ({
  ...job,
  steps: [stepData({ executeCount })],
});
const retried = inAttempt(1, runningJob);
/** What a replica that is behind says of the same job. */
const beforeRetry = inAttempt(0, failedJob);

const job = (jobInstanceId: string) => ({ ...job100, jobInstanceId });

/** Somebody was told of the second attempt of a job, and has left. */
async function followedBefore(...options: Parameters<typeof startFollowing>) {
  const following = startFollowing(...options);
  const { clock, bkJob, follow } = following;
  const look = async (asked: Parameters<typeof follow>[0] = {}): Promise<void> => {
    const { leave } = follow(asked);
    await clock.advance(0);
    leave();
  };
  bkJob.become(retried);
  await look();
  return { ...following, look };
}

describe('who follows a job again', () => {
  it('is not told an attempt before the one that was told', async () => {
    const { clock, bkJob, follow } = await followedBefore();
    bkJob.answerNext(beforeRetry, beforeRetry);
    const { said } = follow();
    await clock.advance(1000);
    expect(said()).toEqual([]);
    await clock.advance(1000);
    expect(said()).toEqual(['2']);
  });

  it('is not told one after it has joined and left without a word, either', async () => {
    const { clock, bkJob, follow } = await followedBefore();
    follow().leave();
    bkJob.answerNext(beforeRetry);
    const { said } = follow();
    await clock.advance(0);
    expect(said()).toEqual([]);
  });

  it('is not told that it is over by an attempt before the one in which it was', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.become(inAttempt(1, failedJob));
    const first = follow();
    await clock.advance(500);
    expect(first.said()).toEqual(['!4']);
    bkJob.become(beforeRetry);
    const second = follow();
    await clock.advance(10_000);
    expect(second.said()).toEqual([]);
  });

  it('or waits for it, gets no older one', async () => {
    const { clock, bkJob, liveJobs } = await followedBefore();
    bkJob.answerNext(beforeRetry);
    const condition = { until: 'FINISHED' } as const;
    const wait = { hostDetail: false, condition, timeout: 0, signal: new AbortController().signal };
    const waiting = waitForJob({ liveJobs, caller: callerNamed('alice'), job: job100 }, wait);
    await clock.advance(1000);
    expect((await waiting)?.steps[0]!.executeCount).toBe(1);
  });

  it('is told what bk-job says after a minute, whatever was told before', async () => {
    const { clock, bkJob, follow } = await followedBefore();
    await clock.advance(60_000);
    bkJob.become(beforeRetry);
    const { said } = follow();
    await clock.advance(500);
    expect(said()).toEqual(['!4']);
  });
});

describe('an attempt that is lower for good', () => {
  it('is told after a minute, though somebody followed the job all the time', async () => {
    const { clock, bkJob, follow } = await followedBefore();
    bkJob.become(beforeRetry);
    const { said } = follow();
    await clock.advance(59_000);
    expect(said()).toEqual([]);
    await clock.advance(11_000);
    expect(said()).toEqual(['!4']);
  });

  it('is told after a minute, however often clients come and go meanwhile', async () => {
    const { clock, bkJob, follow } = await followedBefore();
    bkJob.become(beforeRetry);
    for (let second = 0; second < 60; second += 5) {
      const { said, leave } = follow();
      await clock.advance(5000);
      leave();
      expect(said()).toEqual([]);
    }
    const { said } = follow();
    await clock.advance(500);
    expect(said()).toEqual(['!4']);
  });

  it('ends a wait after a minute', async () => {
    const { clock, bkJob, liveJobs } = await followedBefore();
    bkJob.become(inAttempt(0, runningJob));
    const condition = { until: 'FINISHED' } as const;
    const wait = { hostDetail: false, condition, timeout: 1000, signal: new AbortController().signal };
    const waiting = waitForJob({ liveJobs, caller: callerNamed('alice'), job: job100 }, wait);
    await clock.advance(70_000);
    expect((await waiting)?.steps[0]!.executeCount).toBe(0);
  });

  it('is told after a minute to who followed the job before, and is then what nothing older is told than', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.become(inAttempt(2, runningJob));
    const { said } = follow();
    await clock.advance(0);
    bkJob.become(retried);
    await clock.advance(59_000);
    expect(said()).toEqual(['2']);
    await clock.advance(11_000);
    const told = said().length;
    expect(told).toBeGreaterThan(1);
    bkJob.become(beforeRetry);
    await clock.advance(50_000);
    expect(said()).toHaveLength(told);
  });

  it('is confirmed where it is over, whatever was waiting for that before', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.become(inAttempt(1, failedJob));
    const { said } = follow();
    await clock.advance(0);
    bkJob.become(beforeRetry);
    await clock.advance(59_900);
    const { length } = bkJob.reads;
    while (bkJob.reads.length === length) await clock.advance(100);
    expect(said()).toEqual([]);
    await clock.advance(500);
    expect(said()).toEqual(['!4']);
  });
});

describe('an attempt that bk-job says again and again', () => {
  it('lasts a minute from the last time, by one reader and the next', async () => {
    const { clock, bkJob, follow } = await followedBefore();
    const { leave } = follow();
    await clock.advance(100_000);
    leave();
    bkJob.become(beforeRetry);
    const { said } = follow();
    await clock.advance(50_000);
    expect(said()).toEqual([]);
  });
});

describe('what was told of a job is kept', () => {
  it('for nobody else, and for no other job', async () => {
    const { clock, bkJob, follow } = await followedBefore();
    bkJob.become(beforeRetry);
    const others = [follow({ caller: callerNamed('bob') }), follow({ job: job('101') })];
    await clock.advance(500);
    expect(others.map(({ said }) => said())).toEqual([['!4'], ['!4']]);
  });

  it.each(['UNAUTHENTICATED', 'PERMISSION_DENIED', 'SERVICE_MISCONFIGURED'] as const)(
    'no longer once bk-job ends the rights of its reader by %s',
    async (code) => {
      const { clock, bkJob, follow, look } = await followedBefore();
      await look({ caller: callerNamed('bob') });
      bkJob.answerNext(code);
      const refused = follow({ job: job('101') });
      await clock.advance(0);
      expect(refused.said()).toEqual([`ended ${code}`]);
      bkJob.become(beforeRetry);
      const [alice, bob] = [follow(), follow({ caller: callerNamed('bob') })];
      await clock.advance(500);
      expect([alice.said(), bob.said()]).toEqual([['!4'], []]);
    },
  );

  it('no longer once the rights of its own reader end', async () => {
    const { clock, bkJob, follow } = await followedBefore();
    follow();
    await clock.advance(0);
    bkJob.answerNext('PERMISSION_DENIED');
    await clock.advance(1000);
    bkJob.become(beforeRetry);
    const { said } = follow();
    await clock.advance(500);
    expect(said()).toEqual(['!4']);
  });

  it('though bk-job fails in another way', async () => {
    const { clock, bkJob, follow } = await followedBefore();
    bkJob.answerNext('NOT_FOUND', beforeRetry);
    follow();
    await clock.advance(0);
    const { said } = follow();
    await clock.advance(0);
    expect(said()).toEqual([]);
  });

  it('of 10,000 steps at most, those of the latest that were left', async () => {
    const { clock, bkJob, follow, look } = await followedBefore();
    const steps = Array.from({ length: 5000 }, (_, at) =>
      stepData({ stepInstanceId: String(at + 1), executeCount: 1 }),
    );
    bkJob.become({ ...runningJob, steps });
    await look({ job: job('101') });
    await look({ job: job('102') });
    bkJob.become({ ...failedJob, steps: [stepData({ executeCount: 0 })] });
    const followers = ['100', '101', '102'].map((number) => follow({ job: job(number) }));
    await clock.advance(500);
    expect(followers.map(({ said }) => said())).toEqual([['!4'], [], []]);
  });

  it('for steps alone that were tried again', async () => {
    const { clock, bkJob, follow, look } = await followedBefore();
    const steps = Array.from({ length: 10_000 }, (_, at) => stepData({ stepInstanceId: String(at + 1) }));
    bkJob.become({ ...runningJob, steps });
    await look({ job: job('101') });
    bkJob.become(beforeRetry);
    const { said } = follow();
    await clock.advance(500);
    expect(said()).toEqual([]);
  });
});
