import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError, type ExecutionArgs } from 'graphql';
import { makeServer, type Server as ProtocolServer } from 'graphql-ws';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Identity } from '../../identity/identity.ts';
import { trafficOf } from '../connections.ts';
import { Refusal } from '../refusals.ts';
import { answerAsHttp } from './other-upgrades.ts';
import { closeInBatches } from './close-in-batches.ts';
import type { Followers } from './followers.ts';
import { identifySocket, signInsOf } from './socket-identity.ts';
import {
  createSocketOperations,
  type FirstMessage,
  type SocketOperationsOptions,
  type SocketState,
} from './socket-operations.ts';
import { SocketMessages } from './socket-messages.ts';
import type { SocketStream } from './socket-stream.ts';
import { closeCodes, Socket, type SocketLimits } from './socket.ts';
import { refusalOfUpgrade, refuseUpgrade, subprotocol, type UpgradeRules } from './upgrade-rules.ts';

/** What sockets are made with. */
export interface WebSocketOptions extends SocketOperationsOptions {
  readonly identity: Identity;
  readonly rules: Omit<UpgradeRules, 'isClosing'>;
  readonly socketLimits: SocketLimits;
  /** Bytes of one message of a client. */
  readonly maxPayload: number;
  readonly maxSocketsPerIdentity: number;
  /** Milliseconds over which sockets are told to connect elsewhere when the service ends. */
  readonly drainWindow: number;
  readonly report: (error: unknown) => void;
}

/** How often sockets are looked after. */
const tendingInterval = 1000;

/**
 * A piece of a message takes a hundred bytes and more until the message is whole, which may be never: as of bodies, one
 * for each so many bytes of the largest message is enough, and so many for the smallest.
 */
const bytesPerPiece = 512;
const leastPieces = 128;

/** Speaks GraphQL over WebSocket on an HTTP server. */
export class GraphqlWebSocketServer implements Followers {
  readonly #options: WebSocketOptions;
  readonly #protocol: ProtocolServer<SocketState>;
  readonly #webSockets: WebSocketServer;
  readonly #states = new Set<SocketState>();
  readonly #byIdentity = new Map<string, number>();
  #isClosing = false;
  #tending: NodeJS.Timeout | null = null;

