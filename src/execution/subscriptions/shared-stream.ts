import { LatestWins } from '../../live/latest-wins.ts';
import type { Frame, Frames } from './frame.ts';

/** What a stream is made from. */
export interface StreamSource {
  /**
   * The next message; null where the stream has ended. One that says the same as the one before has the same bytes.
   * Rejects with a fault of this service, and with RATE_LIMITED where there is no room for what would be kept.
   */
  next(): Promise<Frame | null>;
  /** Somebody more is told the message that came last: where it may be old, the next one is to come soon. */
  hurry(): void;
  stop(): void;
}

/** What a shared stream works with. */
export interface SharedStreamOptions {
  readonly source: StreamSource;
  /** Lets others have their turn. */
  readonly pause: () => Promise<void>;
  /** Called when nobody is to join any more: it has ended, or nobody is left. */
  readonly onOver: () => void;
  /** Is told of each message and how many get it. */
  readonly onPublished: (members: number) => void;
  /** Is told why there is no next message. The stream ends with what it gives. */
  readonly onFault: (error: unknown) => Frame;
}

/** How many get a message before others have their turn. */
const membersInARow = 500;

/** One operation that is run once for all who asked for the same. It begins with the first and ends with the last. */
export class SharedStream {
  readonly #options: SharedStreamOptions;
  readonly #members = new Set<StreamMember>();
  #latest: Frame | null = null;
  #isOver = false;

  constructor(options: SharedStreamOptions) {
    this.#options = options;
    void this.#run();
  }

  /** The newest message at once where there is one, and all that come. */
  join(onLeave: (reason: 'completed' | 'left') => void): Frames {
    const member: StreamMember = new StreamMember(() => {
      this.#members.delete(member);
      if (this.#members.size === 0) this.#end();
      onLeave(member.isEnded ? 'completed' : 'left');
    });
    this.#members.add(member);
    if (this.#latest !== null) member.tell(this.#latest);
    this.#options.source.hurry();
    return member.frames;
  }

  async #run(): Promise<void> {
    const { source } = this.#options;
    for (let frame = await this.#next(); frame !== null; frame = await this.#next()) {
      if (frame.isLast) this.#end();
      this.#latest = frame;
      await this.#publish(frame);
      if (frame.isLast) break;
    }
    this.#end();
    for (const member of this.#members) member.frames.end();
    source.stop();
  }

  async #next(): Promise<Frame | null> {
    try {
      return await this.#options.source.next();
    } catch (thrown) {
      return this.#options.onFault(thrown);
    }
  }

  async #publish(frame: Frame): Promise<void> {
    this.#options.onPublished(this.#members.size);
    let told = 0;
    for (const member of this.#members) {
      member.tell(frame);
      told += 1;
      if (told % membersInARow === 0) await this.#options.pause();
    }
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#members.size === 0) this.#options.source.stop();
    this.#options.onOver();
  }
}

/** One client of a shared stream. */
class StreamMember {
  readonly frames: LatestWins<Frame>;
  /** Whether it has been given the last message. */
  isEnded = false;
  #told: Uint8Array | null = null;

  constructor(onLeave: () => void) {
    this.frames = new LatestWins(onLeave);
  }

  /** What says the same as the one before, and so has its bytes, is left out, and so is what the client said that it has. */
  tell(frame: Frame): void {
    const isNew = this.#told === null ? !frame.isKnown : this.#told !== frame.bytes;
    if (isNew) {
      this.#told = frame.bytes;
      this.frames.offer(frame);
    }
    if (!frame.isLast) return;
    this.isEnded = true;
    this.frames.end();
  }
}
