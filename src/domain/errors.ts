/** Every code of this service (schema.md 7, stage 1). */
export type JobApiErrorCode =
  | 'NOT_FOUND'
  | 'PERMISSION_DENIED'
  | 'UNAUTHENTICATED'
  | 'BAD_USER_INPUT'
  | 'OPERATION_TOO_COMPLEX'
  | 'RATE_LIMITED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_ERROR'
  | 'UPSTREAM_BAD_RESPONSE'
  | 'SERVICE_MISCONFIGURED'
  | 'INTERNAL_SERVER_ERROR';

/** With these nothing that was read before may be told any more, of no job. */
export const endsAllRights: ReadonlySet<JobApiErrorCode> = new Set([
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'SERVICE_MISCONFIGURED',
]);

/** Failures that say that bk-job is down. All others are answers, and a bk-job that answers is not down. */
export const saysDown: ReadonlySet<JobApiErrorCode> = new Set(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE']);

/** A thing that a permission is needed on. */
export interface JobApiPermissionResource {
  readonly type: string;
  readonly id: string;
  readonly name: string | null;
}

/** A permission of the permission centre. */
export interface JobApiPermissionAction {
  readonly id: string;
  readonly name: string;
  readonly resources: readonly JobApiPermissionResource[];
}

/** What a caller lacks (upstream contract 3.6). `applyUrl` comes from the settings, the upstream sends none. */
export interface JobApiPermission {
  readonly systemId: string;
  readonly actions: readonly JobApiPermissionAction[];
  readonly applyUrl: string | null;
}

/** What an operation costs by `@cost` and `@listSize`, and what one may cost. */
export interface OperationPrice {
  readonly cost: number;
  readonly maxCost: number;
}

/** What may be known of a failure beside its code. */
export interface JobApiErrorDetails {
  /** Milliseconds to wait before trying again. */
  readonly retryAfter?: number | null;
  readonly upstreamCode?: number | null;
  readonly requestId?: string | null;
  readonly permission?: JobApiPermission | null;
  /** What the operation would have cost, and what one may; with OPERATION_TOO_COMPLEX only. */
  readonly price?: OperationPrice | null;
  readonly cause?: unknown;
}

interface CodeFacts {
  readonly text: string;
  readonly retryable: boolean;
}

const codeFacts: Readonly<Record<JobApiErrorCode, CodeFacts>> = {
  NOT_FOUND: { text: 'No such job, step, business or set in this scope.', retryable: false },
  PERMISSION_DENIED: { text: 'You lack a permission that this needs.', retryable: false },
  UNAUTHENTICATED: { text: 'No valid sign-in came with the request.', retryable: false },
  BAD_USER_INPUT: { text: 'An argument is malformed or out of range.', retryable: false },
  OPERATION_TOO_COMPLEX: { text: 'The request costs more than one request may.', retryable: false },
  RATE_LIMITED: { text: 'Too many requests.', retryable: true },
  UPSTREAM_TIMEOUT: { text: 'bk-job did not answer in time.', retryable: true },
  UPSTREAM_UNAVAILABLE: { text: 'bk-job cannot be reached.', retryable: true },
  UPSTREAM_ERROR: { text: 'bk-job answered with a failure of its own.', retryable: false },
  UPSTREAM_BAD_RESPONSE: { text: 'The answer of bk-job cannot be understood.', retryable: false },
  SERVICE_MISCONFIGURED: {
    text: 'The platform refuses this service itself; only its operator can help.',
    retryable: false,
  },
  INTERNAL_SERVER_ERROR: { text: 'A fault of this service.', retryable: false },
};

/**
 * The one error of this service. `message` is meant for clients: it is this service's own text unless the
 * thrower was allowed to pass on the upstream's (schema.md 7). Whatever else is known goes into `cause`.
 */
export class JobApiError extends Error {
  override readonly name = 'JobApiError';
  readonly code: JobApiErrorCode;
  readonly retryable: boolean;
  readonly retryAfter: number | null;
  readonly upstreamCode: number | null;
  readonly requestId: string | null;
  readonly permission: JobApiPermission | null;
  readonly price: OperationPrice | null;

  constructor(code: JobApiErrorCode, message?: string | null, details: JobApiErrorDetails = {}) {
    super(
      message ?? codeFacts[code].text,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.retryable = codeFacts[code].retryable;
    this.retryAfter = details.retryAfter ?? null;
    this.upstreamCode = details.upstreamCode ?? null;
    this.requestId = details.requestId ?? null;
    this.permission = details.permission ?? null;
    this.price = details.price ?? null;
  }
}

/**
 * The cause of a RATE_LIMITED that is this service's own: what all answers together may be is used up. One that is small
 * may find room all the same.
 */
export class NoRoomForAnswer extends Error {
  override readonly name = 'NoRoomForAnswer';
}

/** Anything thrown, as an error of this service: what it does not know is INTERNAL_SERVER_ERROR, with the cause kept. */
export function toJobApiError(thrown: unknown): JobApiError {
  if (thrown instanceof JobApiError) return thrown;
  return new JobApiError('INTERNAL_SERVER_ERROR', null, { cause: thrown });
}

/** A failure that is handed out as data. No `Error`: graphql-js takes any of those in an answer for a failed field. */
export type JobApiFailure = Pick<
  JobApiError,
  'code' | 'message' | 'retryable' | 'retryAfter' | 'upstreamCode' | 'requestId' | 'permission'
>;

/** An error of this service as data. */
export function toJobApiFailure(error: JobApiError): JobApiFailure {
  const { code, message, retryable, retryAfter, upstreamCode, requestId, permission } = error;
  return { code, message, retryable, retryAfter, upstreamCode, requestId, permission };
}
