/** Coarse state of a job, a step or a host (schema.md 3). */
export type JobPhase =
  'PENDING' | 'RUNNING' | 'BLOCKED' | 'SUCCEEDED' | 'FAILED' | 'STOPPED' | 'NEUTRAL' | 'UNRECOGNIZED';

interface CodeMeaning<Word extends string> {
  readonly status: Word;
  readonly phase: JobPhase;
}

/** RunStatusEnum, bk-job 3.12, as it occurs on jobs (upstream contract 4.1). Phases: schema.md 3. */
const jobInstanceCodes = {
  1: { status: 'PENDING', phase: 'PENDING' },
  2: { status: 'RUNNING', phase: 'RUNNING' },
  3: { status: 'SUCCEEDED', phase: 'SUCCEEDED' },
  4: { status: 'FAILED', phase: 'FAILED' },
  5: { status: 'SKIPPED', phase: 'NEUTRAL' },
  6: { status: 'ERROR_IGNORED', phase: 'NEUTRAL' },
  7: { status: 'WAITING_FOR_USER', phase: 'BLOCKED' },
  8: { status: 'ENDED_MANUALLY', phase: 'STOPPED' },
  9: { status: 'ABNORMAL', phase: 'FAILED' },
  10: { status: 'STOPPING', phase: 'RUNNING' },
  11: { status: 'STOPPED', phase: 'STOPPED' },
  13: { status: 'CONFIRM_REFUSED', phase: 'STOPPED' },
  14: { status: 'ABANDONED', phase: 'FAILED' },
  15: { status: 'ROLLING_WAITING', phase: 'RUNNING' },
} as const satisfies Record<number, CodeMeaning<string>>;

/** As on jobs, and 12, which the original API document lists for steps only. */
const stepInstanceCodes = {
  ...jobInstanceCodes,
  12: { status: 'STOP_FAILED', phase: 'FAILED' },
} as const satisfies Record<number, CodeMeaning<string>>;

/** StepExecuteTypeEnum, bk-job 3.12 (upstream contract 4.2). */
const stepTypeCodes = { 1: 'SCRIPT', 2: 'FILE', 3: 'MANUAL_CONFIRM', 4: 'SQL' } as const;

/** ExecuteObjectTaskStatusEnum, bk-job 3.12 (upstream contract 4.3). Phases: schema.md 3. */
const ipResultCodes = {
  0: { status: 'UNKNOWN_ERROR', phase: 'FAILED' },
  1: { status: 'AGENT_ABNORMAL', phase: 'FAILED' },
  2: { status: 'INVALID_TARGET', phase: 'FAILED' },
  3: { status: 'LAST_SUCCEEDED', phase: 'SUCCEEDED' },
  5: { status: 'WAITING', phase: 'PENDING' },
  7: { status: 'RUNNING', phase: 'RUNNING' },
  9: { status: 'SUCCEEDED', phase: 'SUCCEEDED' },
  11: { status: 'FAILED', phase: 'FAILED' },
  12: { status: 'DISPATCH_FAILED', phase: 'FAILED' },
  13: { status: 'TIMED_OUT', phase: 'FAILED' },
  15: { status: 'LOG_ERROR', phase: 'FAILED' },
  16: { status: 'SCRIPT_LOG_TIMED_OUT', phase: 'FAILED' },
  17: { status: 'FILE_LOG_TIMED_OUT', phase: 'FAILED' },
  18: { status: 'AGENT_NOT_INSTALLED', phase: 'FAILED' },
  101: { status: 'SCRIPT_FAILED', phase: 'FAILED' },
  102: { status: 'SCRIPT_TIMED_OUT', phase: 'FAILED' },
  103: { status: 'SCRIPT_STOPPED', phase: 'STOPPED' },
  104: { status: 'SCRIPT_NONZERO_EXIT', phase: 'FAILED' },
  202: { status: 'FILE_TRANSFER_FAILED', phase: 'FAILED' },
  203: { status: 'SOURCE_FILE_MISSING', phase: 'FAILED' },
  301: { status: 'FILE_TASK_FAILED', phase: 'FAILED' },
  303: { status: 'FILE_TIMED_OUT', phase: 'FAILED' },
  310: { status: 'AGENT_ERROR', phase: 'FAILED' },
  311: { status: 'USER_NOT_FOUND', phase: 'FAILED' },
  312: { status: 'WRONG_PASSWORD', phase: 'FAILED' },
  320: { status: 'FILE_FETCH_FAILED', phase: 'FAILED' },
  321: { status: 'FILE_TOO_LARGE', phase: 'FAILED' },
  329: { status: 'FILE_TRANSFER_ERROR', phase: 'FAILED' },
  399: { status: 'TASK_ERROR', phase: 'FAILED' },
  403: { status: 'STOPPED', phase: 'STOPPED' },
  404: { status: 'STOP_FAILED', phase: 'FAILED' },
  500: { status: 'OUTCOME_UNKNOWN', phase: 'STOPPED' },
} as const satisfies Record<number, CodeMeaning<string>>;

/**
 * error_code in both vocabularies: that of the original API document and, where it leaves a number free, that of the
 * agent layer (Consts.java, bk-job 3.12; upstream contract 4.4).
 */
