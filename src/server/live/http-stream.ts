import { Readable } from 'node:stream';
import type { Frames } from '../../execution/subscriptions/frame.ts';
import type { StreamFormat } from './stream-format.ts';

/** A stream of messages as the body of an answer. It is read as fast as its client takes it, and no faster. */
export class HttpStream extends Readable {
  readonly #frames: Frames;
  readonly #format: StreamFormat;
  readonly #heartbeat: NodeJS.Timeout;
  #isWanted = false;
  #isReading = false;
  #isOver = false;

  constructor(frames: Frames, format: StreamFormat, heartbeatInterval: number) {
    super({ encoding: 'utf8', highWaterMark: 1 });
    this.#frames = frames;
    this.#format = format;
    this.push(format.begin);
    this.#heartbeat = setInterval(() => {
      // Where the last message has not been taken yet, one more thing to take shows nothing.
      if (this.#isWanted) this.#give(format.heartbeat);
    }, heartbeatInterval);
  }

  /** Ends it in the middle: its client goes on elsewhere. */
  move(): void {
    this.#finish(this.#format.moved);
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
    if (done !== true) {
      this.#give(this.#format.message(value));
      return;
    }
    this.#finish(this.#format.complete);
  }

  #finish(text: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#heartbeat);
    if (text !== '') this.push(text);
    this.push(null);
  }

  #give(text: string): void {
    this.#isWanted = false;
    this.push(text);
  }
}
