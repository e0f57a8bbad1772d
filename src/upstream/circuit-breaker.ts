import { JobApiError } from '../domain/errors.ts';
import { createRecentCalls, type RecentCalls, type RecentCallsOptions } from './recent-calls.ts';
import type { CircuitBreakerState } from './upstream-observer.ts';

/** When an upstream is spared, and for how long. Times are milliseconds. */
export interface CircuitBreakerOptions extends RecentCallsOptions {
  /** How long the upstream is left alone before one call tries it. */
  readonly sleepWindow: number;
  readonly changed: (state: CircuitBreakerState) => void;
}

/** How a call was let through: like all others, or to try an upstream that was spared. */
export type Admission = 'call' | 'trial';

/** What a call tells of the upstream. A call that nobody waited for to the end tells nothing. */
export type Liveness = 'alive' | 'down' | 'unknown';

/** Spares an upstream that is down, and finds it alive with one call. */
export interface CircuitBreaker {
  /** UPSTREAM_UNAVAILABLE, with the time to wait, while the upstream is spared; null when a call may be made. */
  refusal(): JobApiError | null;
  /** For a call that is not refused and made now; `settle` is to be told of it. */
  admit(): Admission;
  /** `caller` is asked for only where the call tells that the upstream is down. */
  settle(admission: Admission, liveness: Liveness, caller: () => string): void;
}

type State =
  | { readonly kind: 'closed'; readonly recentCalls: RecentCalls }
  /** `until`: when the next call may try. It does not wait for the one before, which may have met a dead end. */
  | { readonly kind: 'open' | 'half-open'; readonly until: number };

/** A breaker that lets every call through, until too many have failed. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const closed = (): State => ({ kind: 'closed', recentCalls: createRecentCalls(options) });
  const spared = (kind: 'open' | 'half-open', duration: number): State => ({
    kind,
    until: options.now() + duration,
  });
  let state = closed();

  function turn(next: State): void {
    const isChange = next.kind !== state.kind;
    state = next;
    if (isChange) options.changed(next.kind);
  }

  return {
    refusal: () => {
      if (state.kind === 'closed') return null;
      const wait = state.until - options.now();
      return wait > 0 ? new JobApiError('UPSTREAM_UNAVAILABLE', null, { retryAfter: Math.ceil(wait) }) : null;
    },
    admit: () => {
      if (state.kind === 'closed') return 'call';
      turn(spared('half-open', options.sleepWindow));
      return 'trial';
    },
    settle: (admission, liveness, caller) => {
      if (state.kind === 'closed') {
        if (liveness === 'unknown') return;
        state.recentCalls.note(liveness === 'down' ? caller() : null);
        if (liveness === 'down' && state.recentCalls.haveFailedTooOften()) {
          turn(spared('open', options.sleepWindow));
        }
      } else if (admission === 'trial') {
        if (liveness === 'alive') turn(closed());
        else turn(spared('open', liveness === 'down' ? options.sleepWindow : 0));
      }
    },
  };
}
