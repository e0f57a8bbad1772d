// Written by graphql-codegen from schema/*.graphql; never edited by hand.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { JobInstance as JobInstanceModel, StepInstance as StepInstanceModel, StepIpResult as StepIpResultModel } from '../domain/job-instance.ts';
import type { JobInstanceLookup as JobInstanceLookupModel } from '../domain/job-instance-lookup.ts';
import type { JobApiFailure as JobApiFailureModel } from '../domain/errors.ts';
import type { IpResultConnection as IpResultConnectionModel, IpResultEdge as IpResultEdgeModel } from '../domain/ip-result-connection.ts';
import type { IpResultSummary as IpResultSummaryModel } from '../domain/ip-result-summary.ts';
import type { IpResultGroup as IpResultGroupModel } from '../domain/ip-result-groups.ts';
import type { OperationContext } from '../context/operation-context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An instant in UTC with milliseconds, for example `2020-11-11T03:11:11.000Z`. As input any RFC 3339 time is read. */
  DateTime: { input: Date; output: Date; }
  /** A whole number that JSON readers hold exactly (below 2^53 in size). Used for durations, which are always in milliseconds. */
  SafeInt: { input: number; output: number; }
  _FieldSet: { input: string; output: string; }
};

/** A host of the CMDB. Only its id is known here; a CMDB subgraph supplies the rest. */
export type Host = {
  /** Id of the host in the CMDB (bk_host_id). */
  readonly bkHostId: Scalars['ID']['output'];
};

/**
 * What `errorCode` means. The upstream documents the first number; the agent layer writes numbers of its own into the same field.
 * A hint for people: 101 to 104 mean something else in the agent layer, so `status` decides.
 */
export type IpErrorCode =
  /** 1: agent abnormal. */
  | 'AGENT_ABNORMAL'
  /** 310; agent layer 117: agent error. */
  | 'AGENT_ERROR'
  /** 12: the task could not be sent to the host. */
  | 'DISPATCH_FAILED'
  /** 11: failed. */
  | 'FAILED'
  /** 320; agent layer 123, 127, 705, 706, 708, 709: file could not be fetched. */
  | 'FILE_FETCH_FAILED'
  /** Agent layer 120: file task timed out. */
  | 'FILE_TIMED_OUT'
  /** 321; agent layer 119: file over the size limit. */
  | 'FILE_TOO_LARGE'
  /** 329; agent layer 701 to 704, 707, 710: error during a file transfer. */
  | 'FILE_TRANSFER_ERROR'
  /** 202: file transfer failed. */
  | 'FILE_TRANSFER_FAILED'
  /** 3: had succeeded in an earlier attempt. */
  | 'LAST_SUCCEEDED'
  /** 15: log error. */
  | 'LOG_ERROR'
  /** 0: no error, or not ended yet. */
  | 'NONE'
  /** 7; agent layer 115: running. */
  | 'RUNNING'
  /** 101: script failed. */
  | 'SCRIPT_FAILED'
  /** 104: script returned an exit code other than zero. */
  | 'SCRIPT_NONZERO_EXIT'
  /** 103: script was stopped. */
  | 'SCRIPT_STOPPED'
  /** 102: script timed out. */
  | 'SCRIPT_TIMED_OUT'
  /** 203: source file missing. */
  | 'SOURCE_FILE_MISSING'
  /** Agent layer 126: stopped by force. */
  | 'STOPPED'
  /** 9: succeeded. */
  | 'SUCCEEDED'
  /** 399; agent layer 105 to 109, 111, 112, 114, 118: task error. */
  | 'TASK_ERROR'
  /** 13: timed out. */
  | 'TIMED_OUT'
  /** Any other number; see `errorCode`. */
  | 'UNRECOGNIZED'
  /** 311; agent layer 122: no such user on the host. */
  | 'USER_NOT_FOUND'
  /** 5: waits for its turn. */
  | 'WAITING'
  /** Agent layer 1326: wrong password. */
  | 'WRONG_PASSWORD';

/**
 * Why a list of hosts is as long as it is.
 * A job takes the first of PREPARING, AVAILABLE, NOT_STARTED, NOT_APPLICABLE that one of its steps has.
 */
export type IpResultAvailability =
  /** The upstream has entered its hosts; these are all. */
  | 'AVAILABLE'
  /** A confirmation step: there will be no hosts. */
  | 'NOT_APPLICABLE'
  /** Nothing has run, so there are no hosts yet. */
  | 'NOT_STARTED'
  /** The step has just started or is being retried, and the hosts are not entered yet. Ask again. */
  | 'PREPARING';

/** A page of hosts. */
export type IpResultConnection = {
  /** The hosts with their cursors. */
  readonly edges: ReadonlyArray<IpResultEdge>;
  /** Where the page lies. */
  readonly pageInfo: PageInfo;
  /** Hosts that the arguments keep, on all pages together. */
  readonly totalCount: Scalars['Int']['output'];
};

/** A host in a page. */
export type IpResultEdge = {
  /** Place to go on from. */
  readonly cursor: Scalars['String']['output'];
  /** The host. */
  readonly node: StepIpResult;
};

/**
 * Conditions on hosts, each named like the field that it tests.
 * A host must meet all of them; the values of one condition are alternatives.
 */
