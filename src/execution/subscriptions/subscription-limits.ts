import { JobApiError } from '../../domain/errors.ts';

/** How many may follow at a time. */
export interface SubscriptionLimits {
  /** All together. */
  readonly maxOpened: number;
  /** Of one caller. */
  readonly maxPerIdentity: number;
}

/** Counts who follows. */
export interface SubscriptionCount {
  /** Counts one more, and gives what counts it off again. Throws RATE_LIMITED where there is no room. */
  enter(identity: string): () => void;
  readonly opened: number;
}

/** Nobody follows yet. */
export function createSubscriptionCount({
  maxOpened,
  maxPerIdentity,
}: SubscriptionLimits): SubscriptionCount {
  const byIdentity = new Map<string, number>();
  let opened = 0;
  return {
    enter: (identity) => {
      const own = byIdentity.get(identity) ?? 0;
      if (opened >= maxOpened)
        throw new JobApiError('RATE_LIMITED', 'This service has no room for more streams.');
      if (own >= maxPerIdentity) {
        const text = `At most ${String(maxPerIdentity)} streams may be open at a time for one caller.`;
        throw new JobApiError('RATE_LIMITED', text);
      }
      opened += 1;
      byIdentity.set(identity, own + 1);
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        opened -= 1;
        const left = (byIdentity.get(identity) ?? 1) - 1;
        if (left > 0) byIdentity.set(identity, left);
        else byIdentity.delete(identity);
      };
    },
    get opened() {
      return opened;
    },
  };
}
