import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { endLate, trafficOf } from './connections.ts';
import { whenSending } from './when-sending.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Once the server closes, ends the connections whose requests are still arriving, where nothing else is waited for.
     * Tells whether that is so.
     */
    endLateRequests(): boolean;
  }
}

/** What connections are ended with. */
export interface EndOptions {
  /** Whether the service has been told to end. */
  readonly isEnding: () => boolean;
  readonly connections: {
    /** Milliseconds, from the first byte of a request to its last. */
    readonly requestReadTimeout: number;
  };
}

/**
 * Closing ends connections that are idle then, perhaps just as their client sends the next request: so each is ended
 * with the first answer after the service was told to end, while it still accepts, that no other is waited for behind.
 * One whose answer is under way when the service closes would be kept alive after it, and be waited for until its client
 * leaves.
 *
 * One that has brought no request yet, or half a head, is not idle to Node (20), which looks no more for what takes too
 * long once it closes: it would be waited for until the end of all time there is. So it is ended here, and one whose
 * body is still arriving gets the time that it would have had.
 *
 * Must be the last to add hooks before the close, and to listen to connections before they are taken.
 */
export function endConnectionsOnClose(app: FastifyInstance, options: EndOptions): void {
  const open = watchOpen(app);
  const { requestReadTimeout } = options.connections;
  let isClosing = false;
  app.addHook('preClose', (done) => {
    isClosing = true;
    afterReading(() => {
      for (const connection of open) {
        endUnlessAsked(connection);
        if (isLate(connection)) endInTime(connection, requestReadTimeout);
      }
    });
    done();
  });
  app.server.on('connection', (connection: Socket) => {
    if (isClosing) afterReading(() => endUnlessAsked(connection));
  });
  whenSending(app, ({ raw: { socket } }, reply) => {
    if (!isClosing && !options.isEnding()) return;
    if (trafficOf(socket).answers.at(-1) === reply.raw) reply.header('connection', 'close');
    // Node would end the connection after this answer. Fastify says so to all that is asked after the close.
    else reply.raw.removeHeader('connection');
  });
  app.addHook('onResponse', ({ raw: { socket } }, _reply, done) => {
    // An answer whose headers were sent before the close has not told its client; it is forgotten a turn later.
    if (isClosing) setImmediate(endUnlessAsked, socket);
    done();
  });
  app.decorate('endLateRequests', () => {
    const isAllLate = isClosing && open.size > 0 && [...open].every(isLate);
    if (isAllLate) open.forEach(endLate);
    return isAllLate;
  });
}

/** The connections that are open and speak HTTP. */
function watchOpen({ server }: FastifyInstance): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  function forget(this: Socket): void {
    open.delete(this);
  }
  server.on('connection', (connection: Socket) => {
    open.add(connection);
    connection.on('close', forget);
  });
  // Where nobody listens for them, upgrades are requests like others. What is put before the server again is added again.
  if (server.listenerCount('upgrade') > 0) {
    server.prependListener('upgrade', ({ socket }) => {
      open.delete(socket);
      socket.off('close', forget);
    });
  }
  return open;
}

/** Waits until what clients had sent by now has been read, also of connections that are held at first. */
function afterReading(act: () => void): void {
  setImmediate(() => setImmediate(act));
}

/** Nothing that has been written is lost. */
function endUnlessAsked(connection: Socket): void {
  if (trafficOf(connection).answers.length === 0) connection.destroySoon();
}

/** Whether nothing but the rest of requests is waited for. */
function isLate(connection: Socket): boolean {
  const { answers } = trafficOf(connection);
  return answers.length > 0 && answers.every(({ req }) => !req.complete);
}

function endInTime(connection: Socket, requestReadTimeout: number): void {
  const left = trafficOf(connection).arrivedAt + requestReadTimeout - performance.now();
  const timer = setTimeout(() => {
    if (isLate(connection)) endLate(connection);
  }, left);
  connection.once('close', () => {
    clearTimeout(timer);
  });
}
