import type { JobApiErrorCode } from '../domain/errors.ts';

/** One exchange with bk-job, when it is over. Holds nothing of what was asked or answered but bk-job's own numbers. */
export interface UpstreamCall {
  readonly endpoint: 'get_job_instance_status';
  /** Whether the rows of hosts were asked for. */
  readonly hostDetail: boolean;
  /** `ok`, how it failed, or `cancelled` where nobody waited for it any more. */
  readonly outcome: 'ok' | 'cancelled' | JobApiErrorCode;
  /** bk-job's own number of the failure; null where there is none. */
  readonly upstreamCode: number | null;
  readonly durationMs: number;
  /** bk-job's own number of the exchange; null where no answer told one. */
  readonly requestId: string | null;
  /** 1 for the first attempt of a read. */
  readonly attempt: number;
}

/** What a circuit breaker does with calls: `half-open` lets one through to try. */
export type CircuitBreakerState = 'closed' | 'open' | 'half-open';

/** Connections to bk-job at a moment, and what uses them; undici's words. */
export interface UpstreamPoolStats {
  readonly connected: number;
  readonly free: number;
  /** Requests that wait for a connection. */
  readonly pending: number;
  readonly running: number;
}

/** Is told of what happens between this service and bk-job. What it does must neither fail nor take time. */
export interface UpstreamObserver {
  callEnded(call: UpstreamCall): void;
  /** A read shared the call of an equal one that was under way. */
  readJoined(hostDetail: boolean): void;
  /** Something read before was looked for, in a service that keeps such. */
  cacheLookedUp(hostDetail: boolean, found: boolean): void;
  /** A read was refused before it was sent: the breaker is open, or too many wait already. */
  readRefused(hostDetail: boolean, reason: 'circuit-breaker' | 'rate-limit' | 'queue'): void;
  breakerChanged(hostDetail: boolean, state: CircuitBreakerState): void;
  /** A read that could have been tried again was not: the budget of retries is spent. */
  retryDenied(hostDetail: boolean): void;
  /** Hosts could not be taken from the bytes of an answer; it was read whole, at the price of an object for each. */
  scanGivenUp(): void;
  /** What can be read at any time, until the client of bk-job is closed. */
  gaugesOpened(gauges: UpstreamGauges): void;
}

/** What has a value at any time. */
export interface UpstreamGauges {
  pool(): UpstreamPoolStats;
  /** Retries that may be made at once. */
  retryBudget(): number;
  /** Memory that is taken by what was read before. */
  cachedBytes(): number;
}

/**
 * The request on whose behalf bk-job is called, as far as bk-job and operators may know of it. A call that several
 * requests share is begun for the first of them; the others are told that they joined it. What it does must neither fail
 * nor take time, and so it is with what it makes of a call.
 */
export interface CallOrigin {
  /** An attempt is about to be sent. */
  beginCall(call: Pick<UpstreamCall, 'endpoint' | 'hostDetail' | 'attempt'>): CallTrace;
  /** A read for this request shared the call of an equal one that was under way. */
  readJoined(): void;
  /** A read for this request was answered by what was read before. */
  readCached(): void;
}

/** One attempt, from before it is sent to its end. */
export interface CallTrace {
  /** Headers that go with it, so that both sides can be found by one number; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  ended(call: UpstreamCall): void;
}

/** Hears everything and tells nothing: for tests, and where nobody listens. */
export const quietObserver: UpstreamObserver = {
  callEnded: () => undefined,
  readJoined: () => undefined,
  cacheLookedUp: () => undefined,
  readRefused: () => undefined,
  breakerChanged: () => undefined,
  retryDenied: () => undefined,
  scanGivenUp: () => undefined,
  gaugesOpened: () => undefined,
};
