import { JobApiError } from '../../domain/errors.ts';

/** How many may follow at a time, and by how much text. */
export interface SubscriptionLimits {
  /** All together. */
  readonly maxOpened: number;
  /** Of one caller. */
  readonly maxPerIdentity: number;
  /** Bytes of what all streams are asked for by; those of one caller have a quarter of it. */
  readonly maxAskedBytes: number;
  /** Bytes of hosts and messages that all streams keep; those of one caller have a quarter of it. */
  readonly maxHeldBytes: number;
}

/** A stream that somebody asks for. */
export interface AskedStream {
  readonly account: string;
  /** Bytes of its text and variables, which are kept while it lasts. */
  readonly bytes: number;
}

/** Counts who follows. */
export interface SubscriptionCount {
  /** Counts one more, and gives what counts it off again. Throws RATE_LIMITED where there is no room. */
  enter(asked: AskedStream): () => void;
  readonly opened: number;
}

interface Taken {
  readonly streams: number;
  readonly bytes: number;
}

const nothing: Taken = { streams: 0, bytes: 0 };

/** Of the room for texts, the part that one caller may take. */
const shareOfOne = 0.25;

/** Nobody follows yet. */
export function createSubscriptionCount(limits: Omit<SubscriptionLimits, 'maxHeldBytes'>): SubscriptionCount {
  const byAccount = new Map<string, Taken>();
  let all = nothing;
  return {
    enter: ({ account, bytes }) => {
      assertRoom(limits, { all, own: byAccount.get(account) ?? nothing, bytes });
      const count = (streams: 1 | -1): void => {
        const own = changed(byAccount.get(account) ?? nothing, streams, bytes);
        all = changed(all, streams, bytes);
        if (own.streams > 0) byAccount.set(account, own);
        else byAccount.delete(account);
      };
      count(1);
      let isIn = true;
      return () => {
        if (isIn) count(-1);
        isIn = false;
      };
    },
    get opened() {
      return all.streams;
    },
  };
}

function changed(taken: Taken, streams: 1 | -1, bytes: number): Taken {
  return { streams: taken.streams + streams, bytes: taken.bytes + streams * bytes };
}

function assertRoom(
  { maxOpened, maxPerIdentity, maxAskedBytes }: Omit<SubscriptionLimits, 'maxHeldBytes'>,
  { all, own, bytes }: { readonly all: Taken; readonly own: Taken; readonly bytes: number },
): void {
  if (all.streams >= maxOpened || all.bytes + bytes > maxAskedBytes)
    throw new JobApiError('RATE_LIMITED', 'This service has no room for more streams.');
  if (own.streams >= maxPerIdentity) {
    const text = `At most ${String(maxPerIdentity)} streams may be open at a time for one caller.`;
    throw new JobApiError('RATE_LIMITED', text);
  }
  if (own.bytes + bytes > maxAskedBytes * shareOfOne) {
    const text = 'The texts and variables of the streams of one caller are too long all together.';
    throw new JobApiError('RATE_LIMITED', text);
  }
}
