import { JobApiError, type JobApiErrorCode } from '../domain/errors.ts';
import { createRecentCalls, type RecentCalls, type RecentCallsOptions } from './recent-calls.ts';

/** When an upstream is spared, and for how long. Times are milliseconds. */
export interface CircuitBreakerOptions extends RecentCallsOptions {
  /** How long the upstream is left alone before one call tries it. */
  readonly sleepWindow: number;
}

/** Spares an upstream that is down, and finds it alive with one call. */
export interface CircuitBreaker {
  /** Runs the call, or rejects with UPSTREAM_UNAVAILABLE at once, telling how long to wait. */
  run<Result>(caller: string, call: () => Promise<Result>): Promise<Result>;
}

/** Failures that say that the upstream is down. All others are answers, and an upstream that answers is not down. */
const saysDown: ReadonlySet<JobApiErrorCode> = new Set(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE']);

type State =
  | { readonly kind: 'closed'; readonly recentCalls: RecentCalls }
  | { readonly kind: 'open'; readonly until: number }
  /** One call is trying. */
  | { readonly kind: 'half-open' };

/** A breaker that lets every call through, until too many have failed. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const closed = (): State => ({ kind: 'closed', recentCalls: createRecentCalls(options) });
  const open = (): State => ({ kind: 'open', until: options.now() + options.sleepWindow });
  let state = closed();

  /** Whether the call is the one that tries an upstream that was spared. */
  function admit(): boolean {
    if (state.kind === 'closed') return false;
    const wait = state.kind === 'open' ? state.until - options.now() : options.sleepWindow;
    if (wait > 0) throw new JobApiError('UPSTREAM_UNAVAILABLE', null, { retryAfter: Math.ceil(wait) });
    state = { kind: 'half-open' };
    return true;
  }

  function settle(caller: string, isTrial: boolean, isDown: boolean): void {
    if (isTrial) {
      state = isDown ? open() : closed();
    } else if (state.kind === 'closed') {
      state.recentCalls.note(caller, isDown);
      if (isDown && state.recentCalls.haveFailedTooOften()) state = open();
    }
  }

  return {
    run: async (caller, call) => {
      const isTrial = admit();
      try {
        const result = await call();
        settle(caller, isTrial, false);
        return result;
      } catch (error) {
        settle(caller, isTrial, error instanceof JobApiError && saysDown.has(error.code));
        throw error;
      }
    },
  };
}