export type IpResultFilter = {
  /** Cloud areas. */
  readonly bkCloudId?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Hosts in the CMDB. */
  readonly bkHostId?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Error numbers. */
  readonly errorCode?: InputMaybe<ReadonlyArray<Scalars['Int']['input']>>;
  /** Exit codes. */
  readonly exitCode?: InputMaybe<ReadonlyArray<Scalars['Int']['input']>>;
  /** Addresses. */
  readonly ip?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** Numbers of the state, for codes that have no word here. */
  readonly statusCode?: InputMaybe<ReadonlyArray<Scalars['Int']['input']>>;
  /** Tags. An empty text keeps hosts without a tag. */
  readonly tag?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

/** Hosts that are alike. A property that was not named in `by` is null. */
export type IpResultGroup = {
  /** How many. */
  readonly count: Scalars['Int']['output'];
  /** With ERROR_CODE: what the error number means. */
  readonly error?: Maybe<IpErrorCode>;
  /** With ERROR_CODE: the error number. */
  readonly errorCode?: Maybe<Scalars['Int']['output']>;
  /** With EXIT_CODE: the exit code; null here also for hosts without one. */
  readonly exitCode?: Maybe<Scalars['Int']['output']>;
  /** The hosts, in the order HOST_ASC. */
  readonly ipResults: ReadonlyArray<StepIpResult>;
  /** With PHASE or STATUS: the coarse state. */
  readonly phase?: Maybe<JobPhase>;
  /** With STATUS: the exact state. */
  readonly status?: Maybe<IpResultStatus>;
  /** With STATUS: the state as the upstream's number. */
  readonly statusCode?: Maybe<Scalars['Int']['output']>;
  /** With STEP: the step. */
  readonly step?: Maybe<StepInstance>;
  /** With TAG: the tag, empty for hosts without one. */
  readonly tag?: Maybe<Scalars['String']['output']>;
};


/** Hosts that are alike. A property that was not named in `by` is null. */
export type IpResultGroupIpResultsArgs = {
  limit?: InputMaybe<Scalars['Int']['input']>;
};

/** Property that the hosts of a group share. */
export type IpResultGroupBy =
  /** The error number. */
  | 'ERROR_CODE'
  /** The exit code. */
  | 'EXIT_CODE'
  /** The coarse state. */
  | 'PHASE'
  /** The exact state. */
  | 'STATUS'
  /** The step. */
  | 'STEP'
  /** The tag. No tag and an empty one are the same. */
  | 'TAG';

/** Order of hosts. What has no value comes last either way; ties are broken as in HOST_ASC. */
export type IpResultOrder =
  /** First to end first. */
  | 'END_TIME_ASC'
  /** Last to end first. */
  | 'END_TIME_DESC'
  /** Smallest exit code first. */
  | 'EXIT_CODE_ASC'
  /** Largest exit code first. */
  | 'EXIT_CODE_DESC'
  /** By step, cloud area, address as a number, CMDB host. Does not change while a job runs. */
  | 'HOST_ASC'
  /** The reverse of HOST_ASC. */
  | 'HOST_DESC'
  /** First to start first. */
  | 'START_TIME_ASC'
  /** Last to start first. */
  | 'START_TIME_DESC'
  /** Smallest number of the state first. */
  | 'STATUS_ASC'
  /** Largest number of the state first. */
  | 'STATUS_DESC'
  /** Quickest first. */
  | 'TOTAL_TIME_ASC'
  /** Slowest first. */
  | 'TOTAL_TIME_DESC';

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

/** Hosts counted by coarse state. The counts add up to `total`. */
export type IpResultSummary = {
  /** Why there are as many as there are. */
  readonly availability: IpResultAvailability;
  /** Phase FAILED. */
  readonly failed: Scalars['Int']['output'];
  /** Phase PENDING. */
  readonly pending: Scalars['Int']['output'];
  /** Phase RUNNING. */
  readonly running: Scalars['Int']['output'];
  /** Phase STOPPED. */
  readonly stopped: Scalars['Int']['output'];
  /** Phase SUCCEEDED. */
  readonly succeeded: Scalars['Int']['output'];
  /** All hosts. */
  readonly total: Scalars['Int']['output'];
  /** Phase UNRECOGNIZED. */
  readonly unrecognized: Scalars['Int']['output'];
};

/**
 * A failure as data.
 * The fields but `message` are also what `extensions` of an entry in `errors` holds, where they have a value.
 */
export type JobApiError = {
  /** Code to switch on. */
  readonly code: JobApiErrorCode;
  /** Explanation for people. */
  readonly message: Scalars['String']['output'];
  /** What the caller lacks; with PERMISSION_DENIED only, and only where the upstream says. */
  readonly permission?: Maybe<JobApiPermission>;
  /** Request id to quote to the operators of the upstream. */
  readonly requestId?: Maybe<Scalars['String']['output']>;
  /** How long to wait before trying again, in milliseconds; null where nobody knows. */
  readonly retryAfter?: Maybe<Scalars['SafeInt']['output']>;
  /** Whether the same request may succeed later, unchanged. */
  readonly retryable: Scalars['Boolean']['output'];
  /** Error number of the upstream; null where the failure is not its. */
  readonly upstreamCode?: Maybe<Scalars['Int']['output']>;
};

/**
 * Every code of this service. The same word stands in `extensions.code` of an entry in `errors`.
 * Codes of GraphQL itself (a request that does not parse or does not fit the schema) are Apollo Server's own.
 */
export type JobApiErrorCode =
  /** An argument is malformed or out of range. */
  | 'BAD_USER_INPUT'
  /** A fault of this service. */
  | 'INTERNAL_SERVER_ERROR'
  /** No such job, step, business or set; or it belongs to another scope; or it was purged. */
  | 'NOT_FOUND'
  /** The request costs more than one request may. */
  | 'OPERATION_TOO_COMPLEX'
  /** The caller lacks a permission. `permission` tells which. */
  | 'PERMISSION_DENIED'
  /** Too many requests, here or upstream. `retryAfter` tells how long to wait. */
  | 'RATE_LIMITED'
  /** The platform refuses this service itself, or lacks the endpoint. Only the operator can help. */
  | 'SERVICE_MISCONFIGURED'
  /** No valid sign-in came with the request. */
  | 'UNAUTHENTICATED'
  /** The upstream's answer cannot be understood. */
  | 'UPSTREAM_BAD_RESPONSE'
  /** The upstream answered with a failure of its own. `upstreamCode` tells which. */
  | 'UPSTREAM_ERROR'
  /** The upstream did not answer in time. */
  | 'UPSTREAM_TIMEOUT'
  /** The upstream cannot be reached, or is being spared after repeated failures. */
  | 'UPSTREAM_UNAVAILABLE';

/** Permissions that are missing, and where to ask for them. */
export type JobApiPermission = {
  /** The permissions; the first 20. */
  readonly actions: ReadonlyArray<JobApiPermissionAction>;
  /** Page to apply at; null where the service was not told one. */
  readonly applyUrl?: Maybe<Scalars['String']['output']>;
  /** System of the permission centre that defines them (system_id). */
  readonly systemId: Scalars['ID']['output'];
};

/** A permission. */
export type JobApiPermissionAction = {
  /** Name of the action in the permission centre, for example view_history. */
  readonly id: Scalars['ID']['output'];
  /** The same for people. */
  readonly name: Scalars['String']['output'];
  /** What it is needed on; the first 20. */
  readonly resources: ReadonlyArray<JobApiPermissionResource>;
};

/** A thing that a permission is needed on. */
export type JobApiPermissionResource = {
  /** Identifier. */
  readonly id: Scalars['ID']['output'];
  /** Name; null where the upstream gives none. */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** Kind, for example biz. */
  readonly type: Scalars['String']['output'];
};

/** One run of a job: of a plan, a script or a file distribution. */
export type JobInstance = Node & {
  /** Business that the job was asked for under (bk_biz_id); null where it was a set. */
  readonly bkBizId?: Maybe<Scalars['ID']['output']>;
  /** Business set that the job was asked for under; null otherwise. */
  readonly bkBizSetId?: Maybe<Scalars['ID']['output']>;
  /** Tenant set that the job was asked for under; null otherwise. */
  readonly bkTenantSetId?: Maybe<Scalars['ID']['output']>;
  /** When it was created (create_time). */
  readonly createTime?: Maybe<Scalars['DateTime']['output']>;
  /** When it ended (end_time); null before. Can be out of date just after a retry: `finished` decides. */
  readonly endTime?: Maybe<Scalars['DateTime']['output']>;
  /** Whether the upstream calls the job over (finished). A retry can open a failed or stopped job again. */
  readonly finished: Scalars['Boolean']['output'];
  /** Global id. Do not take it apart. */
  readonly id: Scalars['ID']['output'];
  /** The same hosts in pages. */
  readonly ipResultConnection?: Maybe<IpResultConnection>;
  /**
   * Hosts of all steps that are alike put together, largest group first.
   * `ipResultGroups(by: [STEP, STATUS, EXIT_CODE], phase: FAILED)` tells why a job failed.
   */
  readonly ipResultGroups?: Maybe<ReadonlyArray<IpResultGroup>>;
  /** Hosts of all steps counted by coarse state. A host counts once for each step that ran on it. */
  readonly ipResultSummary?: Maybe<IpResultSummary>;
  /**
   * Hosts of all steps, step by step. `status: FAILED` keeps code 11 and nothing else; `phase: FAILED` keeps every way of failing.
   * For jobs with thousands of hosts see `ipResultConnection`.
   */
  readonly ipResults?: Maybe<ReadonlyArray<StepIpResult>>;
  /** Number of the job in the upstream (job_instance_id). */
  readonly jobInstanceId: Scalars['ID']['output'];
  /** Name given to it. */
  readonly name: Scalars['String']['output'];
  /** When this was read from the upstream. */
  readonly observedAt: Scalars['DateTime']['output'];
  /** Coarse state; the one to switch over. */
  readonly phase: JobPhase;
  /** How long to wait before asking again, in milliseconds; grows as the job ages, null once it is over. */
  readonly pollInterval?: Maybe<Scalars['SafeInt']['output']>;
  /**
   * Fingerprint of the job and its steps, not of its hosts. Two equal ones mean that nothing changed.
   * Null with an error only where the steps had to be read separately and that failed.
   */
  readonly revision?: Maybe<Scalars['String']['output']>;
  /** When it first started (start_time); null before. A retry keeps it. */
  readonly startTime?: Maybe<Scalars['DateTime']['output']>;
  /** Exact state. */
  readonly status: JobInstanceStatus;
  /** State as the upstream's number. */
  readonly statusCode: Scalars['Int']['output'];
  /** Steps in order. Null with an error only where they had to be read separately and that failed. */
  readonly steps?: Maybe<ReadonlyArray<StepInstance>>;
  /** How long it took, in milliseconds (total_time); null until it ends. */
  readonly totalTime?: Maybe<Scalars['SafeInt']['output']>;
  /** The job's page in the platform's web client; null where the service was not told its address. */
  readonly webUrl?: Maybe<Scalars['String']['output']>;
};


/** One run of a job: of a plan, a script or a file distribution. */
export type JobInstanceIpResultConnectionArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<IpResultFilter>;
  first?: Scalars['Int']['input'];
  orderBy?: IpResultOrder;
  phase?: InputMaybe<ReadonlyArray<JobPhase>>;
  status?: InputMaybe<ReadonlyArray<IpResultStatus>>;
};


