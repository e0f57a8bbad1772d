import type { JobReference, ScopeKind } from '../domain/scope.ts';

/** The id of the job's owner where that is of the given kind; null otherwise. It repeats the argument (schema.md 4). */
export function scopeIdOf({ scope }: JobReference, kind: ScopeKind): string | null {
  return scope.kind === kind ? scope.id : null;
}
