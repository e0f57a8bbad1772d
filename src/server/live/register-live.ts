import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  createOperationContext,
  type Identification,
  type OperationContextOptions,
} from '../../context/operation-context.ts';
import type { OperationPipeline } from '../../execution/operation-pipeline.ts';
import type { SubscriptionLimits } from '../../execution/subscriptions/subscription-limits.ts';
import { createSubscriptions } from '../../execution/subscriptions/subscriptions.ts';
import type { Identity } from '../../identity/identity.ts';
import type { LiveObserver } from '../../live/live-observer.ts';
import type { Admission } from '../admission/admission.ts';
import type { RequestObserver } from '../request-observer.ts';
import { together, type Followers } from './followers.ts';
import type { SocketLimits } from './socket.ts';
import { createStarts } from './starts.ts';
import { registerStreams } from './stream-route.ts';
import { GraphqlWebSocketServer } from './websocket-server.ts';

/** How jobs are followed. */
export interface LiveOptions {
  readonly limits: SubscriptionLimits;
  /** Path of the WebSocket endpoint. */
  readonly path: string;
  readonly sockets: SocketLimits;
  /** Bytes of what asks for a subscription, in a message of a WebSocket or over HTTP. */
  readonly maxPayload: number;
  readonly maxPerConnection: number;
  readonly drainWindow: number;
  readonly observer: LiveObserver;
}

/** What following jobs shares with the rest of the server. */
export interface LiveSurroundings {
  readonly pipeline: OperationPipeline;
  readonly identity: Identity;
  readonly admission: Admission;
  readonly identify: (request: FastifyRequest) => Identification;
  readonly operations: OperationContextOptions;
  /** Path of the GraphQL endpoint. */
  readonly path: string;
  readonly allowedOrigins: readonly string[];
  readonly limits: { readonly maxRequestHeaders: number };
  readonly connections: { readonly writeStallTimeout: number };
  readonly observer: RequestObserver;
  readonly report: (error: unknown) => void;
}

/** Has a server answer subscriptions: over WebSocket, and over HTTP as streams. */
export function registerLive(app: FastifyInstance, live: LiveOptions, around: LiveSurroundings): Followers {
  const { pipeline, identity, admission, operations, observer, report, allowedOrigins } = around;
  const subscriptions = createSubscriptions({
    pipeline,
    limits: live.limits,
    createContext: (identification) =>
      createOperationContext(operations, { identification, signal: new AbortController().signal }),
    pause: () => nextTurn(),
    observer: live.observer,
  });
  const starts = createStarts({ admission, subscriptions, observer: live.observer });
  const shared = { pipeline, identity, starts, drainWindow: live.drainWindow };
  const streams = registerStreams(app, {
    ...shared,
    identify: (request) => {
      const identification = around.identify(request);
      request.trace?.identified(identification);
      return identification;
    },
    path: around.path,
    maxRequestBytes: live.maxPayload,
    heartbeatInterval: Math.min(live.sockets.keepAlive, around.connections.writeStallTimeout / 2),
  });
  const sockets = new GraphqlWebSocketServer({
    ...shared,
    observer,
    report,
    rules: { path: live.path, allowedOrigins, maxRequestHeaders: around.limits.maxRequestHeaders },
    socketLimits: live.sockets,
    maxPayload: live.maxPayload,
    maxPerConnection: live.maxPerConnection,
    maxSocketsPerIdentity: live.limits.maxPerIdentity,
  });
  sockets.attach(app.server);
  return together([streams, sockets]);
}
