import { describe, expect, it } from 'vitest';
import { stepData } from '../../support/build-job.ts';
import { callerNamed, failedJob, job100, runningJob } from '../../support/live/in-memory-bk-job.ts';
import { startFollowing } from '../../support/live/follow-jobs.ts';
import { createVirtualClock } from '../../support/live/virtual-clock.ts';

const at = (reads: readonly { readonly at: number }[]) => reads.map((read) => read.at);

describe('a follower', () => {
  it('is told the state at once and then after every read, at the pace of bk-job itself', async () => {
    const { clock, bkJob, follow } = startFollowing();
    const { said } = follow();
    await clock.advance(0);
    expect(said()).toEqual(['2']);
    await clock.advance(16_000);
    expect(at(bkJob.reads)).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((second) => second * 1000),
      ...[12_000, 14_000, 16_000],
    ]);
  });

  it('shares the reader of all who are the same, whoever leaves first', async () => {
    const { clock, bkJob, liveJobs, follow } = startFollowing();
    const followers = Array.from({ length: 50 }, () => follow());
    await clock.advance(3000);
    expect(bkJob.reads.length).toBe(4);
    for (const { leave } of followers.slice(0, 49)) leave();
    await clock.advance(1000);
    expect(bkJob.reads.length).toBe(5);
    expect(followers[49]!.news.length).toBe(5);
    expect(liveJobs.readers).toBe(1);
  });

  it('never shares it with another, nor with another job', async () => {
    const { clock, bkJob, liveJobs, follow } = startFollowing();
    follow();
    follow({ caller: callerNamed('bob') });
    follow({ job: { ...job100, scope: { kind: 'biz_set', id: '2' } } });
    await clock.advance(0);
    expect(bkJob.reads.map(({ user }) => user)).toEqual(['alice', 'bob', 'alice']);
    expect(liveJobs.readers).toBe(3);
  });

  it('who joins gets the newest state at once, without a read', async () => {
    const { clock, bkJob, follow } = startFollowing();
    follow();
    await clock.advance(500);
    const { said } = follow();
    await clock.advance(0);
    expect(said()).toEqual(['2']);
    expect(bkJob.reads.length).toBe(1);
  });

  it('is told nothing any more once it has left', async () => {
    const { clock, follow } = startFollowing();
    follow();
    const { news, leave } = follow();
    await clock.advance(0);
    leave();
    leave();
    await clock.advance(5000);
    expect(news.length).toBe(1);
  });
});

describe('the last one who leaves', () => {
  it.each([0, 500])(
    'leaves nothing behind: no timer and no reader, %i ms after the first read',
    async (ms) => {
      const { clock, bkJob, liveJobs, follow } = startFollowing();
      const followers = [follow(), follow({ hostDetail: true })];
      await clock.advance(ms);
      for (const { leave } of followers) leave();
      expect(liveJobs.readers).toBe(0);
      expect(clock.timers).toBe(0);
      const reads = bkJob.reads.length;
      await clock.advance(60_000);
      expect(bkJob.reads.length).toBe(reads);
    },
  );

  it('has the read that is under way given up', async () => {
    const { clock, bkJob, liveJobs, follow } = startFollowing();
    const release = bkJob.hold();
    const { news, leave } = follow();
    await clock.advance(100);
    leave();
    expect(bkJob.reads[0]!.signal?.aborted).toBe(true);
    release();
    await clock.advance(60_000);
    expect(news).toEqual([]);
    expect([bkJob.reads.length, liveJobs.readers, clock.timers]).toEqual([1, 0, 0]);
  });

  it('has no later follower get an answer that was asked for before', async () => {
    const { clock, bkJob, follow } = startFollowing();
    const release = bkJob.hold();
    follow().leave();
    const { said } = follow();
    await clock.advance(0);
    bkJob.become(failedJob);
    release();
    await clock.advance(10_000);
    expect(said()).toEqual(['!4']);
  });
});

describe('hosts', () => {
  it('are read while somebody wants them, and no longer', async () => {
    const { clock, bkJob, follow } = startFollowing();
    follow();
    await clock.advance(1500);
    const { leave, said } = follow({ hostDetail: true });
    await clock.advance(0);
    expect(said()).toEqual(['2']);
    await clock.advance(1000);
    leave();
    await clock.advance(1000);
    expect(bkJob.reads.map(({ hostDetail }) => hostDetail)).toEqual([false, false, true, true, false]);
    expect(at(bkJob.reads)).toEqual([0, 1000, 1500, 2500, 3500]);
  });

  it('of a plain read never look like none to who wants them', async () => {
    const { clock, bkJob, follow } = startFollowing();
    const release = bkJob.hold();
    follow();
    await clock.advance(0);
    const { news } = follow({ hostDetail: true });
    release();
    await clock.advance(100);
    expect(news.map((one) => one.kind === 'state' && one.job.hostDetail.kind)).toEqual(['read']);
  });

  it('of a large job are read less often', async () => {
    const { clock, bkJob, follow } = startFollowing({
      pace: { jitter: 0.1, largeJobHosts: 1, largeJobMinInterval: 5000 },
    });
    const hosts = [{ ip: '192.0.2.1', bkCloudId: '0', bkHostId: '1' }];
    const row = { statusCode: 7, tag: '', exitCode: null, errorCode: null };
    const times = { startTime: 1, endTime: null, totalTime: null };
    bkJob.become({
      ...runningJob,
      steps: [stepData({ ipResults: hosts.map((h) => ({ ...h, ...row, ...times })) })],
    });
    follow({ hostDetail: true });
    await clock.advance(11_000);
    expect(at(bkJob.reads)).toEqual([0, 5000, 10_000]);
  });

  it('that cannot be read are said to be missing where the job has changed, and are waited for where it has not', async () => {
    const { clock, bkJob, follow } = startFollowing();
    const { news, said } = follow({ hostDetail: true });
    await clock.advance(0);
    bkJob.failHosts('UPSTREAM_TIMEOUT');
    await clock.advance(1000);
    expect(said()).toEqual(['2', 'unread UPSTREAM_TIMEOUT']);
    bkJob.become({ ...runningJob, name: 'renamed' });
    await clock.advance(2000);
    expect(news.at(-1)).toMatchObject({
      kind: 'state',
      job: { name: 'renamed', hostDetail: { kind: 'failed' } },
    });
  });

  it('that never come keep nobody waiting for the job', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.failHosts('UPSTREAM_ERROR');
    const { news } = follow({ hostDetail: true });
    await clock.advance(0);
    expect(news).toMatchObject([{ kind: 'state', job: { hostDetail: { kind: 'failed' } } }]);
  });
});

