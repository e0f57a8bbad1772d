/** Kinds of owners a job can have, in bk-job's own words (bk_scope_type; upstream contract 1.2). */
export type ScopeKind = 'biz' | 'biz_set' | 'tenant_set';

/** What owns a job: one business, one business set or one tenant set. `id` is a 64-bit number as text. */
export interface Scope {
  readonly kind: ScopeKind;
  readonly id: string;
}

/** Names one job for sure: bk-job resolves a job number only inside its scope. */
export interface JobReference {
  readonly scope: Scope;
  readonly jobInstanceId: string;
}
