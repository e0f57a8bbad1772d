import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Message } from './message.ts';

/** How a socket of a client is kept. Times are milliseconds. */
export interface SocketLimits {
  /** Time for a client to say who it is. */
  readonly connectionInitTimeout: number;
  /** Time between two pings; a client that has not answered one by the next is gone. */
  readonly keepAlive: number;
  /** Messages of one client within a second. */
  readonly maxMessagesPerSecond: number;
  /** How long a client may take nothing of what is sent to it. */
  readonly writeStallTimeout: number;
  /** How much may wait for a client, longer than a second. */
  readonly maxBufferedBytes: number;
  /** How old a socket gets, give or take a tenth. */
  readonly maxAge: number;
}

/** What of the library's socket is used. */
export interface RawSocket {
  readonly readyState: number;
  readonly OPEN: number;
  readonly bufferedAmount: number;
  on(event: 'pong', listener: () => void): unknown;
  /** Calls back when the piece has left the process, or cannot any more. `fin`: it is the last one of its message. */
  send(data: string | Uint8Array, options: SendOptions, sent?: () => void): void;
  close(code: number, reason: string): void;
  ping(): void;
  terminate(): void;
}

interface SendOptions {
  readonly binary: boolean;
  readonly fin: boolean;
}

/** Close codes that clients get (RFC 6455, graphql-transport-ws, and those of its server's user). */
export const closeCodes = {
  restart: 1012,
  tooSlow: 1013,
  internalError: 1011,
  badMessage: 4400,
  unauthenticated: 4401,
  nameTaken: 4409,
  tooMany: 4429,
} as const;

/** Of what may wait for a client the part that texts may have: answers to pings, and refusals. */
const shareOfTexts = 1 / 4;

/**
 * A client's socket. It sends one message at a time: the next one is made when the one before has left the process, so
 * that a client which does not read has nothing piled up for it.
 */
export class Socket<Raw extends RawSocket = WebSocket> {
  readonly webSocket: Raw;
  readonly request: IncomingMessage;
  readonly #limits: SocketLimits;
  readonly #now: () => number;
  readonly #oldAt: number;
  #sent: Promise<void> = Promise.resolve();
  /** Messages that have not left yet: the one that is being sent, and those that wait for their turn. */
  #unsent = 0;
  /** Characters of texts that wait for their turn. */
  #waitingText = 0;
  #sendingSince = 0;
  #wasFullBefore = false;
  #pingAt: number;
  #isAlive = true;
  #isClosing = false;
  #messages = { second: 0, count: 0 };

  constructor(webSocket: Raw, request: IncomingMessage, { limits, now, random }: SocketClock) {
    this.webSocket = webSocket;
    this.request = request;
    this.#limits = limits;
    this.#now = now;
    this.#oldAt = now() + limits.maxAge * (0.9 + 0.2 * random);
    this.#pingAt = now() + limits.keepAlive * random;
    webSocket.on('pong', () => {
      this.#isAlive = true;
    });
  }

  /**
   * Resolves when the message has left the process, or cannot any more. One that has to be made is made when its turn
   * comes. A text is there already: who asks for many, and takes none, is cut off.
   */
  send(message: string | (() => Message)): Promise<void> {
    const length = typeof message === 'string' ? message.length : 0;
    const write = (): Promise<void> => {
      this.#waitingText -= length;
      return this.#write(message);
    };
    this.#waitingText += length;
    if (this.#unsent > 0 && this.#waitingText > this.#limits.maxBufferedBytes * shareOfTexts) this.#cutOff();
    this.#unsent += 1;
    this.#sent = this.#unsent === 1 ? write() : this.#sent.then(write);
    return this.#sent;
  }

  /** What comes in pieces is one message of as many frames to its client (RFC 6455, 5.4). */
  #write(message: string | (() => Message)): Promise<void> {
    if (this.webSocket.readyState !== this.webSocket.OPEN) {
      this.#unsent -= 1;
      return Promise.resolve();
    }
    const pieces = typeof message === 'string' ? [message] : message();
    this.#sendingSince = this.#now();
    return new Promise((resolve) => {
      const sent = (): void => {
        this.#unsent -= 1;
        resolve();
      };
      const last = pieces.length - 1;
      for (const [index, piece] of pieces.entries()) {
        if (index < last) this.webSocket.send(piece, { binary: false, fin: false });
        else this.webSocket.send(piece, { binary: false, fin: true }, sent);
      }
    });
  }

  /** Whether this service has begun to close it, in words: its client is to go on elsewhere, or has done wrong. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Closes it after what is being sent. A reason that is too long is cut: it may hold what a client has sent. */
  close(code: number, reason: string): void {
    // What is being sent may take long, and each of many messages meanwhile be a reason to close it.
    if (this.#isClosing) return;
    this.#isClosing = true;
    void this.#sent.then(() => {
      this.webSocket.close(code, fitting(reason));
    });
  }

  /** Counts a message of the client. False where it sends more than it may. */
  countMessage(): boolean {
    const second = Math.floor(this.#now() / 1000);
    if (this.#messages.second !== second) this.#messages = { second, count: 0 };
    this.#messages.count += 1;
    return this.#messages.count <= this.#limits.maxMessagesPerSecond;
  }

  /** Looks after it, once a second or so: pings, and ends it where it is old, gone, or does not read. */
  tend(): void {
    const now = this.#now();
    if (this.webSocket.readyState !== this.webSocket.OPEN) return;
    if (this.#isStuck(now)) this.#cutOff();
    else if (now >= this.#oldAt) this.close(closeCodes.restart, 'Connect again');
    else if (now >= this.#pingAt) this.#ping(now);
  }

  /** Nothing reaches its client in order any more: the word that it is closed is all that it may still get. */
  #cutOff(): void {
    this.webSocket.close(closeCodes.tooSlow, 'Too slow');
    this.webSocket.terminate();
  }

  #isStuck(now: number): boolean {
    const isFull = this.webSocket.bufferedAmount > this.#limits.maxBufferedBytes;
    const wasFull = this.#wasFullBefore;
    this.#wasFullBefore = isFull;
    return (
      (isFull && wasFull) || (this.#unsent > 0 && now - this.#sendingSince > this.#limits.writeStallTimeout)
    );
  }

  #ping(now: number): void {
    if (!this.#isAlive) {
      this.webSocket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#pingAt = now + this.#limits.keepAlive;
    this.webSocket.ping();
  }
}

/** Bytes of a reason (RFC 6455, 5.5: a control frame holds 125, two of which are the code). */
const maxReason = 123;

/** As much of a text, in whole characters, as a close frame holds. */
function fitting(reason: string): string {
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(maxReason));
  return reason.slice(0, read);
}

/** What a socket is kept by: its limits, a clock that never goes back, and a chance. */
export interface SocketClock {
  readonly limits: SocketLimits;
  readonly now: () => number;
  /** At least 0 and below 1. */
  readonly random: number;
}
