import { describe, expect, it } from 'vitest';
import { createJobFollowing } from '../../../src/live/job-following.ts';
import type { JobApiError } from '../../../src/domain/errors.ts';
import { startFollowing } from '../../support/live/follow-jobs.ts';
import { callerNamed, finishedJob, job100, runningJob } from '../../support/live/in-memory-bk-job.ts';
import { undisturbed } from '../../support/long-work.ts';

describe.each(['UPSTREAM_ERROR', 'UPSTREAM_BAD_RESPONSE'] as const)('a bk-job that answers %s', (code) => {
  const unread = `unread ${code}`;

  it('three times in a row from the start ends the stream with it', async () => {
    const { clock, bkJob, liveJobs, follow } = startFollowing();
    bkJob.fail(code);
    const followers = [follow(), follow({ hostDetail: true })];
    await clock.advance(2999);
    for (const { said } of followers) expect(said()).toEqual([unread, unread]);
    await clock.advance(60_000);
    for (const { said } of followers) expect(said()).toEqual([unread, unread, `ended ${code}`]);
    expect([liveJobs.readers, clock.timers]).toEqual([0, 0]);
  });

  it('three times in a row after the job was told ends it, too', async () => {
    const { clock, bkJob, liveJobs, follow } = startFollowing();
    const { said } = follow();
    await clock.advance(0);
    bkJob.fail(code);
    await clock.advance(60_000);
    expect(said()).toEqual(['2', unread, unread, `ended ${code}`]);
    expect([bkJob.reads.length, liveJobs.readers, clock.timers]).toEqual([4, 0, 0]);
  });

  it('twice, and then not, is waited out, however often', async () => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.answerNext(code, code, runningJob, code, code, 'UPSTREAM_TIMEOUT', code, code);
    const { said } = follow();
    await clock.advance(20_000);
    expect(said().slice(0, 9)).toEqual([
      ...[unread, unread, '2'],
      ...[unread, unread, 'unread UPSTREAM_TIMEOUT', unread, unread, '2'],
    ]);
  });

  it('three times in a row ends a wait with it', async () => {
    const { clock, bkJob, liveJobs } = startFollowing();
    const following = createJobFollowing(liveJobs, callerNamed('alice'), undisturbed);
    const condition = { until: 'FINISHED' } as const;
    const { signal } = new AbortController();
    const wait = following.wait(job100, { hostDetail: false, condition, timeout: 20_000, signal });
    const ended = wait.then(
      () => 'answered',
      (error: unknown) => `${(error as JobApiError).code} ${String(clock.now())}`,
    );
    await clock.advance(0);
    bkJob.fail(code);
    await clock.advance(20_000);
    expect(await ended).toBe(`${code} 4000`);
  });

  it('where hosts are asked for, and nothing else, tells the job without them after three times', async () => {
    const { clock, bkJob, follow } = startFollowing();
    const withHosts = follow({ hostDetail: true });
    const plain = follow();
    await clock.advance(0);
    bkJob.failHosts(code);
    await clock.advance(4000);
    expect(withHosts.said()).toEqual(['2', unread, unread, '2']);
    expect(withHosts.news.at(-1)).toMatchObject({ job: { hostDetail: { kind: 'failed', error: { code } } } });
    expect(plain.said()).toEqual(withHosts.said());
    bkJob.failHosts(null);
    bkJob.become(finishedJob);
    await clock.advance(2000);
    expect(withHosts.said().at(-1)).toBe('!3');
  });
});

it.each(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'RATE_LIMITED'] as const)(
  'a bk-job that answers %s is waited for as long as it takes',
  async (code) => {
    const { clock, bkJob, follow } = startFollowing();
    bkJob.fail(code);
    const { said } = follow();
    await clock.advance(60_000);
    expect(new Set(said())).toEqual(new Set([`unread ${code}`]));
    bkJob.fail(null);
    await clock.advance(2000);
    expect(said()).toContain('2');
  },
);
