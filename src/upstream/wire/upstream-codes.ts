import type { JobApiErrorCode } from '../../domain/errors.ts';

/** What each number of bk-job, the API gateway and ESB means to a client (schema.md 7; upstream contract 3.3 to 3.5). */
const numbersByCode: Readonly<Partial<Record<JobApiErrorCode, readonly number[]>>> = {
  NOT_FOUND: [1244006, 1244007, 1243049],
  PERMISSION_DENIED: [9900403, 1238001, 1306402],
  UNAUTHENTICATED: [1640001, 1640100, 1640101, 1640102, 1247002, 1306401],
  BAD_USER_INPUT: [
    1240003, 1241001, 1241002, 1241004, 1241005, 1241007, 1241008, 1241010, 1241012, 1241013, 1241025,
    1306406,
  ],
  RATE_LIMITED: [1642901, 1642902, 1642903, 1642904, 1306429, 1244032, 1244033, 1244034],
  UPSTREAM_TIMEOUT: [1650401],
  UPSTREAM_UNAVAILABLE: [
    1650001, 1650200, 1650201, 1650300, 1306201, 1240001, 1211001, 1250001, 1252001, 1255001,
  ],
  UPSTREAM_ERROR: [1240002, 1306000],
  SERVICE_MISCONFIGURED: [
    1640004, 1640301, 1640302, 1640303, 1640304, 1640401, 1641301, 1641401, 1650002, 1650801, 1306203,
    1306206, 1306207, 1306209, 1306403, 1306404, 1306405, 1306408, 1240005, 1247004, 1210005, 1210006,
    1241024,
  ],
};

/** The words of bk-job's v4 (V4ErrorCodeEnum, bk-job 3.12; upstream contract 3.2). */
const codesByWord: ReadonlyMap<string, JobApiErrorCode> = new Map<string, JobApiErrorCode>([
  ['NOT_FOUND', 'NOT_FOUND'],
  ['NO_PERMISSION', 'PERMISSION_DENIED'],
  ['IAM_NO_PERMISSION', 'PERMISSION_DENIED'],
  ['UNAUTHENTICATED', 'UNAUTHENTICATED'],
  ['INVALID_ARGUMENT', 'BAD_USER_INPUT'],
  ['RESOURCE_EXHAUSTED', 'RATE_LIMITED'],
  ['RATELIMIT_EXCEED', 'RATE_LIMITED'],
  ['INTERNAL', 'UPSTREAM_ERROR'],
]);

const codesByStatus: ReadonlyMap<number, JobApiErrorCode> = new Map<number, JobApiErrorCode>([
  [401, 'UNAUTHENTICATED'],
  // Of a proxy that ends a connection on which nothing came, and crosses with what is sent on it (RFC 9110, 15.5.9).
  [408, 'UPSTREAM_UNAVAILABLE'],
  [429, 'RATE_LIMITED'],
  [502, 'UPSTREAM_UNAVAILABLE'],
  [503, 'UPSTREAM_UNAVAILABLE'],
  [504, 'UPSTREAM_TIMEOUT'],
]);

const codesByNumber: ReadonlyMap<number, JobApiErrorCode> = new Map(
  Object.entries(numbersByCode).flatMap(([code, numbers]) =>
    numbers.map((number) => [number, code as JobApiErrorCode] as const),
  ),
);

/** How a failure names itself: by numbers, the most telling first, by a word of v4, and by its HTTP status. */
export interface UpstreamFailureNames {
  readonly numbers: readonly number[];
  readonly word: string | null;
  readonly status: number;
}

/** The number decides, then the word, then the HTTP status; whatever none of them names is UPSTREAM_ERROR. */
export function toJobApiErrorCode({ numbers, word, status }: UpstreamFailureNames): JobApiErrorCode {
  const named = numbers.map((number) => codesByNumber.get(number)).find((code) => code !== undefined);
  return (
    named ??
    (word === null ? undefined : codesByWord.get(word)) ??
    codesByStatus.get(status) ??
    'UPSTREAM_ERROR'
  );
}
