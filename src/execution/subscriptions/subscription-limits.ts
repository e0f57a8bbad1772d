import type { DocumentNode } from 'graphql';
import { JobApiError } from '../../domain/errors.ts';
import { weighDocument } from '../document-store.ts';

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
  /** What it is run by, kept as long: one for all streams of the same text. */
  readonly document: DocumentNode;
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

/** Of the room for what is asked, the part that one caller may take. */
const shareOfOne = 0.25;

/** Documents of up to a hundred fields count as nothing: how many streams there may be has a bound of its own. */
const usualDocument = 64 * 1024;

/** Nobody follows yet. */
export function createSubscriptionCount(limits: Omit<SubscriptionLimits, 'maxHeldBytes'>): SubscriptionCount {
  const byAccount = new Map<string, OwnStreams>();
  const all = { streams: 0, bytes: 0 };
  return {
    enter: (asked) => {
      const { account } = asked;
      const own = byAccount.get(account) ?? new OwnStreams();
      assertRoom(limits, { all, own, bytes: own.bytesOfOneMore(asked) });
      byAccount.set(account, own);
      all.streams += 1;
      all.bytes += own.enter(asked);
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        all.streams -= 1;
        all.bytes -= own.leave(asked);
        if (own.streams === 0) byAccount.delete(account);
      };
    },
    get opened() {
      return all.streams;
    },
  };
}

/** Streams of one caller. Each document that they are run by counts once. */
class OwnStreams implements Taken {
  streams = 0;
  bytes = 0;
  readonly #streamsOf = new Map<DocumentNode, number>();

  bytesOfOneMore({ bytes, document }: AskedStream): number {
    return bytes + (this.#streamsOf.has(document) ? 0 : beyondUsual(document));
  }

  /** One more; gives what it takes. */
  enter(asked: AskedStream): number {
    const taken = this.bytesOfOneMore(asked);
    this.#streamsOf.set(asked.document, (this.#streamsOf.get(asked.document) ?? 0) + 1);
    this.streams += 1;
    this.bytes += taken;
    return taken;
  }

  /** One less; gives what it leaves. */
  leave(asked: AskedStream): number {
    const left = (this.#streamsOf.get(asked.document) ?? 0) - 1;
    if (left > 0) this.#streamsOf.set(asked.document, left);
    else this.#streamsOf.delete(asked.document);
    const given = this.bytesOfOneMore(asked);
    this.streams -= 1;
    this.bytes -= given;
    return given;
  }
}

function beyondUsual(document: DocumentNode): number {
  return Math.max(0, weighDocument(document) - usualDocument);
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
    const text = 'The documents and variables of the streams of one caller are too large all together.';
    throw new JobApiError('RATE_LIMITED', text);
  }
}
