import { JobApiError, type JobApiErrorCode } from '../../domain/errors.ts';
import { withoutEscapes } from '../../secrets/readings.ts';
import { parseWireJson, type WireObject, type WireValue } from './json.ts';
import { isWireObject, memberOf, readObject } from './members.ts';
import { decodePermission } from './permission.ts';
import { shownText, type HoldsSecret } from './shown-text.ts';
import { withoutUnreadMembers } from './unread-members.ts';
import { toJobApiErrorCode } from './upstream-codes.ts';

/** An HTTP answer, whole. Names of headers are in lower case. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** What an answer is read with beside itself. */
export interface EnvelopeOptions {
  /** Page to apply for permissions at. */
  readonly permissionApplyUrl: string | null;
  /** What of the upstream holds a secret is not passed on. Left out where there is none. */
  readonly holdsSecret?: HoldsSecret;
  /**
   * The same for what the caller signs in with: errors are kept and passed on by whoever gets them. Looked for in failures
   * alone. Left out where nobody asked.
   */
  readonly holdsSignIn?: HoldsSecret;
}

/** A success, unwrapped. */
export interface OpenedEnvelope {
  readonly data: WireObject;
  readonly requestId: string | null;
}

/** Texts of these failures speak to the caller; those of all others can name internal hosts (schema.md 7). */
const textIsForClients: ReadonlySet<JobApiErrorCode> = new Set([
  'NOT_FOUND',
  'PERMISSION_DENIED',
  'BAD_USER_INPUT',
]);

const maxMessageLength = 1000;

/** ESB's number for every failure of its own, sign-in among them (upstream contract 3.4). */
const esbGenericNumber = 1306000;

/** Its words for a user whose sign-in is missing, wrong or over; those on the application are left out. */
const signInText = /user authentication failed|valid user identity|access_token|用户认证失败|有效的用户身份/i;

const maxInt32 = 2 ** 31 - 1;

/** Whatever stands in so little is made into objects within ten milliseconds. */
const smallBody = 64 * 1024;

/**
 * Unwraps the answer of any front door. HTTP 200 says nothing (upstream contract 0.1): the shape of the body decides,
 * whatever the status. Throws a `JobApiError`: what the upstream calls its failure, or UPSTREAM_BAD_RESPONSE.
 */
export function openEnvelope(response: WireResponse, options: EnvelopeOptions): OpenedEnvelope {
  const body = parseBody(response);
  if (body !== null && isSuccess(response, body)) {
    const requestId = requestIdOf(response, body, options);
    return { data: readData(body, requestId, options), requestId };
  }
  const told = ofFailures(options);
  const requestId = requestIdOf(response, body ?? noBody, told);
  throw body === null ? unreadable(response, requestId) : toFailure(response, body, { ...told, requestId });
}

/** What failures are read with. Which characters are escaped, and how often, is up to whoever repeats a secret. */
function ofFailures({
  permissionApplyUrl,
  holdsSecret = holdsNone,
  holdsSignIn = holdsNone,
}: EnvelopeOptions): EnvelopeOptions {
  return {
    permissionApplyUrl,
    holdsSecret: (text) => holdsSecret(text) || withoutEscapes(text).some(holdsSecret) || holdsSignIn(text),
  };
}

/** The id of an exchange as an error may tell it. */
export function toldId(
  requestId: string | null,
  { holdsSignIn = holdsNone }: EnvelopeOptions,
): string | null {
  return requestId === null || holdsSignIn(requestId) ? null : requestId;
}

