import type { ReadCacheOptions } from '../../../src/upstream/read-cache.ts';
import type { UpstreamCall, UpstreamObserver } from '../../../src/upstream/upstream-observer.ts';
import { crowdedJob, requestIds } from './canary-upstream.ts';
import type { WayIn } from './way-in.ts';

/** Finds out, from what a service says of its calls, which answers it may tell again, and counts how often it did. */
export interface ToldAgain extends Pick<WayIn, 'keepsReads' | 'mayTellAgain' | 'cacheLookups'> {
  readonly observer: Pick<UpstreamObserver, 'callEnded' | 'cacheLookedUp'>;
}

const endsAllRights: ReadonlySet<UpstreamCall['outcome']> = new Set(['UNAUTHENTICATED', 'PERMISSION_DENIED']);

/** Of what answers that came back to one caller were; a refusal is of no job. */
const refusal = 'refusal';

/** An answer of bk-job that may be told again for a while. */
interface KeptAnswer {
  readonly jobInstanceId: string;
  readonly end: number;
}

/** An answer, and when it was asked for and came. */
interface TimedAnswer {
  readonly hostDetail: boolean;
  readonly askedAt: number;
  readonly cameBackAt: number;
}

/**
 * Of a service that keeps what it reads for so long by this clock, from when it asks: what it asks for at 5 and keeps for
 * 10 is told whoever asks at 14, not whoever asks at 15. Nor is it told who asks after a newer answer of the job came
 * back, or one that ended all rights of the caller, in whatever order they came. It keeps for longer what two answers have
 * said, of which the second was asked for after the first had come back, and hosts where both have them.
 */
export function createToldAgain(cache: ReadCacheOptions | null, now: () => number): ToldAgain {
  const kept = new Map<number, KeptAnswer>();
  /** The greatest numbers that came back: by caller, and by what they were of. */
  const newest = new Map<string, Map<string, number>>();
  const confirming = createConfirming();
  const lookups = { all: 0, found: 0 };
  const cameBack = (canary: string, of: string, number: number): void => {
    const numbers = newest.get(canary) ?? new Map<string, number>();
    newest.set(canary, numbers.set(of, Math.max(number, numbers.get(of) ?? 0)));
  };
  return {
    observer: {
      callEnded: ({ outcome, requestId, durationMs, hostDetail }) => {
        const [, canary, digits, jobInstanceId = ''] = requestIds.exec(requestId ?? '') ?? [];
        if (canary === undefined || cache === null) return;
        const number = Number(digits);
        if (endsAllRights.has(outcome)) {
          cameBack(canary, refusal, number);
          confirming.forget(canary);
        }
        if (outcome !== 'ok') return;
        cameBack(canary, jobInstanceId, number);
        const cameBackAt = now();
        const askedAt = cameBackAt - durationMs;
        const isConfirmed =
          jobInstanceId === crowdedJob &&
          confirming.isConfirmed(canary, { hostDetail, askedAt, cameBackAt }, cache);
        kept.set(number, { jobInstanceId, end: askedAt + (isConfirmed ? cache.terminalTtl : cache.ttl) });
      },
      cacheLookedUp: (_hostDetail, found) => {
        lookups.all += 1;
        if (found) lookups.found += 1;
      },
    },
    keepsReads: cache !== null,
    mayTellAgain: ({ canary }) => {
      const askedAt = now();
      const cameBefore = new Map(newest.get(canary));
      return (number) => {
        const answer = kept.get(number);
        return (
          answer !== undefined &&
          askedAt < answer.end &&
          number >= (cameBefore.get(answer.jobInstanceId) ?? 0) &&
          number > (cameBefore.get(refusal) ?? 0)
        );
      };
    },
    cacheLookups: () => ({ ...lookups }),
  };
}

/** Finds out, of the one job of which answers say the same, which answers are confirmed by others. */
function createConfirming() {
  const earlier = new Map<string, readonly TimedAnswer[]>();
  return {
    /** By one that may still be compared with it; and it may confirm others. */
    isConfirmed: (canary: string, answer: TimedAnswer, { terminalTtl }: ReadCacheOptions): boolean => {
      const ofUse = (earlier.get(canary) ?? []).filter(
        ({ askedAt }) => answer.cameBackAt < askedAt + terminalTtl,
      );
      earlier.set(canary, [...ofUse, answer]);
      return ofUse.some(
        ({ cameBackAt, hostDetail }) => cameBackAt <= answer.askedAt && (hostDetail || !answer.hostDetail),
      );
    },
    forget: (canary: string): void => {
      earlier.delete(canary);
    },
  };
}