  constructor(options: WebSocketOptions) {
    this.#options = options;
    const { maxPayload, socketLimits } = options;
    const maxPieces = Math.max(leastPieces, maxPayload / bytesPerPiece);
    // Its types do not know of these. A client that does not agree is given no more time than one that does not read.
    const untyped = {
      closeTimeout: socketLimits.writeStallTimeout,
      maxFragments: maxPieces,
      maxBufferedChunks: maxPieces,
    };
    this.#webSockets = new WebSocketServer({
      ...untyped,
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload,
      handleProtocols: () => subprotocol,
    });
    // The library would answer by itself, in no shape of ours.
    this.#webSockets.on('wsClientError', (_error, stream) => {
      this.#refuse(stream, new Refusal(400, 'No WebSocket can be opened by these headers.'));
    });
    this.#protocol = this.#createProtocol();
  }

  /**
   * Takes upgrades of the server from now on. One that comes before all that was asked on its connection has been answered
   * ends it: Node looks after that connection no more, neither its answers nor its time, and what is said on it now would
   * be taken for one of these.
   */
  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      if (trafficOf(stream).answers.length > 0) {
        this.#options.observer.connectionRefused('upgrade');
        stream.destroy();
        return;
      }
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
        answerAsHttp({ server, request, stream, head });
        return;
      }
      const refusal = this.#refusalOf(request);
      if (refusal !== null) {
        this.#refuse(stream, refusal);
        return;
      }
      this.#webSockets.handleUpgrade(request, stream, head, (webSocket) => {
        this.#open(webSocket, request);
      });
    });
  }

  #refuse(stream: Duplex, refusal: Refusal): void {
    this.#options.observer.connectionRefused('upgrade');
    refuseUpgrade(stream, refusal);
  }

  refuse(): void {
    this.#isClosing = true;
  }

  async drain(): Promise<void> {
    await closeInBatches([...this.#states], this.#options.drainWindow, ({ socket }) => {
      socket.close(closeCodes.restart, 'The service is ending; connect elsewhere');
    });
    await Promise.all([...this.#states].map(({ socket }) => endOf(socket.webSocket)));
  }

  cut(): void {
    for (const { socket } of this.#states) socket.webSocket.terminate();
  }

  #refusalOf(request: IncomingMessage): Refusal | null {
    return refusalOfUpgrade(request, { ...this.#options.rules, isClosing: () => this.#isClosing });
  }

  #createProtocol(): ProtocolServer<SocketState> {
    const prepare = createSocketOperations(this.#options);
    return makeServer<FirstMessage, SocketState>({
      connectionInitWaitTimeout: this.#options.socketLimits.connectionInitTimeout,
      onConnect: (context) => {
        const { connectionParams: firstMessage = {}, extra } = context;
        Object.assign(context, { connectionParams: signInsOf(firstMessage) });
        return this.#identify(extra, firstMessage);
      },
      onSubscribe: (context, id) => {
        const { socket, asked } = context.extra;
        if (this.#isClosing || asked === null) return turnAway(socket);
        return prepare({ context, id, payload: asked });
      },
      subscribe: ({ contextValue }: ExecutionArgs) => contextValue as SocketStream & AsyncGenerator<never>,
      onComplete: ({ extra }) => {
        // After the message that completes the operation, which is sent next.
        if (extra.isSignedOut) {
          setImmediate(() => {
            extra.socket.close(closeCodes.unauthenticated, 'Unauthenticated');
          });
        }
      },
    });
  }

  /** False where the socket is closed instead. */
  #identify(state: SocketState, payload: Readonly<Record<string, unknown>>): boolean {
    const { identity, maxSocketsPerIdentity } = this.#options;
    const identification = identifySocket(identity, state.socket.request, payload);
    if (identification instanceof Error) {
      state.socket.close(closeCodes.unauthenticated, identification.message);
      return false;
    }
    const key = identification?.account ?? 'nobody';
    const count = (this.#byIdentity.get(key) ?? 0) + 1;
    if (count > maxSocketsPerIdentity) {
      state.socket.close(closeCodes.tooMany, 'Too many connections');
      return false;
    }
    this.#byIdentity.set(key, count);
    state.identification = identification;
    state.leave = () => {
      const left = (this.#byIdentity.get(key) ?? 1) - 1;
      if (left > 0) this.#byIdentity.set(key, left);
      else this.#byIdentity.delete(key);
    };
    return true;
  }

  #open(webSocket: WebSocket, request: IncomingMessage): void {
    const socket = new Socket(webSocket, request, {
      limits: this.#options.socketLimits,
      now: () => performance.now(),
      random: Math.random(),
    });
    const state: SocketState = {
      socket,
      asked: null,
      identification: null,
      isSignedOut: false,
      leave: () => undefined,
    };
    this.#states.add(state);
    this.#tending ??= setInterval(() => {
      for (const { socket: one } of this.#states) one.tend();
    }, tendingInterval).unref();
    const closed = this.#protocol.opened(this.#adapt(state), state);
    webSocket.on('error', () => undefined);
    // Frames that are no messages are answered or dropped by the library, as many as come.
    for (const frame of ['ping', 'pong'] as const) webSocket.on(frame, () => this.#count(socket));
    // Every subscription that waits for its place listens for the end.
    webSocket.setMaxListeners(0);
    webSocket.once('close', (code, reason) => {
      this.#forget(state);
      closed(code, reason.toString()).catch(this.#options.report);
    });
  }

  /** Counts what a client sends. False where it is too much, and the socket is closed. */
  #count(socket: Socket): boolean {
    const isFew = socket.countMessage();
    if (!isFew) socket.close(closeCodes.tooMany, 'Too many messages');
    return isFew;
  }

  #forget(state: SocketState): void {
    this.#states.delete(state);
    state.leave();
    if (this.#states.size > 0 || this.#tending === null) return;
    clearInterval(this.#tending);
    this.#tending = null;
  }

  /** A socket as the protocol knows one. */
  #adapt(state: SocketState): Parameters<ProtocolServer<SocketState>['opened']>[0] {
    const { socket } = state;
    const { webSocket } = socket;
    return {
      protocol: webSocket.protocol,
      send: (data) => socket.send(data),
      close: (code, reason) => {
        socket.close(code ?? closeCodes.internalError, reason ?? '');
      },
      onMessage: (handle) => {
        const messages = new SocketMessages({ socket, state, handle, report: this.#options.report });
        webSocket.on('message', (data: RawData, isBinary: boolean) => {
          // What comes after a close that its client has not seen yet.
          if (webSocket.readyState !== webSocket.OPEN) return;
          if (isBinary) socket.close(closeCodes.badMessage, 'Messages are text');
          else if (this.#count(socket)) messages.take(data);
        });
      },
    };
  }
}

/** Closes a socket on which more is asked for at the end. The library is told so, too; its client has the close alone. */
function turnAway(socket: Socket): readonly GraphQLError[] {
  const text = 'The service is ending';
  socket.close(closeCodes.tooSlow, text);
  return [new GraphQLError(text)];
}

/** How long a client may take to agree that its socket is closed. */
const closingTime = 1000;

/** When a socket that was told to close is closed; it is cut where its client does not agree. */
function endOf(webSocket: WebSocket): Promise<void> {
  if (webSocket.readyState === webSocket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      webSocket.terminate();
    }, closingTime);
    webSocket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
