import { createLiveJobs, type LiveJobs, type LiveJobsOptions } from '../../../src/live/live-jobs.ts';
import type { JobApi } from '../../../src/upstream/job-api.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** Followed jobs over an upstream in memory, on a clock that stands still until it is told to go. */
export function createTestLiveJobs(
  jobApi: JobApi,
  options: Partial<Omit<LiveJobsOptions, 'clock' | 'jobApi'>> & { readonly clock?: VirtualClock } = {},
): { readonly liveJobs: LiveJobs; readonly clock: VirtualClock } {
  const clock = options.clock ?? createVirtualClock();
  const liveJobs = createLiveJobs({
    pace: { jitter: 0.1, largeJobHosts: 5000, largeJobMinInterval: 5000 },
    maxPollsPerSecond: 50,
    ...options,
    jobApi,
    clock,
  });
  return { liveJobs, clock };
}
