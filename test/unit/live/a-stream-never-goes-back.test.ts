import { describe, expect, it } from 'vitest';
import type { JobInstanceData } from '../../../src/domain/create-job-instance.ts';
import { createJoinedReads } from '../../../src/upstream/joined-reads.ts';
import { buildJob } from '../../support/build-job.ts';
import { callerNamed, job100, runningJob } from '../../support/live/in-memory-bk-job.ts';
import { createTestLiveJobs } from '../../support/live/test-live-jobs.ts';
import { createVirtualClock } from '../../support/live/virtual-clock.ts';

/** A read without hosts is answered after 5 ms, one with them after 3 s: each with the job as it was when it began. */
const plainMs = 5;
const hostsMs = 3000;

/** Followed jobs whose reads are shared with those of queries. */
function start() {
  const clock = createVirtualClock();
  let name = 'v1';
  const reads: boolean[] = [];
  const jobApi = createJoinedReads(
    ({ hostDetail }, _cancellation, outcome) => {
      reads.push(hostDetail);
      const data: Partial<JobInstanceData> = { ...runningJob, name, hostDetailRead: hostDetail };
      clock.after(hostDetail ? hostsMs : plainMs, () => {
        outcome.succeeded(buildJob(data));
      });
    },
    () => undefined,
  );
  const { liveJobs } = createTestLiveJobs(jobApi, { clock });
  const caller = callerNamed('alice');
  return {
    clock,
    reads,
    become: (next: string) => {
      name = next;
    },
    /** Asks as a query does, and notes what came of it. */
    query: (hostDetail: boolean) => {
      const said: string[] = [];
      void jobApi.fetchJobInstanceStatus(caller, job100, { hostDetail }).then((job) => said.push(job.name));
      return said;
    },
    /** Follows, and notes what is told. */
    follow: (hostDetail: boolean) => {
      const said: string[] = [];
      liveJobs.follow(caller, job100, {
        hostDetail,
        tell: (news) => said.push(news.kind === 'state' ? news.job.name : news.kind),
      });
      return said;
    },
  };
}

const changes = (said: readonly string[]) => said.filter((name, place) => name !== said[place - 1]);

describe('a stream beside queries of the same caller', () => {
  it('is told no state from before the one that it was told, though a query asked for it then', async () => {
    const { clock, become, query, follow } = start();
    const plain = follow(false);
    await clock.advance(900);
    const asked = query(true);
    become('v2');
    await clock.advance(600);
    const withHosts = follow(true);
    await clock.advance(8000);
    expect([asked, changes(plain), changes(withHosts)]).toEqual([['v1'], ['v1', 'v2'], ['v2']]);
  });

  it('is told nothing that a query asked for before it began', async () => {
    const { clock, become, query, follow } = start();
    query(true);
    await clock.advance(100);
    become('v2');
    const said = follow(true);
    await clock.advance(4000);
    expect(changes(said)).toEqual(['v2']);
  });

  it('has its reads shared by queries that come while they are under way', async () => {
    const { clock, reads, query, follow } = start();
    follow(true);
    await clock.advance(100);
    const asked = [query(true), query(true)];
    await clock.advance(hostsMs);
    expect([asked, reads]).toEqual([[['v1'], ['v1']], [true]]);
  });
});