/** One run of a job: of a plan, a script or a file distribution. */
export type JobInstanceIpResultGroupsArgs = {
  by?: ReadonlyArray<IpResultGroupBy>;
  filter?: InputMaybe<IpResultFilter>;
  limit?: Scalars['Int']['input'];
  phase?: InputMaybe<ReadonlyArray<JobPhase>>;
  status?: InputMaybe<ReadonlyArray<IpResultStatus>>;
};


/** One run of a job: of a plan, a script or a file distribution. */
export type JobInstanceIpResultsArgs = {
  filter?: InputMaybe<IpResultFilter>;
  limit?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<IpResultOrder>;
  phase?: InputMaybe<ReadonlyArray<JobPhase>>;
  status?: InputMaybe<ReadonlyArray<IpResultStatus>>;
};


/** One run of a job: of a plan, a script or a file distribution. */
export type JobInstanceStepsArgs = {
  phase?: InputMaybe<ReadonlyArray<JobPhase>>;
  status?: InputMaybe<ReadonlyArray<StepInstanceStatus>>;
};

/** One of several jobs asked for together: the job, or why there is none. */
export type JobInstanceLookup = {
  /** Why there is no job; null where there is one. */
  readonly error?: Maybe<JobApiError>;
  /** The job; null where `error` is set. */
  readonly jobInstance?: Maybe<JobInstance>;
  /** The number that was asked for. */
  readonly jobInstanceId: Scalars['ID']['output'];
};

