import type { OnReadOpts, Socket } from 'node:net';
import { buildConnector } from 'undici';

/** As much as Node reads from a socket at once. */
const bufferSize = 64 * 1024;

/** Less than this is copied: memory of its own for so little would be mostly empty. */
const worthLending = 8 * 1024;

/**
 * Memory that sockets read into, used again once what was read is copied, or an answer that came in one piece was
 * looked at. Node makes new memory for each piece that it reads, and V8 counts it as it comes, not as it goes: an answer
 * of 10,000 hosts has thirty such pieces.
 *
 * Whoever is handed a piece may keep parts of it, as undici does with a header that has not ended. So a buffer is used
 * again only when the last byte that was read into it is known to be of a body, and nobody to look at that: then
 * whatever stood before it in the buffer has been dealt with, too. All others are left to whoever has them.
 */
export class ReadBuffers {
  readonly #maxFree: number;
  readonly #free: Buffer[] = [];
  /** How much was read into those that are with somebody. */
  readonly #lent = new WeakMap<ArrayBufferLike, ReadBuffer>();

  /** Keeps so many for later, at most. */
  constructor(maxFree: number) {
    this.#maxFree = maxFree;
  }

  /** How many wait to be used again. */
  get free(): number {
    return this.#free.length;
  }

  /** How a socket reads that hands on by `push` what it has read. */
  reading(push: (piece: Buffer) => boolean): OnReadOpts {
    let current = this.#take();
    return {
      buffer: () => current,
      callback: (count) => {
        const piece = current.subarray(0, count);
        if (count < worthLending) return push(Buffer.from(piece));
        this.#lent.set(current.buffer, { buffer: current, end: count });
        current = this.#take();
        return push(piece);
      },
    };
  }

  /** Whether a piece of a body stands in memory that can be given back. */
  isLent({ buffer, length }: Buffer): boolean {
    return length >= worthLending && this.#lent.has(buffer);
  }

  /** A piece of a body was copied or read; nobody looks at it any more. */
  giveBack({ buffer, byteOffset, length }: Buffer): void {
    const lent = this.#lent.get(buffer);
    if (lent?.end !== byteOffset + length) return;
    this.#lent.delete(buffer);
    if (this.#free.length < this.#maxFree) this.#free.push(lent.buffer);
  }

  #take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(bufferSize);
  }
}

interface ReadBuffer {
  readonly buffer: Buffer;
  readonly end: number;
}

/** Makes connections that read into them. What comes encrypted is decrypted into memory of its own, so that is left as it is. */
export function createConnector(connectMs: number, buffers: ReadBuffers): buildConnector.connector {
  const connectEncrypted = buildConnector({ timeout: connectMs });
  return (options, callback) => {
    if (options.protocol !== 'http:') {
      connectEncrypted(options, callback);
      return;
    }
    let socket: Socket | null = null;
    const onread = buffers.reading((piece) => socket?.push(piece) ?? false);
    const connect = buildConnector({ timeout: connectMs, onread, port: Number(options.port) });
    connect(options, (...outcome) => {
      [, socket] = outcome;
      callback(...outcome);
    });
  };
}
