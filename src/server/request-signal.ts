import type { IncomingHttpHeaders } from 'node:http';
import type { OperationContext } from '../context/operation-context.ts';
import { JobApiError } from '../domain/errors.ts';
import { Linked, LinkedList } from '../memory/linked-list.ts';
import { Refusal } from './refusals.ts';

type Signal = OperationContext['signal'];

/** How long one request may take. */
export interface RequestTime {
  /** Milliseconds from the arrival of a request to the end of all that is done for it. */
  readonly timeout: number;
  /** Milliseconds that what is under way has when the server closes. */
  readonly gracePeriod: number;
}

/** Of the time of a request, the part that hosts have: in what is left jobs are read without those that have not come. */
const shareOfHosts = 0.8;

/** Why a signal is aborted whose client has left: nobody is there to be told anything any more. */
export const clientLeft = new JobApiError(
  'UPSTREAM_UNAVAILABLE',
  'The client left before it had its answer.',
);

/** An answer that is being made. */
export interface PendingAnswer {
  /** Whether all of it has gone out. */
  readonly writableFinished: boolean;
  on(event: 'close', listener: () => void): unknown;
}

/** Makes the signals of the requests of one server. */
export class RequestSignals {
  readonly #underWay = new LinkedList<RequestSignal>();
  /** When no request has any time left, by the clock of the process. */
  #endsAt = Infinity;

  /**
   * A signal that is aborted when nobody waits for the work any more: the client has left before it had its answer, or
   * its time is over. What is not there by then is answered as UPSTREAM_TIMEOUT, field by field.
   */
  create(response: PendingAnswer, timeoutMs: number): Signal {
    const signal = new RequestSignal(Math.min(timeoutMs, this.#endsAt - performance.now()));
    this.#underWay.add(signal);
    // Perhaps twice, which changes nothing; to listen once costs more.
    response.on('close', () => {
      signal.stopTime();
      this.#underWay.delete(signal);
      if (!response.writableFinished) signal.abort(clientLeft);
    });
    return signal;
  }

  /** From now on no request has more time than this, whether it is under way or yet to come; hosts have their part. */
  endWithin(timeMs: number): void {
    this.#endsAt = performance.now() + timeMs;
    this.#after(timeMs * shareOfHosts, hostsAreLate);
    this.#after(timeMs, endInTime);
  }

  #after(timeMs: number, tell: (signal: RequestSignal) => void): void {
    setTimeout(() => {
      for (const signal of [...this.#underWay]) if (!signal.aborted) tell(signal);
    }, timeMs).unref();
  }
}

function hostsAreLate(signal: RequestSignal): void {
  signal.hostsAreLate();
}

function endHosts(signal: RequestSignal): void {
  signal.endHosts();
}

function endInTime(signal: RequestSignal): void {
  signal.abort(new JobApiError('UPSTREAM_TIMEOUT'));
}

/** Every request has one, and an `AbortSignal` of the platform takes more time and memory than all that it is for. */
class RequestSignal extends Linked<RequestSignal> implements Signal {
  reason: JobApiError | null = null;
  #listeners: (() => void)[] = [];
  #areHostsLate = false;
  /** Null where nobody listens. */
  #lateHostsListeners: (() => void)[] | null = null;
  readonly #msWithoutHosts: number;
  #timer: NodeJS.Timeout;

  constructor(timeMs: number) {
    super();
    const msForHosts = Math.floor(timeMs * shareOfHosts);
    this.#msWithoutHosts = timeMs - msForHosts;
    this.#timer = setTimeout(endHosts, msForHosts, this);
  }

  get aborted(): boolean {
    return this.reason !== null;
  }

  /** Listeners are called once, whatever they ask for. */
  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }

  onHostsLate(listener: () => void): void {
    if (this.#areHostsLate) listener();
    else (this.#lateHostsListeners ??= []).push(listener);
  }

  endHosts(): void {
    this.#timer = setTimeout(endInTime, this.#msWithoutHosts, this);
    this.hostsAreLate();
  }

  hostsAreLate(): void {
    const listeners = this.#lateHostsListeners;
    this.#areHostsLate = true;
    this.#lateHostsListeners = null;
    if (listeners !== null) for (const listener of listeners) listener();
  }

  stopTime(): void {
    clearTimeout(this.#timer);
    this.#lateHostsListeners = null;
  }

  /** Who leaves when the time is over has left all the same. */
  abort(reason: JobApiError): void {
    this.reason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
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
export function timeForRequest(
  headers: IncomingHttpHeaders,
  { timeout }: Pick<RequestTime, 'timeout'>,
): number {
  const hint = headers[hintHeader];
  if (hint === undefined) return timeout;
  const [, digits, unit] = hintPattern.exec(String(hint)) ?? [];
  return digits === undefined ? timeout : Math.min(timeout, Number(digits) * (unit === 's' ? 1000 : 1));
}

/** What answers need at the end of the grace period to be made and taken. Milliseconds. */
const timeToAnswer = 1000;

/** How long requests have when the server closes, so that they are answered and not cut off; null where it is too short. */
export function timeAtTheEnd({ gracePeriod }: Pick<RequestTime, 'gracePeriod'>): number | null {
  return gracePeriod > timeToAnswer ? gracePeriod - timeToAnswer : null;
}

/** For how long connections that wait are accepted when the server closes, where more and more come. Milliseconds. */
export function timeToAccept({ gracePeriod }: Pick<RequestTime, 'gracePeriod'>): number {
  return Math.min(1000, gracePeriod / 2);
}
