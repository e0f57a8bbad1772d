import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/** The event loop, as far as it is asked. */
export interface EventLoop {
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls back at the end of the turn that is under way, and of the next one when called from there. */
  readonly atEndOfTurn: (act: () => void) => void;
}

const nodeEventLoop: EventLoop = { now: () => performance.now(), atEndOfTurn: setImmediate };

/**
 * For how long connections are held, milliseconds; the turn in which it is over may take longer. Some hundreds are
 * accepted by then.
 */
const longestHold = 25;

/** How many connections are read in one turn: of each, as many requests may come as it may have under way. */
const readAtATime = 16;

/**
 * Reads nothing of connections that come together before all of them are accepted. Node accepts one in each turn of its
 * event loop (libuv 1.46, Node 20), and a turn is as long as all that is done in it: of fifty clients that came
 * together, each busy at once, the last one was accepted after a fifth of a second. Turns in which nothing is done for
 * them are short, and after one that brings no connection they are read.
 */
export class ConnectionsFirst {
  readonly #server: EventEmitter;
  readonly #loop: EventLoop;
  /** Who listens to connections that are handed on. */
  #listeners: ReturnType<EventEmitter['listeners']> = [];
  /** While there are any, the end of the turn is waited for. */
  readonly #held: Socket[] = [];
  #isAwake = false;
  #isAccepting = false;
  #since = 0;
  #longest = longestHold;
  /** Who waits until all are accepted; null where connections go on coming. */
  #whenAccepted: (() => void) | null = null;

  constructor(server: EventEmitter, loop: EventLoop = nodeEventLoop) {
    this.#server = server;
    this.#loop = loop;
  }

  /** From now on connections come here first, and then to all who listen by now. */
  take(): void {
    const server = this.#server;
    this.#listeners = server.listeners('connection');
    // As the option of `net.createServer`, which `http.createServer` does not take.
    Object.assign(server, { pauseOnConnect: true });
    server.removeAllListeners('connection');
    server.on('connection', (connection: Socket) => {
      // One that is read already is no new one, and must not be without listeners.
      if (connection.readableFlowing !== false) {
        this.#handOn(connection);
        return;
      }
      this.#isAccepting = true;
      this.#held.push(connection);
      this.#wake();
    });
  }

  /**
   * Accepts all who wait for it, reads none of them meanwhile, and calls back when they are handed on: when a turn
   * brought no other, or after this time. To be called once, before nobody listens any more: the system then resets
   * those that still wait, whatever their clients have asked.
   */
  acceptAll(longestMs: number, act: () => void): void {
    this.#whenAccepted = act;
    this.#longest = longestMs;
    // What came in this turn may have been looked for before it did.
    this.#isAccepting = true;
    this.#since = this.#loop.now();
    this.#wake();
  }

  #wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    if (this.#whenAccepted === null) this.#since = this.#loop.now();
    this.#loop.atEndOfTurn(this.#endTurn);
  }

  readonly #endTurn = (): void => {
    const isOver = !this.#isAccepting || this.#loop.now() - this.#since >= this.#longest;
    this.#isAccepting = false;
    if (isOver) this.#handOnSome();
    this.#isAwake = this.#held.length > 0 || this.#whenAccepted !== null;
    if (this.#isAwake) this.#loop.atEndOfTurn(this.#endTurn);
  };

  #handOnSome(): void {
    const tell = this.#whenAccepted;
    this.#whenAccepted = null;
    for (const connection of this.#held.splice(0, tell === null ? readAtATime : this.#held.length)) {
      this.#handOn(connection);
      connection.resume();
    }
    tell?.();
  }

  #handOn(connection: Socket): void {
    for (const listener of this.#listeners) Reflect.apply(listener, this.#server, [connection]);
  }
}
