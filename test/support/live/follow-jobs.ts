import type { JobNews } from '../../../src/live/job-reader.ts';
import { callerNamed, createInMemoryBkJob, job100 } from './in-memory-bk-job.ts';
import { createTestLiveJobs } from './test-live-jobs.ts';
import { createVirtualClock } from './virtual-clock.ts';

/** Followed jobs over a bk-job in memory, on a clock that goes when the test says so. */
export function startFollowing(options: Parameters<typeof createTestLiveJobs>[1] = {}) {
  const clock = options.clock ?? createVirtualClock();
  const bkJob = createInMemoryBkJob(() => clock.now());
  const { liveJobs } = createTestLiveJobs(bkJob, { ...options, clock });

  /** Follows and notes what is told: status codes, ! before one that is over, or the code of an error. */
  function follow({ caller = callerNamed('alice'), job = job100, hostDetail = false } = {}) {
    const news: JobNews[] = [];
    const leave = liveJobs.follow(caller, job, { hostDetail, tell: (one) => news.push(one) });
    return { news, leave, said: () => news.map(shortly) };
  }
  return { clock, bkJob, liveJobs, follow };
}

function shortly(news: JobNews): string {
  if (news.kind !== 'state') return `${news.kind} ${news.error.code}`;
  return `${news.isOver ? '!' : ''}${String(news.job.statusCode)}`;
}