/** Exact state of a job. May grow; switch over `phase` instead. */
export type JobInstanceStatus =
  /** 14: dropped by the platform. */
  | 'ABANDONED'
  /** 9: abnormal, a fault of the platform. */
  | 'ABNORMAL'
  /** 13: refused at a confirmation step. */
  | 'CONFIRM_REFUSED'
  /** 8: ended by hand. Older upstreams only. */
  | 'ENDED_MANUALLY'
  /** 6: failed, and the error was passed over. */
  | 'ERROR_IGNORED'
  /** 4: failed. */
  | 'FAILED'
  /** 1: not run yet. */
  | 'PENDING'
  /** 15: between two rolling batches; goes on by itself. */
  | 'ROLLING_WAITING'
  /** 2: running. */
  | 'RUNNING'
  /** 5: skipped. */
  | 'SKIPPED'
  /** 11: a forced stop succeeded. */
  | 'STOPPED'
  /** 10: a forced stop is under way. */
  | 'STOPPING'
  /** 3: succeeded. */
  | 'SUCCEEDED'
  /** Any other number; see `statusCode`. */
  | 'UNRECOGNIZED'
  /** 7: waits for a person. */
  | 'WAITING_FOR_USER';

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

/** What to wait for. */
export type JobWaitCondition =
  /** The revision is no longer the given one, or the job is over. */
  | 'CHANGED'
  /** The job is over. */
  | 'FINISHED'
  /** The job is over, or a person has to act. */
  | 'FINISHED_OR_BLOCKED';

/** Anything that has a global id. */
export type Node = {
  /** Global id. Do not take it apart. */
  readonly id: Scalars['ID']['output'];
};

