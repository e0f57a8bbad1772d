import { Readable } from 'node:stream';
import type { Frame, Frames } from '../../execution/subscriptions/frame.ts';
import type { StreamFormat } from './stream-format.ts';

/** What a stream is made with. */
export interface HttpStreamOptions {
  readonly format: StreamFormat;
  /** Milliseconds between two signs of life. */
  readonly heartbeatInterval: number;
  /** Is told of the last message when it is taken. */
  readonly onLast: (frame: Frame) => void;
}

/** A stream of messages as the body of an answer. It is read as fast as its client takes it, and no faster. */
export class HttpStream extends Readable {
  readonly #frames: Frames;
  readonly #options: HttpStreamOptions;
  readonly #heartbeat: NodeJS.Timeout;
  #isWanted = false;
  #isReading = false;
  #isOver = false;

  constructor(frames: Frames, options: HttpStreamOptions) {
    super({ highWaterMark: 1 });
    const { format, heartbeatInterval } = options;
    this.#frames = frames;
    this.#options = options;
    this.push(format.begin);
    this.#heartbeat = setInterval(() => {
      // Where the last message has not been taken yet, one more thing to take shows nothing.
      if (this.#isWanted) this.#give([format.heartbeat]);
    }, heartbeatInterval);
  }

  /** Ends it in the middle: its client goes on elsewhere. */
  move(): void {
    this.#finish(this.#options.format.moved);
    void this.#frames.return?.();
  }

  override _read(): void {
    this.#isWanted = true;
    if (this.#isReading) return;
    this.#isReading = true;
    void this.#readFrame();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearInterval(this.#heartbeat);
    void this.#frames.return?.();
    done(error);
  }

  async #readFrame(): Promise<void> {
    const { done, value } = await this.#frames.next();
    this.#isReading = false;
    if (this.destroyed || this.#isOver) return;
    const { format, onLast } = this.#options;
    if (done === true) {
      this.#finish(format.complete);
      return;
    }
    if (value.isLast) onLast(value);
    this.#give(format.message(value));
  }

  #finish(text: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#heartbeat);
    if (text !== '') this.push(text);
    this.push(null);
  }

  #give(pieces: readonly (string | Uint8Array)[]): void {
    this.#isWanted = false;
    for (const piece of pieces) this.push(piece);
  }
}
