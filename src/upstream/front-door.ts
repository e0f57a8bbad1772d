import type { Caller } from '../domain/caller.ts';
import { parseUpstreamId } from '../domain/identifiers.ts';
import type { JobReference } from '../domain/scope.ts';
import type { HttpRequest } from './http-request.ts';
import type { JobInstanceStatusRead } from './job-api.ts';

/** One way into bk-job: makes requests, sends none. */
export interface FrontDoor {
  /** get_job_instance_status. Throws a `JobApiError` where a value cannot be sent. */
  jobInstanceStatusRequest(caller: Caller, job: JobReference, read: JobInstanceStatusRead): HttpRequest;
}

/** How a business is named: as a scope, or by the older bk_biz_id alone (upstream contract 1.2). */
export type ScopeParameters = 'scope' | 'bk_biz_id';

/**
 * Parameters that name a job. bk_biz_id and job_instance_id are numbers, the others are texts; a set has no other name
 * than its scope. Throws BAD_USER_INPUT where an id is none, since it would stand in JSON without quotes.
 */
export function jobParameters(
  { scope, jobInstanceId }: JobReference,
  form: ScopeParameters,
): Readonly<Record<string, string>> {
  const scopeId = parseUpstreamId(scope.id, 'scope');
  const id = parseUpstreamId(jobInstanceId, 'jobInstanceId');
  return scope.kind === 'biz' && form === 'bk_biz_id'
    ? { bk_biz_id: scopeId, job_instance_id: id }
    : { bk_scope_type: scope.kind, bk_scope_id: scopeId, job_instance_id: id };
}