describe('a bk-job that does not answer', () => {
  it('is waited for, less and less often, and seen again within two seconds', async () => {
    const { clock, bkJob, follow } = startFollowing();
    const { said, news } = follow();
    await clock.advance(0);
    bkJob.fail('UPSTREAM_UNAVAILABLE');
    await clock.advance(9000);
    expect(at(bkJob.reads)).toEqual([0, 1000, 2000, 4000, 6000, 8000]);
    expect(new Set(said().slice(1))).toEqual(new Set(['unread UPSTREAM_UNAVAILABLE']));
    bkJob.fail(null);
    await clock.advance(1000);
    expect(news.at(-1)?.kind).toBe('state');
  });

  it('that asks for a pause gets it', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.fail('RATE_LIMITED', { retryAfter: 7000 });
    follow();
    await clock.advance(6999);
    expect(bkJob.reads.length).toBe(1);
    await clock.advance(1);
    expect(bkJob.reads.length).toBe(2);
  });

  it('costs a joiner nothing: the last known state comes at once', async () => {
    const { clock, bkJob, follow } = startFollowing();
    follow();
    await clock.advance(0);
    bkJob.fail('UPSTREAM_TIMEOUT');
    await clock.advance(5000);
    const { news } = follow();
    await clock.advance(0);
    expect(news).toMatchObject([{ kind: 'state', job: { observedAt: 0 } }]);
  });

  it('holds back no end that was not confirmed before', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.answerNext(failedJob, 'UPSTREAM_UNAVAILABLE');
    bkJob.become(failedJob);
    const { said } = follow();
    await clock.advance(3000);
    expect(said()).toEqual(['unread UPSTREAM_UNAVAILABLE', '!4']);
  });

  it.each([
    'NOT_FOUND',
    'PERMISSION_DENIED',
    'UNAUTHENTICATED',
    'BAD_USER_INPUT',
    'SERVICE_MISCONFIGURED',
    'INTERNAL_SERVER_ERROR',
  ] as const)('for a reason that does not heal ends it: %s', async (code) => {
    const { clock, bkJob, liveJobs, follow } = startFollowing();
    const followers = [follow(), follow()];
    await clock.advance(0);
    bkJob.fail(code);
    await clock.advance(60_000);
    for (const { said } of followers) expect(said()).toEqual(['2', `ended ${code}`]);
    expect([bkJob.reads.length, liveJobs.readers, clock.timers]).toEqual([2, 0, 0]);
  });
});

describe('many readers', () => {
  it('begin no faster than bk-job is to be asked, and take turns', async () => {
    const { clock, bkJob, follow } = startFollowing({ maxPollsPerSecond: 5 });
    for (let number = 1; number <= 20; number++) {
      follow({ job: { ...job100, jobInstanceId: String(number) } });
    }
    follow({ caller: callerNamed('bob') });
    await clock.advance(0);
    expect(bkJob.reads.length).toBe(5);
    await clock.advance(400);
    expect(bkJob.reads.slice(0, 7).map(({ user }) => user)).toContain('bob');
    await clock.advance(9600);
    const perSecond = Array.from(
      { length: 10 },
      (_, second) => bkJob.reads.filter((read) => Math.floor(read.at / 1000) === second).length,
    );
    expect(perSecond[0]).toBeLessThanOrEqual(10);
    expect(Math.max(...perSecond.slice(1))).toBeLessThanOrEqual(6);
    expect(new Set(bkJob.reads.map(({ jobInstanceId }) => jobInstanceId)).size).toBe(21);
  });

  it('that are gone before their turn are never begun', async () => {
    const { clock, bkJob, follow } = startFollowing({ maxPollsPerSecond: 1 });
    const jobs = ['1', '2', '3'].map((jobInstanceId) => follow({ job: { ...job100, jobInstanceId } }));
    for (const { leave } of jobs.slice(1)) leave();
    await clock.advance(0);
    jobs[0]!.leave();
    expect(clock.timers).toBe(0);
    await clock.advance(10_000);
    expect(bkJob.reads.map(({ jobInstanceId }) => jobInstanceId)).toEqual(['1']);
  });

  it('do not march in step', async () => {
    const random = [0, 0.999];
    const { clock, bkJob, follow } = startFollowing({
      clock: createVirtualClock(() => random.shift() ?? 0.5),
    });
    follow();
    follow({ caller: callerNamed('bob') });
    await clock.advance(1500);
    expect(at(bkJob.reads)[2]).toBe(900);
    expect(at(bkJob.reads)[3]).toBeCloseTo(1099.8);
  });
});
