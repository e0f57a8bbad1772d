import type { IncomingMessage, ServerOptions, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { toRawAnswer } from './raw-answer.ts';
import { Refusal } from './refusals.ts';
import type { ConnectionRefusal, RequestObserver } from './request-observer.ts';
import { whenSending } from './when-sending.ts';
import { createWriteStalls, type Stillness } from './write-stalls.ts';

/** How long and how much a connection may take. Times are milliseconds. */
export interface ConnectionLimits {
  /** From the first byte of a request, or the connection, to the end of its headers. */
  readonly headerReadTimeout: number;
  /** From the first byte of a request to its last. */
  readonly requestReadTimeout: number;
  /** How long a client may take nothing of an answer that waits for it. */
  readonly writeStallTimeout: number;
  /** How long a connection without a request is kept. */
  readonly keepAliveTimeout: number;
  readonly maxConnections: number;
  /** Bytes of all headers of a request and its first line. */
  readonly maxHeaderBytes: number;
}

/**
 * Requests of one connection that are answered at a time, or come within one turn of the event loop: Node hands out all
 * that it has read before anything else gets its turn. Clients that send the next request early send few.
 */
const maxPipelined = 16;

/** How often Node looks for requests that take too long. */
const longestCheckInterval = 1000;

/** Holds clients to what a connection may do. */
export interface Connections {
  /** What Fastify makes its server with. */
  readonly serverOptions: FastifyServerOptions & { readonly http: ServerOptions };
  /** Closes connections whose client takes nothing of its answer, or sends requests faster than they are answered. */
  watch(app: FastifyInstance): void;
  /** The same for a request that comes past all hooks. False where its connection is closed, and it gets no answer. */
  take(socket: Socket, answer: ServerResponse): boolean;
}

/** Makes the keeper of the connections of one server. */
export function createConnections(
  limits: ConnectionLimits,
  observer: Pick<RequestObserver, 'connectionRefused'>,
): Connections {
  const take = createTake();

  return {
    take,
    serverOptions: {
      requestTimeout: limits.requestReadTimeout,
      keepAliveTimeout: limits.keepAliveTimeout,
      clientErrorHandler: (error, socket) => {
        const reason = reasonOf(error, trafficOf(socket).answers);
        if (reason !== null) observer.connectionRefused(reason);
        endBrokenConnection(socket, codeOf(error) === 'ECONNRESET' ? null : toRefusal(error));
        // Who ends the own side in the middle of a request is told, but has left as a rule.
        if (codeOf(error) === 'HPE_INVALID_EOF_STATE') trafficOf(socket).refusal = null;
      },
      http: {
        headersTimeout: limits.headerReadTimeout,
        requestTimeout: limits.requestReadTimeout,
        maxHeaderSize: limits.maxHeaderBytes,
        // Node would answer by itself, in no shape of ours.
        requireHostHeader: false,
        connectionsCheckingInterval: Math.min(longestCheckInterval, Math.ceil(limits.headerReadTimeout / 4)),
      },
    },
    watch: (app) => {
      app.server.maxConnections = limits.maxConnections;
      // Node would leave out what is beyond its own limit, credentials perhaps; how many there are is counted later.
      app.server.maxHeadersCount = 0;
      refuseOthers(app, observer);
      app.server.on('connection', makeAlike);
      app.addHook('onRequest', (request, reply, done) => {
        if (!take(request.raw.socket, reply.raw)) reply.hijack();
        done();
      });
      endStalled(app, limits);
    },
  };
}

/** Ends connections whose client takes nothing of its answer, and those that are kept without a request for too long. */
function endStalled(app: FastifyInstance, { writeStallTimeout }: ConnectionLimits): void {
  const stalls = createWriteStalls(writeStallTimeout, () => performance.now());
  whenSending(app, ({ raw: { socket } }) => {
    stalls.watch(socket);
  });
  app.server.on('timeout', (socket: Socket) => {
    const { answers, still } = trafficOf(socket);
    if (answers.length === 0 || stalls.hasStalled(socket, still)) socket.destroy();
  });
}

function createTake(): Connections['take'] {
  const turns = countTurns();
  return (socket, answer) => {
    const traffic = trafficOf(socket);
    traffic.answers.push(answer);
    traffic.arrivedAt = performance.now();
    // Perhaps twice, which changes nothing; to listen once costs more.
    answer.on('close', () => {
      forget(traffic, answer);
      // Time for the answer that went out does not run for the next one, unless that waits for its client already.
      if (traffic.answers[0]?.headersSent === false) socket.setTimeout(0);
    });
    const isFew = traffic.answers.length <= maxPipelined && arrivedWithin(turns(), traffic) <= maxPipelined;
    if (!isFew) socket.destroy();
    return isFew;
  };
}

/** What Node hands to nobody: connections beyond those that may be, and requests that expect what nobody does. */
function refuseOthers(
  { server }: FastifyInstance,
  observer: Pick<RequestObserver, 'connectionRefused'>,
): void {
  server.on('drop', () => {
    observer.connectionRefused('too-many');
  });
  server.on('checkExpectation', ({ socket }: IncomingMessage) => {
    observer.connectionRefused('expectation');
    if (trafficOf(socket).answers.length === 0) {
      socket.write(toRawAnswer(new Refusal(417, 'Nothing but 100-continue can be expected.')));
    }
    socket.destroy();
  });
}

/** What goes on on one connection. */
interface Traffic {
  /** Those that are being made, the first one first. */
  readonly answers: ServerResponse[];
  /** When the last request came, by the clock of the process. */
  arrivedAt: number;
  /** The turn of the event loop in which a request came last, and how many came in it. */
  turn: number;
  arrived: number;
  readonly still: Stillness;
  /** By which it was ended in place of an answer, where its client was told. */
  refusal: Refusal | null;
}

/** By which a connection is asked for its traffic: what a WeakMap was given, V8 may keep when it is not needed any more. */
const trafficHere = Symbol('traffic');

interface WatchedSocket extends Duplex {
  [trafficHere]?: Traffic;
}

/** What goes on on a connection by now. */
export function trafficOf(socket: WatchedSocket): Traffic {
  return socket[trafficHere] ?? watchTraffic(socket);
}

/**
 * Gives a connection at its beginning what most get later, those that are turned away before never: to V8 they would be
 * of another kind, and with the first of these it throws away what it has compiled for the others, as an overload begins.
 */
function makeAlike(socket: Socket): void {
  trafficOf(socket);
  socket.setTimeout(0);
}

/** Node tells the end of a connection to the answer that is going out, and not to those that wait behind it. */
function watchTraffic(socket: WatchedSocket): Traffic {
  const still: Stillness = { parts: 0, at: 0, taken: 0 };
  const traffic: Traffic = { answers: [], arrivedAt: 0, turn: 0, arrived: 0, still, refusal: null };
  socket[trafficHere] = traffic;
  socket.once('close', () => {
    for (const answer of [...traffic.answers]) answer.emit('close');
  });
  return traffic;
}

function forget({ answers }: Traffic, answer: ServerResponse): void {
  const place = answers.indexOf(answer);
  if (place !== -1) answers.splice(place, 1);
}

/** How many requests have come on a connection within this turn, with the one that comes now. */
function arrivedWithin(turn: number, traffic: Traffic): number {
  traffic.arrived = traffic.turn === turn ? traffic.arrived + 1 : 1;
  traffic.turn = turn;
  return traffic.arrived;
}

/** Tells which turn of the event loop this is, as far as anybody asks. */
function countTurns(): () => number {
  let turn = 0;
  let isCounted = false;
  const end = (): void => {
    isCounted = false;
  };
  return () => {
    if (!isCounted) {
      turn += 1;
      isCounted = true;
      setImmediate(end);
    }
    return turn;
  };
}

/**
 * Answers what Node could not read as a request, in words that tell nothing of it, and ends the connection. Nothing is
 * written where nobody is there to be refused, nor where an answer has begun or others are waiting: it would be taken for
 * a part of them.
 */
function endBrokenConnection(socket: Duplex, refusal: Refusal | null): void {
  const traffic = trafficOf(socket);
  const [answer, ...others] = traffic.answers;
  const isSilent = others.length > 0 || answer?.headersSent === true || answer?.req.complete === true;
  if (socket.writable && !isSilent && refusal !== null) {
    socket.write(toRawAnswer(refusal));
    traffic.refusal = refusal;
  }
  socket.destroy();
}

/** Ends a connection whose request has not arrived in its time, as Node does until its server closes. */
export function endLate(socket: Duplex): void {
  endRefused(socket, tooLate());
}

/** Ends a connection in the middle of a request. */
export function endRefused(socket: Duplex, refusal: Refusal): void {
  endBrokenConnection(socket, refusal);
}

/** Null where it is the client that broke off, or a request that has been handed out and counts as one. */
function reasonOf(error: Error, answers: readonly ServerResponse[]): ConnectionRefusal | null {
  if (answers.some(({ req }) => !req.complete)) return null;
  const code = codeOf(error);
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'timeout';
  if (code === 'HPE_HEADER_OVERFLOW') return 'head-too-large';
  return code?.startsWith('HPE_') === true ? 'malformed' : null;
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}

function toRefusal(error: Error): Refusal {
  const code = codeOf(error);
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return tooLate();
  if (code === 'HPE_HEADER_OVERFLOW') return new Refusal(431, 'The headers are too large.');
  return new Refusal(400, 'The request cannot be read.');
}

function tooLate(): Refusal {
  return new Refusal(408, 'The request took too long to arrive.');
}