/** Where a page lies in its list. */
export type PageInfo = {
  /** Cursor of the last item; null on an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether more follows this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether something comes before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first item; null on an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

/** Reading. */
export type Query = {
  /** One job. Null with an error where it does not exist or may not be seen. */
  readonly jobInstance?: Maybe<JobInstance>;
  /** Several jobs of one scope, in the order asked for. Each is found or fails by itself. */
  readonly jobInstancesById?: Maybe<ReadonlyArray<JobInstanceLookup>>;
  /** Anything by its global id. Null where nothing has it; null with an error where it may not be seen. */
  readonly node?: Maybe<Node>;
  /** One step. Null with an error where the job has no such step or may not be seen. */
  readonly stepInstance?: Maybe<StepInstance>;
  /**
   * Holds the request until the condition is met or time is up, then answers the job as it is. For clients without a stream.
   * `finished`, `phase` or `revision` of the answer tells which of the two it was.
   */
  readonly waitForJobInstance?: Maybe<JobInstance>;
};


/** Reading. */
export type QueryJobInstanceArgs = {
  jobInstanceId: Scalars['ID']['input'];
  scope: ScopeInput;
};


/** Reading. */
export type QueryJobInstancesByIdArgs = {
  jobInstanceIds: ReadonlyArray<Scalars['ID']['input']>;
  scope: ScopeInput;
};


/** Reading. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** Reading. */
export type QueryStepInstanceArgs = {
  jobInstanceId: Scalars['ID']['input'];
  scope: ScopeInput;
  stepInstanceId: Scalars['ID']['input'];
};


/** Reading. */
export type QueryWaitForJobInstanceArgs = {
  jobInstanceId: Scalars['ID']['input'];
  revision?: InputMaybe<Scalars['String']['input']>;
  scope: ScopeInput;
  timeout?: Scalars['SafeInt']['input'];
  until?: JobWaitCondition;
};

/** What owns a job: one business, one business set or one tenant set. Give exactly one, for example `{bkBizId: 1}`. */
export type ScopeInput =
  /** A business (bk_biz_id). */
  { readonly bkBizId: Scalars['ID']['input']; readonly bkBizSetId?: never; readonly bkTenantSetId?: never; }
  |  /** A business set. */
  { readonly bkBizId?: never; readonly bkBizSetId: Scalars['ID']['input']; readonly bkTenantSetId?: never; }
  |  /** A tenant set. Newer upstreams only. */
  { readonly bkBizId?: never; readonly bkBizSetId?: never; readonly bkTenantSetId: Scalars['ID']['input']; };

/** One step of a job. */
export type StepInstance = Node & {
  /** Business that the job was asked for under; null where it was a set. */
  readonly bkBizId?: Maybe<Scalars['ID']['output']>;
  /** When it was created (create_time). */
  readonly createTime?: Maybe<Scalars['DateTime']['output']>;
  /** When it ended (end_time); null before. */
  readonly endTime?: Maybe<Scalars['DateTime']['output']>;
  /** How often it has been retried (execute_count); 0 on the first attempt. All other fields are about the latest attempt. */
  readonly executeCount: Scalars['Int']['output'];
  /** Global id. Do not take it apart. */
  readonly id: Scalars['ID']['output'];
  /** The same hosts in pages. */
  readonly ipResultConnection?: Maybe<IpResultConnection>;
  /**
   * Hosts that are alike put together, largest group first.
   * `ipResultGroups(by: TAG) { tag ipResults { ip } }` gives the hosts of each tag.
   */
  readonly ipResultGroups?: Maybe<ReadonlyArray<IpResultGroup>>;
  /** Hosts counted by coarse state. */
  readonly ipResultSummary?: Maybe<IpResultSummary>;
  /**
   * Hosts of this step. `status: FAILED` keeps code 11 and nothing else; `phase: FAILED` keeps every way of failing.
   * For steps with thousands of hosts see `ipResultConnection`.
   */
  readonly ipResults?: Maybe<ReadonlyArray<StepIpResult>>;
  /** Its job. */
  readonly jobInstance: JobInstance;
  /** Number of its job. */
  readonly jobInstanceId: Scalars['ID']['output'];
  /** Name given to it. */
  readonly name: Scalars['String']['output'];
  /** Coarse state; the one to switch over. */
  readonly phase: JobPhase;
  /** When it first started (start_time); null before. */
  readonly startTime?: Maybe<Scalars['DateTime']['output']>;
  /** Exact state. */
  readonly status: StepInstanceStatus;
  /** State as the upstream's number. */
  readonly statusCode: Scalars['Int']['output'];
  /** Number of the step in the upstream (step_instance_id). */
  readonly stepInstanceId: Scalars['ID']['output'];
  /** How long it took, in milliseconds (total_time); null until it ends. */
  readonly totalTime?: Maybe<Scalars['SafeInt']['output']>;
  /** What it does. */
  readonly type: StepType;
  /** What it does, as the upstream's number. */
  readonly typeCode: Scalars['Int']['output'];
};


/** One step of a job. */
export type StepInstanceIpResultConnectionArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<IpResultFilter>;
  first?: Scalars['Int']['input'];
  orderBy?: IpResultOrder;
  phase?: InputMaybe<ReadonlyArray<JobPhase>>;
  status?: InputMaybe<ReadonlyArray<IpResultStatus>>;
};


/** One step of a job. */
export type StepInstanceIpResultGroupsArgs = {
  by?: ReadonlyArray<IpResultGroupBy>;
  filter?: InputMaybe<IpResultFilter>;
  limit?: Scalars['Int']['input'];
  phase?: InputMaybe<ReadonlyArray<JobPhase>>;
  status?: InputMaybe<ReadonlyArray<IpResultStatus>>;
};


/** One step of a job. */
export type StepInstanceIpResultsArgs = {
  filter?: InputMaybe<IpResultFilter>;
  limit?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<IpResultOrder>;
  phase?: InputMaybe<ReadonlyArray<JobPhase>>;
  status?: InputMaybe<ReadonlyArray<IpResultStatus>>;
};

/** Exact state of a step. May grow; switch over `phase` instead. */
export type StepInstanceStatus =
  /** 14: dropped by the platform. */
  | 'ABANDONED'
  /** 9: abnormal, a fault of the platform. */
  | 'ABNORMAL'
  /** 13: refused at a confirmation step. */
  | 'CONFIRM_REFUSED'
  /** 8: ended by hand. Older upstreams only. */
  | 'ENDED_MANUALLY'
  /** 6: failed, and the error was passed over. */
  | 'ERROR_IGNORED'
  /** 4: failed. */
  | 'FAILED'
  /** 1: not run yet. Stays so where the job ended before it. */
  | 'PENDING'
  /** 15: between two rolling batches; goes on by itself. */
  | 'ROLLING_WAITING'
  /** 2: running. */
  | 'RUNNING'
  /** 5: skipped. */
  | 'SKIPPED'
  /** 11: a forced stop succeeded. */
  | 'STOPPED'
  /** 10: a forced stop is under way. */
  | 'STOPPING'
  /** 12: a forced stop failed. In documents only. */
  | 'STOP_FAILED'
  /** 3: succeeded. */
  | 'SUCCEEDED'
  /** Any other number; see `statusCode`. */
  | 'UNRECOGNIZED'
  /** 7: waits for a person. */
  | 'WAITING_FOR_USER';

