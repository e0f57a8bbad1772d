import type { GraphQLResolveInfo } from 'graphql';
import type { Caller } from '../domain/caller.ts';
import type { JobApiError } from '../domain/errors.ts';
import type { JobReference } from '../domain/scope.ts';
import { turns, type LongWork } from '../event-loop/turns.ts';
import { createAnonymousJobFollowing, createJobFollowing, type JobFollowing } from '../live/job-following.ts';
import type { LiveJobs } from '../live/live-jobs.ts';
import { createAnonymousJobInstanceLoader, createJobInstanceLoader } from '../loaders/job-instance-loader.ts';
import type { JobInstanceLoader, JobInstanceLoaderOptions } from '../loaders/job-instance-loader.ts';
import type { OperationTrace } from './operation-trace.ts';
import { createRowBudget, type RowBudget } from './row-budget.ts';
import type { WrittenAnswer } from './written-answer.ts';

/** Object types whose selections can be looked into before anything is read. */
export type LookAheadType = 'JobInstance' | 'StepInstance' | 'StepIpResult' | 'JobInstanceLookup';

/** Says before the first upstream call what a root field will need. Its answers are remembered per document. */
export interface LookAhead {
  /** Whether the selection below the field, read as being on `type`, holds a field of hosts at any depth. */
  selectsHostDetail(info: GraphQLResolveInfo, type: LookAheadType): boolean;
}

/** Who asks: a caller, nobody (null), or credentials that were refused and why. */
export type Identification = Caller | JobApiError | null;

/** What one operation carries. A `type`, since transports want an index signature of a context. */
export type OperationContext = {
  readonly identification: Identification;
  /** Aborted when whoever asked is gone or has no time left. */
  readonly signal: NonNullable<JobInstanceLoaderOptions['signal']>;
  /** Is told what becomes of the operation; left out where nobody looks. */
  readonly trace?: OperationTrace | undefined;
  readonly jobInstanceLoader: JobInstanceLoader;
  readonly jobFollowing: JobFollowing;
  readonly lookAhead: LookAhead;
  readonly rowBudget: RowBudget;
  readonly written: WrittenAnswer;
  /** By which what takes long is done in pieces. */
  readonly longWork: LongWork;
  /** Is told of faults of this service that are handed out as data, and so pass no error formatting. */
  readonly report: (error: unknown) => void;
  /** Page of a job in the platform's web client; null where the settings do not tell its address. */
  readonly webUrl: (job: JobReference) => string | null;
};

/** What all operations of a process share. */
export interface OperationContextOptions extends Omit<
  JobInstanceLoaderOptions,
  'caller' | 'signal' | 'origin' | 'longWork'
> {
  readonly liveJobs: LiveJobs;
  readonly lookAhead: LookAhead;
  /** Address of the platform's web client; null where the settings do not tell. */
  readonly jobWebUrl: string | null;
  /** Is told of every fault of this service itself. */
  readonly report: (error: unknown) => void;
}

/** What a request brings to its operation. */
export type OperationRequest = Pick<OperationContext, 'identification' | 'signal' | 'trace'>;

/** Makes what one operation carries. Nothing in it outlives the operation or is shared between callers. */
export function createOperationContext(
  options: OperationContextOptions,
  { identification, signal, trace }: OperationRequest,
): OperationContext {
  const { jobApi, liveJobs, maxParallelReads, heldHosts, lookAhead, jobWebUrl, report } = options;
  const caller = identification === null || identification instanceof Error ? null : identification;
  const longWork = turns.begin(caller?.account ?? '');
  return {
    identification,
    signal,
    trace,
    jobInstanceLoader:
      caller === null
        ? createAnonymousJobInstanceLoader()
        : createJobInstanceLoader({
            jobApi,
            maxParallelReads,
            heldHosts,
            longWork,
            caller,
            signal,
            origin: trace,
          }),
    jobFollowing:
      caller === null ? createAnonymousJobFollowing() : createJobFollowing(liveJobs, caller, longWork),
    lookAhead,
    rowBudget: createRowBudget(),
    written: { bytes: null, listener: null, charge: null, place: null },
    longWork,
    report,
    webUrl: (job) => (jobWebUrl === null ? null : `${jobWebUrl}/api_execute/${job.jobInstanceId}`),
  };
}
