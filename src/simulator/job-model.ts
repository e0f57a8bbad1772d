/** Jobs as the embedded bk-job holds them. Ids are digits in text; times are milliseconds since 1970. */

/** What owns a job (bk_scope_type, bk_scope_id). */
export interface SimulatedScope {
  readonly type: 'biz' | 'biz_set' | 'tenant_set';
  readonly id: string;
}

/** A member that is null is sent as null, one that is undefined is left out of the JSON. */
type Maybe<Value> = Value | null | undefined;

interface SimulatedTimes {
  readonly startTime?: Maybe<number>;
  readonly endTime?: Maybe<number>;
  readonly totalTime?: Maybe<number>;
}

/** A host's row in a step. */
export interface SimulatedHost extends SimulatedTimes {
  readonly bkHostId?: Maybe<string>;
  readonly ip?: Maybe<string>;
  readonly bkCloudId?: Maybe<string>;
  readonly statusCode: number;
  readonly tag?: Maybe<string>;
  readonly exitCode?: Maybe<number>;
  readonly errorCode?: Maybe<number>;
}

/** A step in its latest attempt. */
export interface SimulatedStep extends SimulatedTimes {
  readonly stepInstanceId: string;
  readonly name: string;
  readonly statusCode: number;
  /** 1 script, 2 file, 3 confirmation, 4 SQL. */
  readonly typeCode: number;
  readonly executeCount: number;
  readonly createTime?: Maybe<number>;
  readonly hosts: readonly SimulatedHost[];
}

/** A job. */
export interface SimulatedJob extends SimulatedTimes {
  readonly scope: SimulatedScope;
  readonly jobInstanceId: string;
  readonly name: string;
  readonly statusCode: number;
  /** As bk-job derives it from the status where left out (upstream contract 4.1). */
  readonly finished?: boolean;
  readonly createTime?: Maybe<number>;
  /** Who started it, and may see it without view_history. */
  readonly operator: string;
  /** On containers: v3 cannot tell its hosts and fails (upstream contract 0.7). */
  readonly onContainers?: boolean;
  readonly steps: readonly SimulatedStep[];
}

/** Statuses that bk-job calls finished (RunStatusEnum, bk-job 3.12; upstream contract 4.1). */
const finishedStatusCodes: ReadonlySet<number> = new Set([3, 4, 5, 6, 8, 9, 11, 13, 14]);

/** Whether bk-job calls a job over. */
export function isFinished({ finished, statusCode }: SimulatedJob): boolean {
  return finished ?? finishedStatusCodes.has(statusCode);
}
