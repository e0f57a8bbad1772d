import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

/** The event loop, as far as it is asked. */
export interface EventLoop {
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls back at the end of the turn that is under way, and of the next one when called from there. */
  readonly atEndOfTurn: (act: () => void) => void;
}

/** What connections are taken first with. */
export interface ConnectionsFirstOptions {
  /** Whether the service has been told to end. A connection that is held when it closes would be refused. */
  readonly isEnding: () => boolean;
  readonly loop?: EventLoop;
}

const nodeEventLoop: EventLoop = { now: () => performance.now(), atEndOfTurn: setImmediate };

/**
 * For how long connections are held, milliseconds; the turn in which it is over may take longer. Some hundreds are
 * accepted by then.
 */
const longestHold = 25;

/**
 * Reads nothing of connections that come together before all of them are accepted. Node accepts one in each turn of its
 * event loop (libuv 1.45 and later), and a turn is as long as all that is done in it: of fifty clients that came
 * together, each busy at once, the last one was accepted after a fifth of a second. Turns in which nothing is done for
 * them are short, and after one that brings no connection they are read.
 */
export function takeConnectionsFirst(
  server: EventEmitter,
  { isEnding, loop: { now, atEndOfTurn } = nodeEventLoop }: ConnectionsFirstOptions,
): void {
  const listeners = server.listeners('connection');
  let held: Socket[] = [];
  let isAccepting = false;
  let since = 0;

  function endTurn(): void {
    if (isAccepting && now() - since < longestHold && !isEnding()) {
      isAccepting = false;
      atEndOfTurn(endTurn);
      return;
    }
    const connections = held;
    held = [];
    for (const connection of connections) {
      for (const listener of listeners) Reflect.apply(listener, server, [connection]);
      connection.resume();
    }
  }

  // As the option of `net.createServer`, which `http.createServer` does not take.
  Object.assign(server, { pauseOnConnect: true });
  server.removeAllListeners('connection');
  server.on('connection', (connection: Socket) => {
    isAccepting = true;
    held.push(connection);
    if (held.length > 1) return;
    since = now();
    atEndOfTurn(endTurn);
  });
}