/** What one step did on one host, in the latest attempt. */
export type StepIpResult = Node & {
  /** Cloud area of the address (bk_cloud_id); 0 is the default area. */
  readonly bkCloudId?: Maybe<Scalars['ID']['output']>;
  /** Host in the CMDB (bk_host_id); null where the upstream does not tell. The surest way to name a host. */
  readonly bkHostId?: Maybe<Scalars['ID']['output']>;
  /** When the host ended (end_time); null before. */
  readonly endTime?: Maybe<Scalars['DateTime']['output']>;
  /** What `errorCode` means. A hint; `status` decides. */
  readonly error?: Maybe<IpErrorCode>;
  /** Error number of the host, as sent (error_code). */
  readonly errorCode?: Maybe<Scalars['Int']['output']>;
  /** Exit code of the script; null until it ends, and for file steps. */
  readonly exitCode?: Maybe<Scalars['Int']['output']>;
  /** The host in the CMDB; null where the upstream does not tell its id. */
  readonly host?: Maybe<Host>;
  /** Global id. Do not take it apart. */
  readonly id: Scalars['ID']['output'];
  /** IPv4 address; null for a host that has none. */
  readonly ip?: Maybe<Scalars['String']['output']>;
  /** Coarse state; the one to switch over. */
  readonly phase: JobPhase;
  /** When the host started (start_time); null before. */
  readonly startTime?: Maybe<Scalars['DateTime']['output']>;
  /** Exact state. */
  readonly status: IpResultStatus;
  /** State as the upstream's number. */
  readonly statusCode: Scalars['Int']['output'];
  /** Its step. */
  readonly step: StepInstance;
  /** Text that the script set with job_success or job_fail. Empty or null where it set none. */
  readonly tag?: Maybe<Scalars['String']['output']>;
  /** How long the host took, in milliseconds (total_time); null until it ends. */
  readonly totalTime?: Maybe<Scalars['SafeInt']['output']>;
};

/** What a step does. */
export type StepType =
  /** 2: distributes files. */
  | 'FILE'
  /** 3: waits until somebody confirms. Runs on no host. */
  | 'MANUAL_CONFIRM'
  /** 1: runs a script. */
  | 'SCRIPT'
  /** 4: runs SQL. */
  | 'SQL'
  /** Any other number; see `typeCode`. */
  | 'UNRECOGNIZED';

/** Following. */
export type Subscription = {
  /**
   * The job at once, then again whenever something that the selection shows has changed.
   * Ends after the message that says the job is over, or after a null with an error where the job can be read no longer.
   * Every message is whole, so a client that reconnects has missed nothing.
   */
  readonly jobInstanceUpdated?: Maybe<JobInstance>;
};


