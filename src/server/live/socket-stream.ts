import type { Frame, Frames } from '../../execution/subscriptions/frame.ts';

/** How the messages of an operation ended. */
export interface StreamEnd {
  /** Whether all was told; false where somebody left before. */
  readonly complete: boolean;
  /** Errors of the last message. */
  readonly errors: Frame['errors'];
}

/** What the messages of one operation are sent with. */
export interface SocketStreamOptions {
  /** Resolves when the message has left the process, or cannot any more. */
  readonly send: (frame: Frame) => Promise<void>;
  /** Is told once. */
  readonly onEnd: (end: StreamEnd) => void;
}

/**
 * Sends the messages of one operation, each when the one before has left. To the library that speaks the protocol it
 * is a stream of nothing that ends when they do: the library would make each message anew for every client, from an
 * object, where its bytes are there for all.
 */
export class SocketStream implements AsyncIterableIterator<never, undefined> {
  readonly #frames: Frames;
  readonly #options: SocketStreamOptions;
  #isEnded = false;

  constructor(frames: Frames, options: SocketStreamOptions) {
    this.#frames = frames;
    this.#options = options;
  }

  async next(): Promise<IteratorResult<never, undefined>> {
    let errors: StreamEnd['errors'] = [];
    for await (const frame of this.#frames) {
      await this.#options.send(frame);
      errors = frame.errors;
    }
    this.#end({ complete: true, errors });
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<never, undefined>> {
    this.#end({ complete: false, errors: [] });
    await this.#frames.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(end: StreamEnd): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#options.onEnd(end);
  }
}
