import type { GraphQLResolveInfo } from 'graphql';
import type { JobInstance } from '../domain/job-instance.ts';
import type { JobReference } from '../domain/scope.ts';

/** Object types whose selections can be looked into before anything is read. */
export type LookAheadType = 'JobInstance' | 'StepInstance' | 'StepIpResult' | 'JobInstanceLookup';

/** Says before the first upstream call what a root field will need. Its answers are remembered per document. */
export interface LookAhead {
  /** Whether the selection below the field, read as being on `type`, holds a field of hosts at any depth. */
  selectsHostDetail(info: GraphQLResolveInfo, type: LookAheadType): boolean;
}

/** Jobs of one operation. All needs stated in one tick are merged: each distinct job is read once. */
export interface JobInstanceLoader {
  /** Rejects with a `JobApiError`. With `hostDetail` the job's `hostDetail` is `read` or `failed`. */
  load(job: JobReference, need: { readonly hostDetail: boolean }): Promise<JobInstance>;
}

/** What one operation carries. A `type`, since transports want an index signature of a context. */
export type OperationContext = {
  readonly jobInstanceLoader: JobInstanceLoader;
  readonly lookAhead: LookAhead;
  /** Page of a job in the platform's web client; null where the settings do not tell its address. */
  readonly webUrl: (job: JobReference) => string | null;
};