/** Following. */
export type SubscriptionJobInstanceUpdatedArgs = {
  jobInstanceId: Scalars['ID']['input'];
  revision?: InputMaybe<Scalars['String']['input']>;
  scope: ScopeInput;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  JobInstance: JobInstance;
  StepInstance: StepInstance;
  StepIpResult: StepIpResult;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  JobInstance:
    ( { __typename: 'JobInstance' }
    & ( GraphQLRecursivePick<FederationTypes['JobInstance'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['JobInstance'], {"bkBizId":true,"jobInstanceId":true}> ) );
  StepInstance:
    ( { __typename: 'StepInstance' }
    & ( GraphQLRecursivePick<FederationTypes['StepInstance'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['StepInstance'], {"bkBizId":true,"jobInstanceId":true,"stepInstanceId":true}> ) );
  StepIpResult:
    ( { __typename: 'StepIpResult' }
    & GraphQLRecursivePick<FederationTypes['StepIpResult'], {"id":true}> );
};


/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( JobInstanceModel )
    | ( StepInstanceModel )
    | ( StepIpResultModel )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Host: ResolverTypeWrapper<Host>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  IpErrorCode: IpErrorCode;
  IpResultAvailability: IpResultAvailability;
  IpResultConnection: ResolverTypeWrapper<IpResultConnectionModel>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  IpResultEdge: ResolverTypeWrapper<IpResultEdgeModel>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  IpResultFilter: IpResultFilter;
  IpResultGroup: ResolverTypeWrapper<IpResultGroupModel>;
  IpResultGroupBy: IpResultGroupBy;
  IpResultOrder: IpResultOrder;
  IpResultStatus: IpResultStatus;
  IpResultSummary: ResolverTypeWrapper<IpResultSummaryModel>;
  JobApiError: ResolverTypeWrapper<JobApiFailureModel>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  JobApiErrorCode: JobApiErrorCode;
  JobApiPermission: ResolverTypeWrapper<JobApiPermission>;
  JobApiPermissionAction: ResolverTypeWrapper<JobApiPermissionAction>;
  JobApiPermissionResource: ResolverTypeWrapper<JobApiPermissionResource>;
  JobInstance: ResolverTypeWrapper<JobInstanceModel>;
  JobInstanceLookup: ResolverTypeWrapper<JobInstanceLookupModel>;
  JobInstanceStatus: JobInstanceStatus;
  JobPhase: JobPhase;
  JobWaitCondition: JobWaitCondition;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SafeInt: ResolverTypeWrapper<Scalars['SafeInt']['output']>;
  ScopeInput: ScopeInput;
  StepInstance: ResolverTypeWrapper<StepInstanceModel>;
  StepInstanceStatus: StepInstanceStatus;
  StepIpResult: ResolverTypeWrapper<StepIpResultModel>;
  StepType: StepType;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Host: Host;
  ID: Scalars['ID']['output'];
  IpResultConnection: IpResultConnectionModel;
  Int: Scalars['Int']['output'];
  IpResultEdge: IpResultEdgeModel;
  String: Scalars['String']['output'];
  IpResultFilter: IpResultFilter;
  IpResultGroup: IpResultGroupModel;
  IpResultSummary: IpResultSummaryModel;
  JobApiError: JobApiFailureModel;
  Boolean: Scalars['Boolean']['output'];
  JobApiPermission: JobApiPermission;
  JobApiPermissionAction: JobApiPermissionAction;
  JobApiPermissionResource: JobApiPermissionResource;
  JobInstance: JobInstanceModel;
  JobInstanceLookup: JobInstanceLookupModel;
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  PageInfo: PageInfo;
  Query: Record<PropertyKey, never>;
  SafeInt: Scalars['SafeInt']['output'];
  ScopeInput: ScopeInput;
  StepInstance: StepInstanceModel;
  StepIpResult: StepIpResultModel;
  Subscription: Record<PropertyKey, never>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type HostResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['Host'] = ResolversParentTypes['Host']> = {
  bkHostId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type IpResultConnectionResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['IpResultConnection'] = ResolversParentTypes['IpResultConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['IpResultEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type IpResultEdgeResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['IpResultEdge'] = ResolversParentTypes['IpResultEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['StepIpResult'], ParentType, ContextType>;
};

export type IpResultGroupResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['IpResultGroup'] = ResolversParentTypes['IpResultGroup']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['IpErrorCode']>, ParentType, ContextType>;
  errorCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  exitCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  ipResults?: Resolver<ReadonlyArray<ResolversTypes['StepIpResult']>, ParentType, ContextType, Partial<IpResultGroupIpResultsArgs>>;
  phase?: Resolver<Maybe<ResolversTypes['JobPhase']>, ParentType, ContextType>;
  status?: Resolver<Maybe<ResolversTypes['IpResultStatus']>, ParentType, ContextType>;
  statusCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  step?: Resolver<Maybe<ResolversTypes['StepInstance']>, ParentType, ContextType>;
  tag?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type IpResultSummaryResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['IpResultSummary'] = ResolversParentTypes['IpResultSummary']> = {
  availability?: Resolver<ResolversTypes['IpResultAvailability'], ParentType, ContextType>;
  failed?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  pending?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  running?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  stopped?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  succeeded?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unrecognized?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type JobApiErrorResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['JobApiError'] = ResolversParentTypes['JobApiError']> = {
  code?: Resolver<ResolversTypes['JobApiErrorCode'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  permission?: Resolver<Maybe<ResolversTypes['JobApiPermission']>, ParentType, ContextType>;
  requestId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  retryAfter?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  upstreamCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type JobApiPermissionResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['JobApiPermission'] = ResolversParentTypes['JobApiPermission']> = {
  actions?: Resolver<ReadonlyArray<ResolversTypes['JobApiPermissionAction']>, ParentType, ContextType>;
  applyUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  systemId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type JobApiPermissionActionResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['JobApiPermissionAction'] = ResolversParentTypes['JobApiPermissionAction']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  resources?: Resolver<ReadonlyArray<ResolversTypes['JobApiPermissionResource']>, ParentType, ContextType>;
};

export type JobApiPermissionResourceResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['JobApiPermissionResource'] = ResolversParentTypes['JobApiPermissionResource']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type JobInstanceResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['JobInstance'] = ResolversParentTypes['JobInstance'], FederationReferenceType extends FederationReferenceTypes['JobInstance'] = FederationReferenceTypes['JobInstance']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['JobInstance']> | FederationReferenceType, FederationReferenceType, ContextType>;
  bkBizId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  bkBizSetId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  bkTenantSetId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  createTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  endTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  finished?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ipResultConnection?: Resolver<Maybe<ResolversTypes['IpResultConnection']>, ParentType, ContextType, RequireFields<JobInstanceIpResultConnectionArgs, 'first' | 'orderBy'>>;
  ipResultGroups?: Resolver<Maybe<ReadonlyArray<ResolversTypes['IpResultGroup']>>, ParentType, ContextType, RequireFields<JobInstanceIpResultGroupsArgs, 'by' | 'limit'>>;
  ipResultSummary?: Resolver<Maybe<ResolversTypes['IpResultSummary']>, ParentType, ContextType>;
  ipResults?: Resolver<Maybe<ReadonlyArray<ResolversTypes['StepIpResult']>>, ParentType, ContextType, Partial<JobInstanceIpResultsArgs>>;
  jobInstanceId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  observedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  phase?: Resolver<ResolversTypes['JobPhase'], ParentType, ContextType>;
  pollInterval?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  revision?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  startTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['JobInstanceStatus'], ParentType, ContextType>;
  statusCode?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  steps?: Resolver<Maybe<ReadonlyArray<ResolversTypes['StepInstance']>>, ParentType, ContextType, Partial<JobInstanceStepsArgs>>;
  totalTime?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  webUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type JobInstanceLookupResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['JobInstanceLookup'] = ResolversParentTypes['JobInstanceLookup']> = {
  error?: Resolver<Maybe<ResolversTypes['JobApiError']>, ParentType, ContextType>;
  jobInstance?: Resolver<Maybe<ResolversTypes['JobInstance']>, ParentType, ContextType>;
  jobInstanceId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type NodeResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'JobInstance' | 'StepInstance' | 'StepIpResult', ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  jobInstance?: Resolver<Maybe<ResolversTypes['JobInstance']>, ParentType, ContextType, RequireFields<QueryJobInstanceArgs, 'jobInstanceId' | 'scope'>>;
  jobInstancesById?: Resolver<Maybe<ReadonlyArray<ResolversTypes['JobInstanceLookup']>>, ParentType, ContextType, RequireFields<QueryJobInstancesByIdArgs, 'jobInstanceIds' | 'scope'>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  stepInstance?: Resolver<Maybe<ResolversTypes['StepInstance']>, ParentType, ContextType, RequireFields<QueryStepInstanceArgs, 'jobInstanceId' | 'scope' | 'stepInstanceId'>>;
  waitForJobInstance?: Resolver<Maybe<ResolversTypes['JobInstance']>, ParentType, ContextType, RequireFields<QueryWaitForJobInstanceArgs, 'jobInstanceId' | 'scope' | 'timeout' | 'until'>>;
};

export interface SafeIntScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['SafeInt'], any> {
  name: 'SafeInt';
}

export type StepInstanceResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['StepInstance'] = ResolversParentTypes['StepInstance'], FederationReferenceType extends FederationReferenceTypes['StepInstance'] = FederationReferenceTypes['StepInstance']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['StepInstance']> | FederationReferenceType, FederationReferenceType, ContextType>;
  bkBizId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  createTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  endTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  executeCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ipResultConnection?: Resolver<Maybe<ResolversTypes['IpResultConnection']>, ParentType, ContextType, RequireFields<StepInstanceIpResultConnectionArgs, 'first' | 'orderBy'>>;
  ipResultGroups?: Resolver<Maybe<ReadonlyArray<ResolversTypes['IpResultGroup']>>, ParentType, ContextType, RequireFields<StepInstanceIpResultGroupsArgs, 'by' | 'limit'>>;
  ipResultSummary?: Resolver<Maybe<ResolversTypes['IpResultSummary']>, ParentType, ContextType>;
  ipResults?: Resolver<Maybe<ReadonlyArray<ResolversTypes['StepIpResult']>>, ParentType, ContextType, Partial<StepInstanceIpResultsArgs>>;
  jobInstance?: Resolver<ResolversTypes['JobInstance'], ParentType, ContextType>;
  jobInstanceId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  phase?: Resolver<ResolversTypes['JobPhase'], ParentType, ContextType>;
  startTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['StepInstanceStatus'], ParentType, ContextType>;
  statusCode?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  stepInstanceId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  totalTime?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  type?: Resolver<ResolversTypes['StepType'], ParentType, ContextType>;
  typeCode?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type StepIpResultResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['StepIpResult'] = ResolversParentTypes['StepIpResult'], FederationReferenceType extends FederationReferenceTypes['StepIpResult'] = FederationReferenceTypes['StepIpResult']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['StepIpResult']> | FederationReferenceType, FederationReferenceType, ContextType>;
  bkCloudId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  bkHostId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  endTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  error?: Resolver<Maybe<ResolversTypes['IpErrorCode']>, ParentType, ContextType>;
  errorCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  exitCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  host?: Resolver<Maybe<ResolversTypes['Host']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ip?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  phase?: Resolver<ResolversTypes['JobPhase'], ParentType, ContextType>;
  startTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['IpResultStatus'], ParentType, ContextType>;
  statusCode?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  step?: Resolver<ResolversTypes['StepInstance'], ParentType, ContextType>;
  tag?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  totalTime?: Resolver<Maybe<ResolversTypes['SafeInt']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = OperationContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  jobInstanceUpdated?: SubscriptionResolver<Maybe<ResolversTypes['JobInstance']>, "jobInstanceUpdated", ParentType, ContextType, RequireFields<SubscriptionJobInstanceUpdatedArgs, 'jobInstanceId' | 'scope'>>;
};

export type Resolvers<ContextType = OperationContext> = {
  DateTime?: GraphQLScalarType;
  Host?: HostResolvers<ContextType>;
  IpResultConnection?: IpResultConnectionResolvers<ContextType>;
  IpResultEdge?: IpResultEdgeResolvers<ContextType>;
  IpResultGroup?: IpResultGroupResolvers<ContextType>;
  IpResultSummary?: IpResultSummaryResolvers<ContextType>;
  JobApiError?: JobApiErrorResolvers<ContextType>;
  JobApiPermission?: JobApiPermissionResolvers<ContextType>;
  JobApiPermissionAction?: JobApiPermissionActionResolvers<ContextType>;
  JobApiPermissionResource?: JobApiPermissionResourceResolvers<ContextType>;
  JobInstance?: JobInstanceResolvers<ContextType>;
  JobInstanceLookup?: JobInstanceLookupResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  SafeInt?: GraphQLScalarType;
  StepInstance?: StepInstanceResolvers<ContextType>;
  StepIpResult?: StepIpResultResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
};

