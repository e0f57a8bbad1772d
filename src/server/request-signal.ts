import type { IncomingHttpHeaders } from 'node:http';
import { JobApiError } from '../domain/errors.ts';
import { Refusal } from './refusals.ts';

/** How long one request may take. */
export interface RequestTime {
  /** Milliseconds from the arrival of a request to the end of all that is done for it. */
  readonly timeout: number;
}

/** An answer that is being made. */
export interface PendingAnswer {
  /** Whether all of it has gone out. */
  readonly writableFinished: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/**
 * A signal that is aborted when nobody waits for the work any more: the client has left before it had its answer, or
 * its time is over. What is not there by then is answered as UPSTREAM_TIMEOUT, field by field.
 */
export function createRequestSignal(response: PendingAnswer, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new JobApiError('UPSTREAM_TIMEOUT'));
  }, timeoutMs);
  response.once('close', () => {
    clearTimeout(timer);
    if (!response.writableFinished) {
      controller.abort(new JobApiError('UPSTREAM_UNAVAILABLE', 'The client left before it had its answer.'));
    }
  });
  return controller.signal;
}

/** Header in which a client says how long it will wait. */
const hintHeader = 'x-request-timeout';

/** Milliseconds, or a text such as `800ms` or `2s`; two of the header, or anything else, are no time. */
const hintPattern = /^([1-9]\d{0,8})(ms|s)?$/;

/** Refuses a time that is none, rather than to guess what was meant. */
export function refusalOfTimeout(headers: IncomingHttpHeaders): Refusal | null {
  const hint = headers[hintHeader];
  if (hint === undefined || hintPattern.test(String(hint))) return null;
  return new Refusal(400, `The header ${hintHeader} must be milliseconds, or a time such as 800ms or 2s.`);
}

/** How long a request may take: what this service gives, or what the client says that it will wait where that is less. */
export function timeForRequest(headers: IncomingHttpHeaders, { timeout }: RequestTime): number {
  const [, digits, unit] = hintPattern.exec(String(headers[hintHeader] ?? '')) ?? [];
  return digits === undefined ? timeout : Math.min(timeout, Number(digits) * (unit === 's' ? 1000 : 1));
}
