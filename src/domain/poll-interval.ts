import type { JobInstance } from './job-instance.ts';

/** Up to which age of a job it is worth while to look how often. Milliseconds. */
const schedule = [
  { upTo: 10_000, interval: 1000 },
  { upTo: 60_000, interval: 2000 },
  { upTo: 300_000, interval: 5000 },
] as const;

const longestInterval = 10_000;

/**
 * How long to wait before it is worth while to look again, in milliseconds; null once the job is over. bk-job itself
 * looks at running steps no more often (upstream contract 5.9).
 */
export function pollInterval(job: JobInstance): number | null {
  return job.finished ? null : intervalAtAge(job);
}

/** The same, also for a job that is over. A job without times is taken for an old one. */
export function intervalAtAge({ startTime, createTime, observedAt }: JobInstance): number {
  const begin = startTime ?? createTime;
  if (begin === null) return longestInterval;
  return schedule.find(({ upTo }) => observedAt - begin < upTo)?.interval ?? longestInterval;
}
