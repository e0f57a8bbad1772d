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
  refusal(caller: string): JobApiError | null;
  /** For a call that is not refused and made now; `settle` is to be told of it. */
  admit(caller: string): Admission;
  settle(admission: Admission, liveness: Liveness, caller: string): void;
}

type State = { readonly kind: 'closed'; readonly recentCalls: RecentCalls } | Spared;

interface Spared {
  readonly kind: 'open' | 'half-open';
  /** When the next call may try. It does not wait for the one before, which may have met a dead end. */
  readonly until: number;
  /** Whose call tried last; null where it is not known of anybody. */
  readonly triedBy: string | null;
  /** Whether others were refused since: they try next, or one whose calls always fail would try alone. */
  readonly othersWait: boolean;
}

/** A breaker that lets every call through, until too many have failed. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const closed = (): State => ({ kind: 'closed', recentCalls: createRecentCalls(options) });
  const spared = (kind: Spared['kind'], duration: number, triedBy: string | null): Spared => ({
    kind,
    until: options.now() + duration,
    triedBy,
    othersWait: state.kind !== 'closed' && state.othersWait && state.triedBy === triedBy,
  });
  let state: State = closed();

  function turn(next: State): void {
    const isChange = next.kind !== state.kind;
    state = next;
    if (isChange) options.changed(next.kind);
  }

  return {
    refusal: (caller) => {
      if (state.kind === 'closed') return null;
      const { until, triedBy, othersWait } = state;
      const isNext = !othersWait || triedBy !== caller;
      const wait = until + (isNext ? 0 : options.sleepWindow) - options.now();
      if (wait <= 0) return null;
      if (!othersWait && triedBy !== null && triedBy !== caller) state = { ...state, othersWait: true };
      return new JobApiError('UPSTREAM_UNAVAILABLE', null, { retryAfter: Math.ceil(wait) });
    },
    admit: (caller) => {
      if (state.kind === 'closed') return 'call';
      turn({ ...spared('half-open', options.sleepWindow, caller), othersWait: false });
      return 'trial';
    },
    settle: (admission, liveness, caller) => {
      if (state.kind === 'closed') {
        if (liveness === 'unknown') return;
        state.recentCalls.note(liveness === 'down' ? caller : null);
        if (liveness === 'down' && state.recentCalls.haveFailedTooOften()) {
          turn(spared('open', options.sleepWindow, null));
        }
      } else if (admission === 'trial') {
        if (liveness === 'alive') turn(closed());
        else if (liveness === 'down') turn(spared('open', options.sleepWindow, caller));
        else turn(spared('open', 0, null));
      }
    },
  };
}
