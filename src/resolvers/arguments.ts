import { JobApiError } from '../domain/errors.ts';
import { parseUpstreamId } from '../domain/identifiers.ts';
import type { JobReference, Scope, ScopeKind } from '../domain/scope.ts';
import type { ScopeInput } from '../generated/resolvers-types.ts';

const kindOfField = {
  bkBizId: 'biz',
  bkBizSetId: 'biz_set',
  bkTenantSetId: 'tenant_set',
} as const satisfies Record<keyof ScopeInput, ScopeKind>;

const scopeFields = Object.entries(kindOfField).map(([field, kind]) => ({
  field: field as keyof ScopeInput,
  kind,
  argument: `scope.${field}`,
}));

/** The scope of an input of which exactly one field is given. Throws BAD_USER_INPUT. */
export function toScope(input: ScopeInput): Scope {
  for (const { field, kind, argument } of scopeFields) {
    const id = input[field];
    if (id !== undefined) return { kind, id: parseUpstreamId(id, argument) };
  }
  throw new JobApiError('BAD_USER_INPUT', 'The scope must name a business, a business set or a tenant set.');
}

/** The job that a pair of arguments names. Throws BAD_USER_INPUT. */
export function toJobReference(scope: ScopeInput, jobInstanceId: string): JobReference {
  return { scope: toScope(scope), jobInstanceId: parseUpstreamId(jobInstanceId, 'jobInstanceId') };
}
