import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** The event loop, as far as it is asked. */
export interface EventLoop {
  /** Milliseconds. */
  readonly now: () => number;
  /** Calls back at the end of the turn that is under way, and of the next one when called from there. */
  readonly atEndOfTurn: (act: () => void) => void;
}

/** What connections are taken first with. */
export interface ConnectionsFirstOptions {
  /** Whether the service has been told to end. A request that is held when it closes would be refused. */
  readonly isEnding: () => boolean;
  readonly loop?: EventLoop;
}

const nodeEventLoop: EventLoop = { now: () => performance.now(), atEndOfTurn: setImmediate };

/** How long requests wait for connections at most, milliseconds. Some hundreds are accepted by then. */
const longestHold = 25;

type Request = readonly [request: IncomingMessage, response: ServerResponse];

/**
 * Has requests wait while connections are being accepted. Node accepts one in each turn of its event loop (libuv 1.45
 * and later), and a turn is as long as all that is done in it: of fifty clients that came together, each busy at once,
 * the last one was accepted after a fifth of a second, and of two hundred after half a second. Turns in which nothing
 * else is done are short, and after one that brings no connection there are none. Call it when all who listen to
 * requests do.
 */
export function takeConnectionsFirst(
  server: EventEmitter,
  { isEnding, loop: { now, atEndOfTurn } = nodeEventLoop }: ConnectionsFirstOptions,
): void {
  const listeners = server.listeners('request');
  let held: Request[] = [];
  let isHolding = false;
  let isAccepting = false;
  let since = 0;

  function endTurn(): void {
    if (isAccepting && now() - since < longestHold && !isEnding()) {
      isAccepting = false;
      atEndOfTurn(endTurn);
      return;
    }
    isHolding = false;
    letGo(() => true);
  }

  function letGo(isMeant: (request: IncomingMessage) => boolean): void {
    const requests = held;
    held = requests.filter(([request]) => !isMeant(request));
    for (const [request, response] of requests) {
      if (!isMeant(request)) continue;
      handOn(request, response);
      // Where its client left while it was held, Node has said so before anybody listened.
      if (request.socket.destroyed) response.emit('close');
    }
  }

  function handOn(...request: Request): void {
    for (const listener of listeners) Reflect.apply(listener, server, request);
  }

  server.on('connection', () => {
    isAccepting = true;
    if (isHolding || isEnding()) return;
    isHolding = true;
    since = now();
    atEndOfTurn(endTurn);
  });
  server.removeAllListeners('request');
  server.on('request', (...request: Request) => {
    if (isHolding) held.push(request);
    else handOn(...request);
  });
  // What breaks off in its body is a request, which those who hear of the break must know of.
  server.prependListener('clientError', (_error: unknown, socket: unknown) => {
    letGo((request) => request.socket === socket);
  });
}
