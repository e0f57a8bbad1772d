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

/** How many connections are read in one turn: of each, as many requests may come as it may have under way. */
const readAtATime = 16;

/**
 * Reads nothing of connections that come together before all of them are accepted. Node accepts one in each turn of its
 * event loop (libuv 1.46, Node 20), and a turn is as long as all that is done in it: of fifty clients that came
 * together, each busy at once, the last one was accepted after a fifth of a second. Turns in which nothing is done for
 * them are short, and after one that brings no connection they are read.
 */
export function takeConnectionsFirst(
  server: EventEmitter,
  { isEnding, loop: { now, atEndOfTurn } = nodeEventLoop }: ConnectionsFirstOptions,
): void {
  const listeners = server.listeners('connection');
  /** While there are any, the end of the turn is waited for. */
  const held: Socket[] = [];
  let isAccepting = false;
  let since = 0;

  function endTurn(): void {
    const isOver = isEnding() || !isAccepting || now() - since >= longestHold;
    isAccepting = false;
    if (isOver) {
      for (const connection of held.splice(0, isEnding() ? held.length : readAtATime)) {
        handOn(connection);
        connection.resume();
      }
    }
    if (held.length > 0) atEndOfTurn(endTurn);
  }

  function handOn(connection: Socket): void {
    for (const listener of listeners) Reflect.apply(listener, server, [connection]);
  }

  // As the option of `net.createServer`, which `http.createServer` does not take.
  Object.assign(server, { pauseOnConnect: true });
  server.removeAllListeners('connection');
  server.on('connection', (connection: Socket) => {
    // One that is read already is no new one, and must not be without listeners.
    if (connection.readableFlowing !== false) {
      handOn(connection);
      return;
    }
    isAccepting = true;
    held.push(connection);
    if (held.length > 1) return;
    since = now();
    atEndOfTurn(endTurn);
  });
}
