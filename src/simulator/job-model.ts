/** What owns a job (bk_scope_type, bk_scope_id). */
export interface SimulatedScope {
  readonly type: 'biz' | 'biz_set' | 'tenant_set';
  readonly id: string;
}

/** A member that is null is sent as null, one that is undefined or not there is left out of the JSON. */
type Maybe<Value> = Value | null | undefined;

/** Times of a job, a step or a host: milliseconds since 1970, and the milliseconds that it took. */
export interface SimulatedTimes {
  readonly startTime?: Maybe<number>;
  readonly endTime?: Maybe<number>;
  readonly totalTime?: Maybe<number>;
}

/** A host's row in a step. Ids are digits in text; the numbers are those of upstream contract 4.3 and 4.4. */
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
  readonly name?: Maybe<string>;
  readonly statusCode: number;
  /** 1 script, 2 file, 3 confirmation, 4 SQL. */
  readonly typeCode?: Maybe<number>;
  /** 0 for the first attempt. */
  readonly executeCount?: Maybe<number>;
  readonly createTime?: Maybe<number>;
  /** Rows as they are sent when hosts are asked for, or what makes them then. */
  readonly hosts: Maybe<readonly SimulatedHost[] | (() => readonly SimulatedHost[])>;
}

/** A job as the embedded bk-job holds it, in its own numbers. */
export interface SimulatedJob extends SimulatedTimes {
  readonly scope: SimulatedScope;
  readonly jobInstanceId: string;
  /** bk_biz_id of the answer; the scope's id where it is not there. Null as with bkBizIdCompatible switched off. */
  readonly bkBizId?: string | null;
  readonly name?: Maybe<string>;
  readonly statusCode: number;
  /** As bk-job derives it from the status where it is not there (upstream contract 4.1). */
  readonly finished?: boolean;
  readonly createTime?: Maybe<number>;
  /** Who started it, and may see it without view_history; nobody where it is not there. */
  readonly operator?: string;
  /** On containers: v3 cannot tell their results and fails (upstream contract 0.7). */
  readonly onContainers?: boolean;
  readonly steps: readonly SimulatedStep[];
  /** What the job is there to show, in a sentence. Never sent to clients of bk-job. */
  readonly shows?: string;
}

/** Statuses that bk-job calls finished (RunStatusEnum, bk-job 3.12; upstream contract 4.1). */
const finishedStatusCodes: ReadonlySet<number> = new Set([3, 4, 5, 6, 8, 9, 11, 13, 14]);

/** Whether bk-job calls a job over. */
export function isFinished({ finished, statusCode }: SimulatedJob): boolean {
  return finished ?? finishedStatusCodes.has(statusCode);
}
