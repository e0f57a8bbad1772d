/** Coarse states, as the schema closes them. */
export type Phase =
  'PENDING' | 'RUNNING' | 'BLOCKED' | 'SUCCEEDED' | 'FAILED' | 'STOPPED' | 'NEUTRAL' | 'UNRECOGNIZED';

/** What one step did on one host. */
export interface Host {
  readonly ip: string | null;
  readonly bkCloudId: string | null;
  readonly bkHostId: string | null;
  readonly phase: Phase;
  readonly status: string;
  readonly tag: string | null;
  readonly exitCode: number | null;
  readonly totalTime: number | null;
}

export interface Step {
  readonly stepInstanceId: string;
  readonly name: string;
  readonly type: string;
  readonly phase: Phase;
  readonly status: string;
  readonly executeCount: number;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly totalTime: number | null;
  /** Null where hosts cannot be read, or are too many to hand out. */
  readonly ipResults: readonly Host[] | null;
}

/** Hosts that failed alike. */
export interface FailureGroup {
  readonly count: number;
  readonly step: { readonly stepInstanceId: string; readonly name: string } | null;
  readonly phase: Phase | null;
  readonly status: string | null;
  readonly statusCode: number | null;
  readonly tag: string | null;
  readonly exitCode: number | null;
}

/** A job as one message shows it. */
export interface Job {
  readonly jobInstanceId: string;
  readonly name: string;
  readonly phase: Phase;
  readonly status: string;
  readonly finished: boolean;
  readonly createTime: string | null;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly totalTime: number | null;
  readonly webUrl: string | null;
  readonly revision: string | null;
  readonly observedAt: string;
  readonly pollInterval: number | null;
  readonly steps: readonly Step[] | null;
  readonly ipResultGroups: readonly FailureGroup[] | null;
}

/** An error of an answer. */
export interface AnswerError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly retryable?: boolean };
}

/** One answer of the service. */
export interface Answer {
  readonly data?: { readonly job?: Job | null } | null;
  readonly errors?: readonly AnswerError[];
}

/** Which job is followed, as whom. */
export interface Target {
  readonly scopeKind: string;
  readonly scopeId: string;
  readonly jobInstanceId: string;
  readonly headers: Readonly<Record<string, string>>;
}

const fields = `
  jobInstanceId name phase status finished createTime startTime endTime totalTime webUrl
  revision observedAt pollInterval
  steps {
    stepInstanceId name type phase status executeCount startTime endTime totalTime
    ipResults { ip bkCloudId bkHostId phase status tag exitCode totalTime }
  }
  ipResultGroups(by: [STEP, STATUS, TAG, EXIT_CODE], phase: [FAILED, STOPPED, UNRECOGNIZED], limit: 100) {
    count step { stepInstanceId name } phase status statusCode tag exitCode
  }`;

/** Follows a job, hosts and all. */
export const followDocument = `subscription Watch($scope: ScopeInput!, $job: ID!) {
  job: jobInstanceUpdated(scope: $scope, jobInstanceId: $job) {${fields}
  }
}`;

/** Tells whether a job that was over still is. */
export const stillOverDocument = `query StillOver($scope: ScopeInput!, $job: ID!) {
  job: jobInstance(scope: $scope, jobInstanceId: $job) { revision finished }
}`;

/** Variables of both. */
export function variablesOf({
  scopeKind,
  scopeId,
  jobInstanceId,
}: Target): Readonly<Record<string, unknown>> {
  return { scope: { [scopeKind]: scopeId }, job: jobInstanceId };
}
