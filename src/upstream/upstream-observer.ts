import type { JobApiErrorCode } from '../domain/errors.ts';

/** One exchange with bk-job, when it is over. Holds nothing of what was asked or answered. */
export interface UpstreamCall {
  readonly endpoint: 'get_job_instance_status';
  /** Whether the rows of hosts were asked for. */
  readonly hostDetail: boolean;
  /** `ok`, how it failed, or `cancelled` where nobody waited for it any more. */
  readonly outcome: 'ok' | 'cancelled' | JobApiErrorCode;
  readonly durationMs: number;
  /** bk-job's own number of the exchange; null where no answer told one. */
  readonly requestId: string | null;
  /** 1 for the first attempt of a read. */
  readonly attempt: number;
}

/** What a circuit breaker does with calls: `half-open` lets one through to try. */
export type CircuitBreakerState = 'closed' | 'open' | 'half-open';

/** Is told of what happens between this service and bk-job. What it does must neither fail nor take time. */
export interface UpstreamObserver {
  callEnded(call: UpstreamCall): void;
  /** A read shared the call of an equal one that was under way. */
  readJoined(hostDetail: boolean): void;
  /** A read was refused before it was sent: the breaker is open, or too many wait already. */
  readRefused(hostDetail: boolean, reason: 'circuit-breaker' | 'rate-limit' | 'queue'): void;
  breakerChanged(hostDetail: boolean, state: CircuitBreakerState): void;
}
