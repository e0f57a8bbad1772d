import { describe, expect, it } from 'vitest';
import { stepData } from '../../support/build-job.ts';
import { startFollowing } from '../../support/live/follow-jobs.ts';
import { failedJob, finishedJob, runningJob } from '../../support/live/in-memory-bk-job.ts';

const at = (reads: readonly { readonly at: number }[]) => reads.map((read) => read.at);
const attempt = (executeCount: number, statusCode = 2) => [stepData({ executeCount, statusCode })];

describe('the end', () => {
  it('is told once, and nobody reads any more', async () => {
    const { clock, bkJob, liveJobs, follow } = startFollowing();
    const followers = [follow(), follow({ hostDetail: true })];
    await clock.advance(0);
    bkJob.become(finishedJob);
    await clock.advance(60_000);
    for (const { said } of followers) expect(said().filter((one) => one === '!3')).toEqual(['!3']);
    expect([liveJobs.readers, clock.timers]).toEqual([0, 0]);
  });

  it('of a success costs one read', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.become(finishedJob);
    const { said } = follow();
    await clock.advance(60_000);
    expect(said()).toEqual(['!3']);
    expect(bkJob.reads.length).toBe(1);
  });

  it('of a job with a step that comes twice, in two attempts, is told like any other', async () => {
    const { clock, bkJob, follow } = startFollowing();
    const steps = (statusCode: number) => [...attempt(1, statusCode), ...attempt(2, statusCode)];
    bkJob.become({ ...runningJob, steps: steps(2) });
    const { said } = follow();
    await clock.advance(1000);
    bkJob.become({ ...finishedJob, steps: steps(3) });
    await clock.advance(1000);
    expect(said()).toEqual(['2', '2', '!3']);
  });

  it('that can be undone is read once more before it is told', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.become(failedJob);
    const { said } = follow();
    await clock.advance(499);
    expect(said()).toEqual([]);
    await clock.advance(1);
    expect(said()).toEqual(['!4']);
    expect(at(bkJob.reads)).toEqual([0, 500]);
  });

  it('is not confirmed too soon because somebody joins', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.become(failedJob);
    const first = follow();
    await clock.advance(10);
    const joiners = [follow(), follow({ hostDetail: true })];
    await clock.advance(490);
    for (const { said } of [first, ...joiners]) expect(said()).toEqual(['!4']);
    expect(at(bkJob.reads)).toEqual([0, 500]);
  });

  it('that steps contradict is read once more, and told when they agree', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.answerNext({ ...finishedJob, steps: attempt(0, 2) });
    bkJob.become({ ...finishedJob, steps: attempt(0, 3) });
    const { news } = follow();
    await clock.advance(500);
    expect(news).toMatchObject([{ isOver: true, job: { steps: [{ statusCode: 3 }] } }]);
  });

  it('that steps contradict for good is told all the same', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.become({ ...finishedJob, steps: attempt(0, 2) });
    const { said } = follow();
    await clock.advance(500);
    expect(said()).toEqual(['!3']);
  });

  it('is none where the job is retried before it is confirmed', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.answerNext(runningJob, failedJob);
    bkJob.become({ ...runningJob, steps: attempt(1) });
    const { said } = follow();
    await clock.advance(1500);
    expect(said()).toEqual(['2', '2']);
    bkJob.become({ ...finishedJob, steps: attempt(1, 3) });
    await clock.advance(2000);
    expect(said().at(-1)).toBe('!3');
  });

  it('is known to whoever comes when others still wait for its hosts', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.become(finishedJob);
    const release = bkJob.hold();
    const plain = follow();
    await clock.advance(0);
    const withHosts = follow({ hostDetail: true });
    release();
    bkJob.hold();
    await clock.advance(0);
    const late = follow();
    await clock.advance(0);
    expect([plain.said(), withHosts.said(), late.said()]).toEqual([['!3'], [], ['!3']]);
  });

  it('of one operation is not that of the next: a retried job is followed on', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.become(failedJob);
    const first = follow();
    await clock.advance(1000);
    expect(first.said()).toEqual(['!4']);
    bkJob.become({ ...runningJob, steps: attempt(1) });
    const second = follow();
    await clock.advance(0);
    expect(second.said()).toEqual(['2']);
  });
});

describe('order', () => {
  it('is that of attempts: a step never goes back to an earlier one', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.answerNext(
      { ...runningJob, steps: attempt(1) },
      { ...failedJob, steps: attempt(0, 4) },
      { ...failedJob, steps: attempt(0, 4) },
    );
    bkJob.become({ ...runningJob, steps: attempt(1) });
    const { news } = follow();
    await clock.advance(4000);
    expect(news.map((one) => one.kind === 'state' && one.job.steps[0]!.executeCount)).toEqual([1, 1, 1]);
  });

  it('is that of reads otherwise: what was over may run again', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.answerNext({ ...runningJob, statusCode: 7 }, runningJob, { ...runningJob, statusCode: 10 });
    const { said } = follow();
    await clock.advance(3000);
    expect(said()).toEqual(['7', '2', '10', '2']);
  });
});
