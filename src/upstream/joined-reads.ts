import type { Caller } from '../domain/caller.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { JobReference } from '../domain/scope.ts';
import type { JobApi, JobInstanceStatusRead } from './job-api.ts';

/**
 * Lets equal reads share one call while it is under way: fifty dashboards of one user that ask for the same job at
 * once cost bk-job one read. Only reads of equal callers are equal, since what one may see another may not; the key
 * holds the caller's fingerprint, which is equal exactly where everything forwarded is. Nothing is remembered: with
 * the answer, or the failure, the read is over for all who share it, and the next one asks anew.
 */
export function createJoinedReads(jobApi: JobApi): JobApi {
  const underWay = new Map<string, Promise<JobInstance>>();
  return {
    fetchJobInstanceStatus: (caller, job, read) => {
      const key = readKey(caller, job, read);
      const earlier = underWay.get(key);
      if (earlier !== undefined) {
        read.origin?.readJoined();
        return earlier;
      }
      const result = jobApi.fetchJobInstanceStatus(caller, job, read).finally(() => underWay.delete(key));
      underWay.set(key, result);
      return result;
    },
  };
}

/** No part can hold a space, so no two reads make the same key. */
function readKey(
  { fingerprint }: Caller,
  { scope, jobInstanceId }: JobReference,
  { hostDetail }: JobInstanceStatusRead,
): string {
  return [fingerprint, scope.kind, scope.id, jobInstanceId, String(hostDetail)].join(' ');
}
