/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/**
 * Exact state of a step on one host. May grow; switch over `phase` instead.
 * FAILED is code 11 and nothing else; for all failures ask for phase FAILED.
 */
export type IpResultStatus =
  /** 1: agent abnormal. */
  | 'AGENT_ABNORMAL'
  /** 310: agent error. */
  | 'AGENT_ERROR'
  /** 18: no agent installed; never ran. */
  | 'AGENT_NOT_INSTALLED'
  /** 12: the task could not be sent to the host. */
  | 'DISPATCH_FAILED'
  /** 11: failed. This one code only. */
  | 'FAILED'
  /** 320: file could not be fetched. */
  | 'FILE_FETCH_FAILED'
  /** 17: fetching the file log timed out. */
  | 'FILE_LOG_TIMED_OUT'
  /** 301: file task failed for a reason without a class of its own. */
  | 'FILE_TASK_FAILED'
  /** 303: file task timed out. */
  | 'FILE_TIMED_OUT'
  /** 321: file over the size limit. */
  | 'FILE_TOO_LARGE'
  /** 329: error during a file transfer. */
  | 'FILE_TRANSFER_ERROR'
  /** 202: file transfer failed. */
  | 'FILE_TRANSFER_FAILED'
  /** 2: not a valid target; never ran. */
  | 'INVALID_TARGET'
  /** 3: had succeeded in an earlier attempt. Good. */
  | 'LAST_SUCCEEDED'
  /** 15: log error, the platform gave up waiting for the host. */
  | 'LOG_ERROR'
  /** 500: outcome unknown, the step was skipped by force before this host ended. */
  | 'OUTCOME_UNKNOWN'
  /** 7: running. */
  | 'RUNNING'
  /** 101: script failed. */
  | 'SCRIPT_FAILED'
  /** 16: fetching the script log timed out. */
  | 'SCRIPT_LOG_TIMED_OUT'
  /** 104: script returned an exit code other than zero. */
  | 'SCRIPT_NONZERO_EXIT'
  /** 103: script was stopped. */
  | 'SCRIPT_STOPPED'
  /** 102: script timed out. */
  | 'SCRIPT_TIMED_OUT'
  /** 203: source file missing. */
  | 'SOURCE_FILE_MISSING'
  /** 403: a forced stop succeeded. */
  | 'STOPPED'
  /** 404: a forced stop failed. */
  | 'STOP_FAILED'
  /** 9: succeeded. */
  | 'SUCCEEDED'
  /** 399: task error. */
  | 'TASK_ERROR'
  /** 13: timed out. */
  | 'TIMED_OUT'
  /** 0: an error unknown to the upstream. */
  | 'UNKNOWN_ERROR'
  /** Any other number; see `statusCode`. */
  | 'UNRECOGNIZED'
  /** 311: no such user on the host. */
  | 'USER_NOT_FOUND'
  /** 5: waits for its turn. */
  | 'WAITING'
  /** 312: wrong password. */
  | 'WRONG_PASSWORD';

/**
 * Coarse state of a job, a step or a host result. Closed: no value will be added, so a client may switch over it without a default.
 * A code that is not known to be good is never SUCCEEDED.
 */
export type JobPhase =
  /** Waits for a person. */
  | 'BLOCKED'
  /** Over, and bad: every way of failing, not one code only. */
  | 'FAILED'
  /** Over, and counted neither as good nor as bad: skipped, or failed and passed over. */
  | 'NEUTRAL'
  /** Nothing has run yet. */
  | 'PENDING'
  /** Running, or being stopped. */
  | 'RUNNING'
  /** Over, because somebody ended it. */
  | 'STOPPED'
  /** Over, and good. */
  | 'SUCCEEDED'
  /** The upstream sent a number that this version has no word for. The raw code tells which. */
  | 'UNRECOGNIZED';

/** What owns a job: one business, one business set or one tenant set. Give exactly one, for example `{bkBizId: 1}`. */
export type ScopeInput =
  {   /** A business (bk_biz_id). */
  readonly bkBizId: string | number; readonly bkBizSetId?: never; readonly bkTenantSetId?: never; }
  |  { readonly bkBizId?: never;   /** A business set. */
  readonly bkBizSetId: string | number; readonly bkTenantSetId?: never; }
  |  { readonly bkBizId?: never; readonly bkBizSetId?: never;   /** A tenant set. Newer upstreams only. */
  readonly bkTenantSetId: string | number; };

export type WhyDidItFailQueryVariables = Exact<{
  scope: ScopeInput;
  job: string | number;
}>;


export type WhyDidItFailQuery = { readonly jobInstance: { readonly name: string, readonly phase: JobPhase, readonly ipResultGroups: ReadonlyArray<{ readonly count: number, readonly status: IpResultStatus | null, readonly exitCode: number | null }> | null } | null };


export const WhyDidItFailDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WhyDidItFail"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"scope"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ScopeInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"job"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"jobInstance"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"scope"},"value":{"kind":"Variable","name":{"kind":"Name","value":"scope"}}},{"kind":"Argument","name":{"kind":"Name","value":"jobInstanceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"job"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"phase"}},{"kind":"Field","name":{"kind":"Name","value":"ipResultGroups"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"by"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"STATUS"},{"kind":"EnumValue","value":"EXIT_CODE"}]}},{"kind":"Argument","name":{"kind":"Name","value":"phase"},"value":{"kind":"EnumValue","value":"FAILED"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"exitCode"}}]}}]}}]}}]} as unknown as DocumentNode<WhyDidItFailQuery, WhyDidItFailQueryVariables>;