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

/** Number of a job on so many hosts that the page of a job has to be read in parts. */
export const mediumJob = { jobInstanceId: '60000000001', hosts: 300 } as const;

const ofMediumJob = (selection: string): Omit<PlannedRequest, 'weight'> => ({
  query: `query Medium($job: ID!) {
    jobInstance(scope: { bkBizId: "2" }, jobInstanceId: $job) {
      name
      phase
      finished
      steps { name phase totalTime ${selection} }
    }
  }`,
  variables: { job: mediumJob.jobInstanceId },
});

/** What a dashboard asks: small jobs mostly, the hosts of a larger one that failed, and now and then all of them. */
export const dashboardQueries: readonly PlannedRequest[] = [
  ...smallJobQueries.map((query) => ({ ...query, weight: 50 / smallJobQueries.length })),
  { ...ofMediumJob('ipResults(phase: FAILED) { ip status exitCode tag }'), weight: 35 },
  { ...ofMediumJob('ipResults { ip status exitCode startTime totalTime }'), weight: 15 },
];
