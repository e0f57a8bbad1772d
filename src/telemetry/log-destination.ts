import sonic from 'sonic-boom';

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

function createBackgroundWriter({ fd, maxWaitingBytes }: LogDestinationOptions): BackgroundWriter {
  let isEnding = false;
  let dropped = 0;
  let pendingBytes = 0;
  const stream = new sonic.SonicBoom({
    fd,
    sync: false,
    maxLength: maxWaitingBytes,
    // At the end of the process it would otherwise try again for as long as nobody reads.
    retryEAGAIN: () => !isEnding,
  });
  stream.on('drop', (text: string) => {
    dropped += text.split('\n').length - 1;
    pendingBytes -= Buffer.byteLength(text);
  });
  stream.on('write', (bytes: number) => (pendingBytes -= bytes));
  // A full disk may have room again: the next bundle is tried with what failed before it.
  stream.on('error', () => undefined);
  return {
    write: (text) => {
      pendingBytes += Buffer.byteLength(text);
      stream.write(text);
    },
    dropped: () => dropped,
    drained: (withinMs) =>
      new Promise((resolve) => {
        if (pendingBytes <= 0) {
          resolve();
          return;
        }
        const timeout = setTimeout(resolve, withinMs);
        stream.once('drain', () => {
          clearTimeout(timeout);
          resolve();
        });
      }),
    writeNow: () => {
      isEnding = true;
      try {
        stream.flushSync();
      } catch {
        // Nobody reads; the process ends all the same.
      }
    },
  };
}
