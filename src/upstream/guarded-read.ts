import { JobApiError, saysDown, toJobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { Bulkheads, PlaceSeeker } from './bulkheads.ts';
import type { Cancellation } from './cancellation.ts';
import type { Admission, CircuitBreaker, Liveness } from './circuit-breaker.ts';
import type { Clock } from './clock.ts';
import type { HttpJobApi } from './http-job-api.ts';
import type { HttpRequest } from './http-request.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Retries } from './retries.ts';
import type { StatusCall, StatusOutcome } from './status-call.ts';
import type { UpstreamObserver } from './upstream-observer.ts';

/** What guards cannot decide by themselves. */
export interface GuardParts {
  readonly http: Pick<HttpJobApi, 'requestOf' | 'send'>;
  readonly observer: UpstreamObserver;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** All that a read has to pass; the same for every one of them. */
export interface Guards extends Omit<GuardParts, 'random'> {
  readonly retries: Retries;
  readonly bulkheads: Bulkheads;
  readonly rateLimits: RateLimits;
  /** A read that was given up after this time was slow, and not its caller impatient. */
  readonly slowAfter: number;
}

/** One read with its attempts. It is in one place at a time: in the queue, at bk-job, or in a pause. */
export class GuardedRead implements StatusOutcome, PlaceSeeker {
  readonly #guards: Guards;
  readonly #breaker: CircuitBreaker;
  readonly #call: StatusCall;
  readonly #outcome: StatusOutcome;
  #attempts = 0;
  #admission: Admission = 'call';
  #sentAt = 0;

  constructor(
    guards: Guards,
    breaker: CircuitBreaker,
    { call, outcome }: { readonly call: StatusCall; readonly outcome: StatusOutcome },
  ) {
    this.#guards = guards;
    this.#breaker = breaker;
    this.#call = call;
    this.#outcome = outcome;
  }

  /** Makes the next attempt: in a place of its own, where neither the gateway nor the breaker says to wait. */
  attempt(): void {
    this.#attempts += 1;
    const refusal = this.#refusal();
    if (refusal !== null) this.#endAttempt(refusal);
    else if (this.#guards.bulkheads.enter(this.#call, this)) this.#send();
  }

  admitted(): void {
    // Waiting has taken its time.
    const refusal = this.#refusal();
    if (refusal === null) this.#send();
    else this.#leave(refusal);
  }

  refused(error: JobApiError): void {
    const { read, cancellation } = this.#call;
    if (cancellation.reason === null) this.#guards.observer.readRefused(read.hostDetail, 'queue');
    this.#endAttempt(error);
  }

  arrived(): void {
    this.#outcome.arrived?.();
  }

  succeeded(job: JobInstance): void {
    this.#settle('alive');
    this.#guards.bulkheads.leave(this.#call.read.hostDetail);
    this.#outcome.succeeded(job);
  }

  failed(error: JobApiError): void {
    const { rateLimits, clock, slowAfter } = this.#guards;
    const { read, cancellation } = this.#call;
    rateLimits.note(read.caller, error);
    const wasSlow = clock.now() - this.#sentAt >= slowAfter;
    this.#settle(livenessOf(error, cancellation, wasSlow));
    this.#leave(error);
  }

  #settle(liveness: Liveness): void {
    if (liveness === 'alive' && this.#call.read.afterFailure !== undefined) this.#guards.retries.giveBack();
    this.#breaker.settle(this.#admission, liveness, this.#user());
  }

  /** Why it is known before a read is sent that nothing would come of it; null where it is not. */
  #refusal(): JobApiError | null {
    const { rateLimits, observer } = this.#guards;
    const { caller, hostDetail } = this.#call.read;
    const refusal = rateLimits.refusal(caller) ?? this.#breaker.refusal(this.#user());
    if (refusal !== null) {
      observer.readRefused(hostDetail, refusal.code === 'RATE_LIMITED' ? 'rate-limit' : 'circuit-breaker');
    }
    return refusal;
  }

  #send(): void {
    const { http, clock, retries, observer } = this.#guards;
    const { read, deadline, cancellation } = this.#call;
    let request: HttpRequest;
    try {
      // Not before there is a place: there may be many that wait for one.
      request = http.requestOf(read);
    } catch (thrown) {
      this.#leave(toJobApiError(thrown));
      return;
    }
    if (read.afterFailure !== undefined && !retries.pay()) {
      observer.retryDenied(read.hostDetail);
      this.#leave(read.afterFailure);
      return;
    }
    // One that bk-job is not asked for earns no other attempt, nor does one that is another attempt itself.
    if (read.afterFailure === undefined && this.#attempts === 1) retries.countRead();
    this.#admission = this.#breaker.admit(this.#user());
    this.#sentAt = clock.now();
    http.send({ read, deadline, cancellation, request, attempt: this.#attempts }, this);
  }

  #leave(error: JobApiError): void {
    this.#guards.bulkheads.leave(this.#call.read.hostDetail);
    this.#endAttempt(error);
  }

  /** Tries again after a pause, where that may help. */
  #endAttempt(error: JobApiError): void {
    const { retries, observer, clock } = this.#guards;
    const { read, deadline, cancellation } = this.#call;
    if (cancellation.reason !== null || read.afterFailure !== undefined) {
      this.#outcome.failed(error);
      return;
    }
    const timeLeft = deadline - clock.now();
    const pause = retries.pauseAfter(error, {
      attempts: this.#attempts,
      timeLeft,
      isReplaceable: read.hostDetail,
    });
    if (pause === 'denied') observer.retryDenied(read.hostDetail);
    if (typeof pause === 'string') this.#outcome.failed(error);
    else this.#attemptAfter(pause);
  }

  #attemptAfter(pause: number): void {
    const { cancellation } = this.#call;
    const stop = this.#guards.clock.after(pause, () => {
      cancellation.listener = null;
      this.attempt();
    });
    cancellation.listener = () => {
      stop();
      this.#outcome.failed(cancellation.reason ?? new JobApiError('UPSTREAM_UNAVAILABLE'));
    };
  }

  #user(): string {
    return this.#call.read.caller.account;
  }
}

/** A call that nobody waited for tells nothing, unless its time was up and it had had enough of it. */
function livenessOf(error: JobApiError, { reason }: Cancellation, wasSlow: boolean): Liveness {
  if (reason === null) return saysDown.has(error.code) ? 'down' : 'alive';
  return reason.code === 'UPSTREAM_TIMEOUT' && wasSlow ? 'down' : 'unknown';
}
