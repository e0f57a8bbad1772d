/** What of a connection tells whether its client takes anything. */
export interface SendingSocket {
  /** Bytes that were written, with those that wait. */
  readonly bytesWritten: number;
  /** How much of them waits. */
  readonly writableLength: number;
  setTimeout(milliseconds: number): unknown;
}

/** For how long nothing of a connection has moved. */
export interface Stillness {
  /** Parts of the time, one after another. */
  parts: number;
  /** When the last of them ended. */
  at: number;
  /** How much its client had taken by then, of what was written in whole pieces. */
  taken: number;
}

/** Finds clients that take nothing of their answers. */
export interface WriteStalls {
  /** Looks after what is written on a connection from now on. */
  watch(socket: SendingSocket): void;
  /** Node says that for one part of the time nothing has moved. Whether that was the last one; watches it further if not. */
  hasStalled(socket: SendingSocket, still: Stillness): boolean;
}

/** Into so many parts the time is divided. A client that takes nothing is ended one part late at most. */
const parts = 5;

/**
 * Node ends the wait for a client between once and three times its time: when that is over, it looks whether anything
 * has left the process since it was written, and begins anew, which the first bytes of a large answer always have. So it
 * is told to look in shorter times, and these are counted. Of answers that go out at once nobody looks at all.
 */
export function createWriteStalls(timeout: number, now: () => number): WriteStalls {
  const part = Math.ceil(timeout / parts);
  const watch = (socket: SendingSocket): void => {
    socket.setTimeout(part);
  };
  return {
    watch,
    hasStalled: (socket, still) => {
      const isWaiting = socket.writableLength > 0;
      const taken = socket.bytesWritten - socket.writableLength;
      const time = now();
      // Node says nothing of the parts in which something moved, so that the next one comes later.
      const isNext = taken === still.taken && time - still.at < part * 1.5;
      still.parts = isWaiting ? (isNext ? still.parts + 1 : 1) : 0;
      still.at = time;
      still.taken = taken;
      if (still.parts >= parts) return true;
      watch(socket);
      return false;
    },
  };
}
