import { constants, openSync, write, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Where lines of a log go. Never makes anybody wait. */
export interface LogDestination {
  write(line: string): void;
  /** Lines that were given up since nobody took them in time. */
  dropped(): number;
  /** Resolves when all that was written has been taken, or after this time. */
  flush(withinMs: number): Promise<void>;
  /** Hands on at once what can be, for a process that ends within this turn. */
  flushNow(): void;
}

/** How a log is written. */
export interface LogDestinationOptions {
  /** An open file, pipe or terminal. It must not block its writer; Node sees to that where its standard error is a pipe. */
  readonly fd: number;
  /** Bytes that may wait, since nobody reads or the disk is full or slow; what comes on top is dropped. */
  readonly maxWaitingBytes: number;
}

/**
 * The number of an open file that does not block its writer. Node has terminals block theirs, for as long as nobody
 * reads or the output is stopped, and neither a thread nor a process ends while it is blocked. So a terminal is opened
 * once more; where that may not be, its own number is what there is.
 */
export function unblocked(fd: number): number {
  if (!isatty(fd)) return fd;
  try {
    return openSync(`/dev/fd/${String(fd)}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return fd;
  }
}

/** Lines are handed on in bundles: each wakes a thread, which costs more than writing a hundred lines does. */
const bundle = { characters: 32_768, milliseconds: 100 };

/** Makes a destination that writes in the background. */
export function createLogDestination(options: LogDestinationOptions): LogDestination {
  const background = new BackgroundWriter(options);
  let waiting = '';
  let timer: NodeJS.Timeout | null = null;

  function handOn(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (waiting !== '') background.write(waiting);
    waiting = '';
  }

  return {
    write: (line) => {
      waiting += line;
      if (waiting.length >= bundle.characters) handOn();
      else timer ??= setTimeout(handOn, bundle.milliseconds).unref();
    },
    dropped: () => background.dropped,
    flush: (withinMs) => {
      handOn();
      return background.drained(withinMs);
    },
    flushNow: () => {
      handOn();
      background.writeNow();
    },
  };
}

/** How long to wait after a write that failed: nobody reads, or the disk is full, and either may pass. */
const pauseMs = 100;

/**
 * Writes one text after the other by asynchronous writes. It stands in for sonic-boom, which comes with pino: at the
 * end of a process with a full disk, that one tries again for ever.
 */
class BackgroundWriter {
  /** Lines that found no room. */
  dropped = 0;
  readonly #fd: number;
  readonly #maxWaitingBytes: number;
  readonly #texts: Buffer[] = [];
  #waitingBytes = 0;
  #state: 'idle' | 'writing' | 'pausing' = 'idle';
  #whenDrained: (() => void)[] = [];

  constructor({ fd, maxWaitingBytes }: LogDestinationOptions) {
    this.#fd = fd;
    this.#maxWaitingBytes = maxWaitingBytes;
  }

  write(lines: string): void {
    const text = Buffer.from(lines);
    if (this.#waitingBytes + text.length > this.#maxWaitingBytes) {
      this.dropped += lines.split('\n').length - 1;
      return;
    }
    this.#texts.push(text);
    this.#waitingBytes += text.length;
    if (this.#state === 'idle') this.#writeNext();
  }

  /** Resolves when nothing waits any more, or after this time. */
  drained(withinMs: number): Promise<void> {
    if (this.#state === 'idle') return Promise.resolve();
    return new Promise((resolve) => {
      const timeout = setTimeout(resolve, withinMs);
      this.#whenDrained.push(() => {
        clearTimeout(timeout);
        resolve();
      });
    });
  }

  /** Writes at once what waits, but for what is being written, and gives up where that fails. */
  writeNow(): void {
    if (this.#state === 'writing') this.#texts.shift();
    try {
      for (let [text] = this.#texts; text !== undefined; [text] = this.#texts) {
        this.#take(text, writeSync(this.#fd, text));
      }
    } catch {
      // Nobody reads; the process ends all the same.
    }
  }

  #writeNext(): void {
    const [text] = this.#texts;
    this.#state = text === undefined ? 'idle' : 'writing';
    if (text === undefined) {
      for (const tell of this.#whenDrained) tell();
      this.#whenDrained = [];
      return;
    }
    write(this.#fd, text, (error, bytes) => {
      if (error === null) {
        this.#take(text, bytes);
        this.#writeNext();
      } else {
        this.#state = 'pausing';
        setTimeout(() => {
          this.#writeNext();
        }, pauseMs).unref();
      }
    });
  }

  #take(text: Buffer, bytes: number): void {
    this.#waitingBytes -= bytes;
    if (bytes < text.length) this.#texts[0] = text.subarray(bytes);
    else this.#texts.shift();
  }
}
