import type { Caller } from '../domain/caller.ts';
import { JobApiError, NoRoomForAnswer } from '../domain/errors.ts';

/** Remembers who was told by the gateway to wait, and lets nobody ask before. */
export interface RateLimits {
  /** RATE_LIMITED, with the time that is left, while a caller has to wait; null when he may ask. */
  refusal(caller: Caller): JobApiError | null;
  /** Takes note of a failure that tells to wait. */
  note(caller: Caller, error: JobApiError): void;
}

/**
 * Limits that count what this service sends and not who sent it: the gateway's on a stage, on an application and on
 * what runs at a time, and ESB's (upstream contract 3.3, 3.4). All others are taken for the caller's own.
 */
const limitsOnEverybody: ReadonlySet<number> = new Set([1642901, 1642902, 1642903, 1642904, 1306429]);

/** So many callers are remembered at most. */
const maxCallers = 10_000;

/** Nobody has been told to wait. */
export function createRateLimits(now: () => number): RateLimits {
  let everybodyUntil = 0;
  const until = new Map<string, number>();

  function remember(fingerprint: string, end: number): void {
    // At the end again, so that the first ones are those that were told longest ago.
    until.delete(fingerprint);
    until.set(fingerprint, end);
    for (const [first] of until) {
      if (until.size <= maxCallers) break;
      until.delete(first);
    }
  }

  return {
    refusal: ({ fingerprint }) => {
      if (everybodyUntil === 0 && until.size === 0) return null;
      const wait = Math.max(everybodyUntil, until.get(fingerprint) ?? 0) - now();
      if (wait > 0) return new JobApiError('RATE_LIMITED', null, { retryAfter: Math.ceil(wait) });
      until.delete(fingerprint);
      everybodyUntil = 0;
      return null;
    },
    note: ({ fingerprint }, { code, retryAfter, upstreamCode, cause }) => {
      if (code !== 'RATE_LIMITED' || cause instanceof NoRoomForAnswer) return;
      if (retryAfter === null || retryAfter <= 0) return;
      const end = now() + retryAfter;
      if (upstreamCode !== null && limitsOnEverybody.has(upstreamCode)) {
        everybodyUntil = Math.max(everybodyUntil, end);
      } else {
        remember(fingerprint, Math.max(until.get(fingerprint) ?? 0, end));
      }
    },
  };
}
