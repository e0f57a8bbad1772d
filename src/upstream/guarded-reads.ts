import { createHmac, randomBytes } from 'node:crypto';
import type { Caller } from '../domain/caller.ts';
import { JobApiError, toJobApiError, type JobApiErrorCode } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import { createBulkheads, type BulkheadLoad, type Bulkheads } from './bulkheads.ts';
import type { Cancellation } from './cancellation.ts';
import { createCircuitBreaker, type CircuitBreaker, type Liveness } from './circuit-breaker.ts';
import type { Clock } from './clock.ts';
import type { HttpJobApi } from './http-job-api.ts';
import { createRateLimits } from './rate-limits.ts';
import { createRetries, type RetryOptions } from './retries.ts';
import type { StatusRead } from './joined-reads.ts';
import type { StatusAttempt, StatusCall } from './status-call.ts';
import type { UpstreamObserver } from './upstream-observer.ts';

/** How much bk-job is asked, and when it is left alone. */
export interface GuardOptions {
  readonly connections: number;
  readonly hostDetailConnections: number;
  readonly maxQueuedReads: number;
  readonly retry: RetryOptions;
  readonly circuitBreaker: {
    readonly rollingDuration: number;
    readonly requestThreshold: number;
    readonly callerThreshold: number;
    readonly errorThreshold: number;
    readonly sleepWindow: number;
  };
  /** A read that was given up after this time was slow, and not its caller impatient. */
  readonly slowAfter: number;
}

/** What guards cannot decide by themselves. */
export interface GuardParts {
  readonly http: Pick<HttpJobApi, 'requestOf' | 'send'>;
  readonly observer: UpstreamObserver;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Reads as often as it takes, and as bk-job and all other reads can bear. */
export interface GuardedReads {
  read(call: StatusCall): Promise<JobInstance>;
  readonly load: () => BulkheadLoad;
  /** How many further attempts may be made at once. */
  readonly retryBudget: () => number;
}

/** Failures that say that the upstream is down. All others are answers, and an upstream that answers is not down. */
const saysDown: ReadonlySet<JobApiErrorCode> = new Set(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE']);

/** Puts what protects bk-job, and callers from each other, around single exchanges. */
export function createGuardedReads(options: GuardOptions, parts: GuardParts): GuardedReads {
  const { observer, clock, random } = parts;
  const retries = createRetries(options.retry, clock, random);
  const bulkheads = createBulkheads({ ...options, clock });
  const attempt = createAttempt(options, parts, bulkheads);
  return {
    read: async (call) => {
      retries.countRead();
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await attempt(call, attempts);
        } catch (error) {
          if (call.cancellation.reason !== null) throw error;
          const timeLeft = call.deadline - clock.now();
          const pause = retries.pauseAfter(error, { attempts, timeLeft });
          if (pause === 'denied') observer.retryDenied(call.read.hostDetail);
          if (typeof pause === 'string') throw error;
          await wait(pause, call.cancellation, clock);
        }
      }
    },
    load: bulkheads.load,
    retryBudget: retries.budget,
  };
}

type Attempt = (call: StatusCall, number: number) => Promise<JobInstance>;

/** One attempt: in a place of its own, where neither the gateway nor the breaker says to wait. */
function createAttempt(options: GuardOptions, parts: GuardParts, bulkheads: Bulkheads): Attempt {
  const { http, observer, clock } = parts;
  const userOf = createUserDigest();
  const rateLimits = createRateLimits(() => clock.now());
  const breakerFor = createBreakers(options, parts);

  /** Throws where it is known before a read is sent that nothing would come of it. */
  function assertMayAsk({ caller, hostDetail }: StatusRead, breaker: CircuitBreaker): void {
    const refused = rateLimits.refusal(caller) ?? breaker.refusal();
    if (refused === null) return;
    observer.readRefused(hostDetail, refused.code === 'RATE_LIMITED' ? 'rate-limit' : 'circuit-breaker');
    throw refused;
  }

  async function send(attempt: StatusAttempt, breaker: CircuitBreaker): Promise<JobInstance> {
    const { caller } = attempt.read;
    const admission = breaker.admit();
    const start = clock.now();
    try {
      const job = await http.send(attempt);
      breaker.settle(admission, 'alive', () => userOf(caller));
      return job;
    } catch (thrown) {
      const error = toJobApiError(thrown);
      rateLimits.note(caller, error);
      const wasSlow = clock.now() - start >= options.slowAfter;
      breaker.settle(admission, livenessOf(error, attempt.cancellation, wasSlow), () => userOf(caller));
      throw error;
    } finally {
      bulkheads.leave(attempt.read.hostDetail);
    }
  }

  return async (call, number) => {
    const { read, deadline, cancellation } = call;
    const breaker = breakerFor(read.hostDetail);
    assertMayAsk(read, breaker);
    const place = bulkheads.enter(call);
    if (place !== null) await waitForPlace(place, call, observer);
    let attempt: StatusAttempt;
    try {
      // Waiting has taken its time.
      if (place !== null) assertMayAsk(read, breaker);
      // Not before there is a place: there may be many that wait for one.
      attempt = { read, deadline, cancellation, request: http.requestOf(read), attempt: number };
    } catch (error) {
      bulkheads.leave(read.hostDetail);
      throw error;
    }
    return send(attempt, breaker);
  };
}

/** Most find a place at once, and are sent before anything else happens. */
async function waitForPlace(
  place: Promise<void>,
  { read, cancellation }: StatusCall,
  observer: UpstreamObserver,
): Promise<void> {
  try {
    await place;
  } catch (error) {
    if (cancellation.reason === null) observer.readRefused(read.hostDetail, 'queue');
    throw error;
  }
}

/** Reads with hosts have a breaker of their own: they can be too much for a bk-job that still answers plain ones. */
function createBreakers(options: GuardOptions, parts: GuardParts): (hostDetail: boolean) => CircuitBreaker {
  const { clock, observer } = parts;
  const create = (hostDetail: boolean): CircuitBreaker =>
    createCircuitBreaker({
      ...options.circuitBreaker,
      now: () => clock.now(),
      changed: (state) => {
        observer.breakerChanged(hostDetail, state);
      },
    });
  const plain = create(false);
  const withHosts = create(true);
  return (hostDetail) => (hostDetail ? withHosts : plain);
}

/** A call that nobody waited for tells nothing, unless its time was up and it had had enough of it. */
function livenessOf(error: JobApiError, { reason }: Cancellation, wasSlow: boolean): Liveness {
  if (reason === null) return saysDown.has(error.code) ? 'down' : 'alive';
  return reason.code === 'UPSTREAM_TIMEOUT' && wasSlow ? 'down' : 'unknown';
}

/** By who somebody is alone: with other headers one user would count for several callers. */
function createUserDigest(): (caller: Caller) => string {
  const key = randomBytes(32);
  return ({ proof }) => createHmac('sha256', key).update(`${proof.kind} ${proof.value}`).digest('base64url');
}

function wait(delay: number, cancellation: Cancellation, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(delay, () => {
      cancellation.listener = null;
      resolve();
    });
    cancellation.listener = () => {
      stop();
      reject(cancellation.reason ?? new JobApiError('UPSTREAM_UNAVAILABLE'));
    };
  });
}
