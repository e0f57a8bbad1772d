import { createHmac, randomBytes } from 'node:crypto';
import type { Caller } from '../domain/caller.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { JobApi } from './job-api.ts';

/** Numbers are those of the field: 20 calls of which half fail, within 30 seconds, to three callers or more. */
const thresholds = {
  rollingDuration: 30_000,
  requestThreshold: 20,
  callerThreshold: 3,
  errorThreshold: 0.5,
  sleepWindow: 1000,
};

/**
 * Spares bk-job while it is down: callers learn so at once instead of each waiting for a time limit, and bk-job is not
 * asked until a second has passed, then by one call. Reads with hosts have a breaker of their own, since they can be
 * too much for a bk-job that still answers plain ones.
 */
export function createSparingJobApi(jobApi: JobApi, now: () => number): JobApi {
  const digestKey = randomBytes(32);
  // By who somebody is alone: with other headers one user would count for several callers.
  const userOf = ({ proof }: Caller): string =>
    createHmac('sha256', digestKey).update(`${proof.kind} ${proof.value}`).digest('base64url');
  const plain = createCircuitBreaker({ ...thresholds, now });
  const withHosts = createCircuitBreaker({ ...thresholds, now });
  return {
    fetchJobInstanceStatus: (caller, job, read) =>
      (read.hostDetail ? withHosts : plain).run(userOf(caller), () =>
        jobApi.fetchJobInstanceStatus(caller, job, read),
      ),
  };
}