function parseBody({ body }: WireResponse): WireObject | null {
  try {
    const value = parseWireJson(body.length < smallBody ? body : withoutUnreadMembers(body));
    return isWireObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isSuccess({ status }: WireResponse, body: WireObject): boolean {
  const code = memberOf(body, 'code');
  const isZero = code === null || code === 0;
  return isOk(status) && memberOf(body, 'result') === true && isZero && failureOf(body) === null;
}

function readData(body: WireObject, requestId: string | null, options: EnvelopeOptions): WireObject {
  try {
    return readObject(body, 'data');
  } catch (cause) {
    throw new JobApiError('UPSTREAM_BAD_RESPONSE', null, { requestId: toldId(requestId, options), cause });
  }
}

/** No JSON object at all: a page of a proxy, a redirect, an empty body. Only the HTTP status can tell more. */
function unreadable(response: WireResponse, requestId: string | null): JobApiError {
  const { status } = response;
  const code =
    status < 400 ? 'UPSTREAM_BAD_RESPONSE' : toJobApiErrorCode({ numbers: [], word: null, status });
  return new JobApiError(code, null, { requestId, retryAfter: retryAfterOf(response, code) });
}

function toFailure(
  response: WireResponse,
  body: WireObject,
  {
    permissionApplyUrl: applyUrl,
    holdsSecret = holdsNone,
    requestId,
  }: EnvelopeOptions & { readonly requestId: string | null },
): JobApiError {
  const failure = failureOf(body);
  if (failure === null) return unreadable(response, requestId);
  const { numbers, word, message } = failure;
  const code = isSignInFailure(failure)
    ? 'UNAUTHENTICATED'
    : toJobApiErrorCode({ numbers, word, status: response.status });
  const shown =
    message === null || !textIsForClients.has(code)
      ? null
      : shownText(message, { maxLength: maxMessageLength, holdsSecret });
  return new JobApiError(code, shown, {
    requestId,
    upstreamCode: numbers[0] ?? null,
    retryAfter: retryAfterOf(response, code),
    permission:
      code === 'PERMISSION_DENIED' ? decodePermission(failure.permission, { applyUrl, holdsSecret }) : null,
  });
}

interface WireFailure {
  readonly numbers: readonly number[];
  readonly word: string | null;
  readonly message: string | null;
  readonly permission: WireValue;
}

/** A failure in one of the three shapes that it can have (upstream contract 3.1); null where the body is none. */
function failureOf(body: WireObject): WireFailure | null {
  const error = memberOf(body, 'error');
  if (isWireObject(error)) {
    const details = memberOf(error, 'details');
    const detailNumbers = Array.isArray(details) ? details.filter(isWireObject).flatMap(numbersOf) : [];
    const word = memberOf(error, 'code');
    return {
      numbers: detailNumbers,
      word: typeof word === 'string' ? word : null,
      message: messageOf(error),
      permission: memberOf(error, 'data'),
    };
  }
  if (memberOf(body, 'code_name') === null && memberOf(body, 'result') !== false) return null;
  return {
    numbers: numbersOf(body),
    word: null,
    message: messageOf(body),
    permission: memberOf(body, 'permission'),
  };
}

function isSignInFailure({ numbers, message }: WireFailure): boolean {
  return numbers[0] === esbGenericNumber && message !== null && signInText.test(message);
}

/** v4 writes its numbers as texts. */
function numbersOf(object: WireObject): readonly number[] {
  const value = memberOf(object, 'code');
  const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= maxInt32
    ? [number]
    : [];
}

function messageOf(object: WireObject): string | null {
  const message = memberOf(object, 'message');
  return typeof message === 'string' && message !== '' ? message : null;
}

const holdsNone: HoldsSecret = () => false;

/** The id that bk-job's own operators know comes first, then that of the nearest layer (upstream contract 1.3). */
function requestIdOf(
  { headers }: WireResponse,
  body: WireObject,
  { holdsSecret = holdsNone }: EnvelopeOptions,
): string | null {
  const asRequestId = (value: WireValue | undefined): string | null =>
    typeof value === 'string' && requestIdPattern.test(value) && !holdsSecret(value) ? value : null;
  return (
    asRequestId(memberOf(body, 'job_request_id')) ??
    asRequestId(headers['x-bk-job-request-id']) ??
    asRequestId(headers['x-bkapi-request-id']) ??
    asRequestId(memberOf(body, 'request_id')) ??
    asRequestId(headers['x-request-id'])
  );
}

const requestIdPattern = /^[\w.-]{1,128}$/;

const noBody: WireObject = {};

/** The id of an exchange as far as its headers tell it. */
export function requestIdIn(response: WireResponse, options: EnvelopeOptions): string | null {
  return requestIdOf(response, noBody, options);
}

/** Milliseconds. Who says more is not believed: it would stop the service for as long as it likes. */
const longestWait = 60_000;

/** The dates of HTTP but for one that nobody sends (RFC 9110, 5.6.7). `Date.parse` takes nearly any text for one. */
const httpDate = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -](?:\d{2}|\d{4}) \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Milliseconds, a minute at most; null where none are told. The gateway tells seconds (upstream contract 3.3), and what
 * stands before it seconds or a date. The first header of which something can be made counts.
 */
function retryAfterOf({ headers }: WireResponse, code: JobApiErrorCode): number | null {
  if (code !== 'RATE_LIMITED') return null;
  const wait = waitOf(headers['x-bkapi-ratelimit-reset']) ?? waitOf(headers['retry-after']);
  return wait === null ? null : Math.min(wait, longestWait);
}

function waitOf(told: string | undefined): number | null {
  if (told === undefined) return null;
  if (/^\d+$/.test(told)) return Number(told) * 1000;
  const until = httpDate.test(told) ? Date.parse(told) : Number.NaN;
  return Number.isNaN(until) ? null : Math.max(0, until - Date.now());
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}
