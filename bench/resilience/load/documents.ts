import type { PlannedRequest } from './plan.ts';

/** Numbers of the small jobs of the demonstration. */
export const smallJobs: readonly string[] = Array.from({ length: 60 }, (_, index) =>
  String(20_000_001_001 + index),
);

/** One query for each small job, as a page that shows jobs would send it. */
export const smallJobQueries: readonly PlannedRequest[] = smallJobs.map((jobInstanceId) => ({
  query: `query Job($job: ID!) {
    jobInstance(scope: { bkBizId: "2" }, jobInstanceId: $job) {
      name
      phase
      finished
      createTime
      steps { name phase totalTime }
    }
  }`,
  variables: { job: jobInstanceId },
}));
