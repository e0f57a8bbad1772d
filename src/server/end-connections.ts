import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { endLate, trafficOf } from './connections.ts';
import type { Followers } from './live/followers.ts';
import { whenSending } from './when-sending.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Once the server closes, cuts the connections of those who follow jobs and are still there, and ends those whose
     * requests are still arriving or whose answers are not taken, where nothing else is waited for. Tells whether that is
     * so.
     */
    endLateClients(): boolean;
  }
}

/** What connections are ended with. */
export interface EndOptions {
  /** Whether the service has been told to end. */
  readonly isEnding: () => boolean;
  /** Accepts who waits for that, and calls back when nobody does, or none more is to be accepted. */
  readonly acceptAll: (act: () => void) => void;
  /** Null where jobs cannot be followed. */
  readonly followers: Followers | null;
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
 * Nobody listens any more when those who follow jobs are told to go on elsewhere: none of them comes back here.
 *
 * Must be the last to add hooks, and to listen to connections before they are taken.
 */
export function endConnectionsOnClose(app: FastifyInstance, options: EndOptions): void {
  const open = watchOpen(app);
  const { followers } = options;
  let isClosing = false;
  let drained: Promise<void> | undefined;

  function endInOrder(connection: Socket): void {
    endUnlessAsked(connection);
    if (isLate(connection)) endInTime(connection, options.connections.requestReadTimeout);
  }

  function endAfter(answer: ServerResponse, connection: Socket): void {
    // It is forgotten by the next turn.
    answer.once('close', () => setImmediate(endInOrder, connection));
  }

  app.addHook('preClose', (done) => {
    isClosing = true;
    followers?.refuse();
    options.acceptAll(() => endOpen(done));
  });

  function endOpen(done: () => void): void {
    stopListening(app);
    app.server.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
      endAfter(answer, socket);
    });
    afterReading(() => {
      for (const connection of open) {
        for (const answer of trafficOf(connection).answers) endAfter(answer, connection);
        endInOrder(connection);
      }
      drained = followers?.drain();
      done();
    });
  }

  app.addHook('onClose', () => drained);
  app.server.on('connection', (connection: Socket) => {
    if (isClosing) afterReading(() => endInOrder(connection));
  });
  whenSending(app, ({ raw: { socket } }, reply) => {
    if (!isClosing && !options.isEnding()) return;
    if (trafficOf(socket).answers.at(-1) === reply.raw) reply.header('connection', 'close');
    // Node would end the connection after this answer. Fastify says so to all that is asked after the close.
    else reply.raw.removeHeader('connection');
  });
  app.decorate('endLateClients', () => {
    if (!isClosing) return false;
    followers?.cut();
    const others = [...open].filter(({ destroyed }) => !destroyed);
    const areLate = others.every(isLeftToClient);
    if (areLate) others.forEach(endLate);
    return areLate;
  });
}

/**
 * What Node (20) takes to be idle it would end at once: also where a request has come that nobody has read, and where an
 * answer has been handed over whole that its client has not taken yet.
 */
function stopListening({ server }: FastifyInstance): void {
  server.closeIdleConnections = () => undefined;
  Server.prototype.close.call(server);
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

/** Whether nothing is waited for but its client: for the rest of requests, or until answers that are made are taken. */
function isLeftToClient(connection: Socket): boolean {
  const { answers } = trafficOf(connection);
  return answers.length > 0 && answers.every(({ req, writableEnded }) => !req.complete || writableEnded);
}

/** Gives the request that is arriving the rest of its time. */
function endInTime(connection: Socket, requestReadTimeout: number): void {
  const { answers, arrivedAt } = trafficOf(connection);
  const [answer] = answers;
  const timer = setTimeout(
    () => {
      if (isLate(connection)) endLate(connection);
    },
    arrivedAt + requestReadTimeout - performance.now(),
  );
  answer?.once('close', () => {
    clearTimeout(timer);
  });
}
