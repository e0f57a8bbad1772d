import { createBulkheads, type BulkheadLoad } from './bulkheads.ts';
import { createCircuitBreaker, type CircuitBreaker } from './circuit-breaker.ts';
import { GuardedRead, type GuardParts, type Guards } from './guarded-read.ts';
import { createRateLimits } from './rate-limits.ts';
import { createRetries, type RetryOptions } from './retries.ts';
import type { StatusCall, StatusOutcome } from './status-call.ts';

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

/** Reads as often as it takes, and as bk-job and all other reads can bear. */
export interface GuardedReads {
  read(call: StatusCall, outcome: StatusOutcome): void;
  readonly load: () => BulkheadLoad;
  /** How many further attempts may be made at once. */
  readonly retryBudget: () => number;
}

/** Puts what protects bk-job, and callers from each other, around single exchanges. */
export function createGuardedReads(options: GuardOptions, parts: GuardParts): GuardedReads {
  const { http, observer, clock, random } = parts;
  const retries = createRetries(options.retry, clock, random);
  const bulkheads = createBulkheads({ ...options, clock });
  const breakerFor = createBreakers(options, parts);
  const guards: Guards = {
    http,
    observer,
    clock,
    retries,
    bulkheads,
    rateLimits: createRateLimits(() => clock.now()),
    slowAfter: options.slowAfter,
  };
  return {
    read: (call, outcome) => {
      new GuardedRead(guards, breakerFor(call.read.hostDetail), { call, outcome }).attempt();
    },
    load: bulkheads.load,
    retryBudget: retries.budget,
  };
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
