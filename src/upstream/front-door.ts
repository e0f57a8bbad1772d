import type { Caller } from '../domain/caller.ts';
import type { JobReference, Scope } from '../domain/scope.ts';
import type { HttpRequest } from './http-request.ts';
import type { JobInstanceStatusRead } from './job-api.ts';

/** One way into bk-job: makes requests, sends none. */
export interface FrontDoor {
  /** get_job_instance_status. Throws a `JobApiError` where the caller's values cannot be sent. */
  jobInstanceStatusRequest(caller: Caller, job: JobReference, read: JobInstanceStatusRead): HttpRequest;
}

/** How a business is named: as a scope, or by the older bk_biz_id alone (upstream contract 1.2). */
export type ScopeParameters = 'scope' | 'bk_biz_id';

/** Parameters of a scope. bk_biz_id is a number, the others are texts. A set has no other name than its scope. */
export function scopeParameters(
  { kind, id }: Scope,
  form: ScopeParameters,
): Readonly<Record<string, string>> {
  return kind === 'biz' && form === 'bk_biz_id'
    ? { bk_biz_id: id }
    : { bk_scope_type: kind, bk_scope_id: id };
}