const ipErrorCodes = {
  0: 'NONE',
  1: 'AGENT_ABNORMAL',
  3: 'LAST_SUCCEEDED',
  5: 'WAITING',
  7: 'RUNNING',
  9: 'SUCCEEDED',
  11: 'FAILED',
  12: 'DISPATCH_FAILED',
  13: 'TIMED_OUT',
  15: 'LOG_ERROR',
  101: 'SCRIPT_FAILED',
  102: 'SCRIPT_TIMED_OUT',
  103: 'SCRIPT_STOPPED',
  104: 'SCRIPT_NONZERO_EXIT',
  105: 'TASK_ERROR',
  106: 'TASK_ERROR',
  107: 'TASK_ERROR',
  108: 'TASK_ERROR',
  109: 'TASK_ERROR',
  111: 'TASK_ERROR',
  112: 'TASK_ERROR',
  114: 'TASK_ERROR',
  115: 'RUNNING',
  117: 'AGENT_ERROR',
  118: 'TASK_ERROR',
  119: 'FILE_TOO_LARGE',
  120: 'FILE_TIMED_OUT',
  122: 'USER_NOT_FOUND',
  123: 'FILE_FETCH_FAILED',
  126: 'STOPPED',
  127: 'FILE_FETCH_FAILED',
  202: 'FILE_TRANSFER_FAILED',
  203: 'SOURCE_FILE_MISSING',
  310: 'AGENT_ERROR',
  311: 'USER_NOT_FOUND',
  320: 'FILE_FETCH_FAILED',
  321: 'FILE_TOO_LARGE',
  329: 'FILE_TRANSFER_ERROR',
  399: 'TASK_ERROR',
  701: 'FILE_TRANSFER_ERROR',
  702: 'FILE_TRANSFER_ERROR',
  703: 'FILE_TRANSFER_ERROR',
  704: 'FILE_TRANSFER_ERROR',
  705: 'FILE_FETCH_FAILED',
  706: 'FILE_FETCH_FAILED',
  707: 'FILE_TRANSFER_ERROR',
  708: 'FILE_FETCH_FAILED',
  709: 'FILE_FETCH_FAILED',
  710: 'FILE_TRANSFER_ERROR',
  1326: 'WRONG_PASSWORD',
} as const satisfies Record<number, string>;

/** Exact state of a job; UNRECOGNIZED is every number that bk-job 3.12 does not set on jobs. */
export type JobInstanceStatus =
  (typeof jobInstanceCodes)[keyof typeof jobInstanceCodes]['status'] | 'UNRECOGNIZED';

/** Exact state of a step. */
export type StepInstanceStatus =
  (typeof stepInstanceCodes)[keyof typeof stepInstanceCodes]['status'] | 'UNRECOGNIZED';

/** What a step does. */
export type StepType = (typeof stepTypeCodes)[keyof typeof stepTypeCodes] | 'UNRECOGNIZED';

/** Exact state of a step on one host. */
export type IpResultStatus = (typeof ipResultCodes)[keyof typeof ipResultCodes]['status'] | 'UNRECOGNIZED';

/** What an error number of a host means. */
export type IpErrorCode = (typeof ipErrorCodes)[keyof typeof ipErrorCodes] | 'UNRECOGNIZED';

const unrecognized = { status: 'UNRECOGNIZED', phase: 'UNRECOGNIZED' } as const;

const jobInstanceMeanings = new Map(byCode(jobInstanceCodes));
const stepInstanceMeanings = new Map(byCode(stepInstanceCodes));
const stepTypeWords = new Map(byCode(stepTypeCodes));
const ipResultMeanings = new Map(byCode(ipResultCodes));
const ipErrorWords = new Map(byCode(ipErrorCodes));

/** Exact state of a job from its number. Never throws: a number without a word is UNRECOGNIZED. */
export function jobInstanceStatus(statusCode: number): JobInstanceStatus {
  return (jobInstanceMeanings.get(statusCode) ?? unrecognized).status;
}

/** Coarse state of a job from its number. */
export function jobInstancePhase(statusCode: number): JobPhase {
  return (jobInstanceMeanings.get(statusCode) ?? unrecognized).phase;
}

/** Exact state of a step from its number. */
export function stepInstanceStatus(statusCode: number): StepInstanceStatus {
  return (stepInstanceMeanings.get(statusCode) ?? unrecognized).status;
}

/** Coarse state of a step from its number. */
export function stepInstancePhase(statusCode: number): JobPhase {
  return (stepInstanceMeanings.get(statusCode) ?? unrecognized).phase;
}

/** What a step does, from its number. */
export function stepType(typeCode: number): StepType {
  return stepTypeWords.get(typeCode) ?? 'UNRECOGNIZED';
}

/** Exact state of a step on a host from its number. */
export function ipResultStatus(statusCode: number): IpResultStatus {
  return (ipResultMeanings.get(statusCode) ?? unrecognized).status;
}

/** Coarse state of a step on a host from its number. */
export function ipResultPhase(statusCode: number): JobPhase {
  return (ipResultMeanings.get(statusCode) ?? unrecognized).phase;
}

/** What an error number of a host means; null where the upstream sent none. */
export function ipErrorCode(errorCode: number | null): IpErrorCode | null {
  return errorCode === null ? null : (ipErrorWords.get(errorCode) ?? 'UNRECOGNIZED');
}

function byCode<Meaning>(codes: Readonly<Record<number, Meaning>>): [number, Meaning][] {
  return Object.entries(codes).map(([code, meaning]) => [Number(code), meaning]);
}
