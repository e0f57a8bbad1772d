import { write, writeSync } from 'node:fs';

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
  /** An open file, pipe or terminal. A pipe must not block its writer; Node sees to that for its own standard error. */
  readonly fd: number;
  /** Bytes that may wait, since nobody reads or the disk is full or slow; what comes on top is dropped. */
  readonly maxWaitingBytes: number;
}

/** Lines are handed on in bundles: a write costs as much as some twenty lines. */
const bundle = { characters: 4096, milliseconds: 100 };

/** Makes a destination that writes in the background. */
export function createLogDestination(options: LogDestinationOptions): LogDestination {
  const background = createBackgroundWriter(options);
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
    dropped: background.dropped,
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

interface BackgroundWriter {
  readonly write: (text: string) => void;
  readonly dropped: () => number;
  readonly drained: (withinMs: number) => Promise<void>;
  readonly writeNow: () => void;
}

/** How long to wait after a write that failed: nobody reads, or the disk is full, and either may pass. */
const pauseMs = 100;

/**
 * Writes one text after the other by asynchronous writes. It stands in for sonic-boom, which comes with pino: at the
 * end of a process with a full disk, that one tries again for ever.
 */
function createBackgroundWriter({ fd, maxWaitingBytes }: LogDestinationOptions): BackgroundWriter {
  const texts: Buffer[] = [];
  let waitingBytes = 0;
  let dropped = 0;
  let state: 'idle' | 'writing' | 'pausing' = 'idle';
  let whenDrained: (() => void)[] = [];

  function writeNext(): void {
    const [text] = texts;
    state = text === undefined ? 'idle' : 'writing';
    if (text === undefined) {
      for (const tell of whenDrained) tell();
      whenDrained = [];
      return;
    }
    write(fd, text, (error, bytes) => {
      if (error === null) {
        take(text, bytes);
        writeNext();
      } else {
        state = 'pausing';
        setTimeout(writeNext, pauseMs).unref();
      }
    });
  }

  function take(text: Buffer, bytes: number): void {
    waitingBytes -= bytes;
    if (bytes < text.length) texts[0] = text.subarray(bytes);
    else texts.shift();
  }

  return {
    write: (lines) => {
      const text = Buffer.from(lines);
      if (waitingBytes + text.length > maxWaitingBytes) {
        dropped += lines.split('\n').length - 1;
        return;
      }
      texts.push(text);
      waitingBytes += text.length;
      if (state === 'idle') writeNext();
    },
    dropped: () => dropped,
    drained: (withinMs) =>
      new Promise((resolve) => {
        if (state === 'idle') {
          resolve();
          return;
        }
        const timeout = setTimeout(resolve, withinMs);
        whenDrained.push(() => {
          clearTimeout(timeout);
          resolve();
        });
      }),
    writeNow: () => {
      if (state === 'writing') texts.shift();
      try {
        for (let [text] = texts; text !== undefined; [text] = texts) take(text, writeSync(fd, text));
      } catch {
        // Nobody reads; the process ends all the same.
      }
    },
  };
}
