import Fastify, { type FastifyInstance } from 'fastify';
import { createOperationContext, type OperationContextOptions } from '../context/operation-context.ts';
import type { DocumentLimits } from '../execution/document-limits.ts';
import type { OperationPipeline } from '../execution/operation-pipeline.ts';
import type { Identity } from '../identity/identity.ts';
import type { Admission } from './admission/admission.ts';
import { turnAwayEarly } from './admission/gate.ts';
import { shedEarly } from './admission/shedding.ts';
import { ConnectionsFirst } from './connections-first.ts';
import { createConnections, type ConnectionLimits } from './connections.ts';
import { endConnectionsOnClose } from './end-connections.ts';
import { readNumbersExactly } from './exact-json-body.ts';
import { registerOfflineGraphiql } from './explorer/offline-graphiql.ts';
import { createNoLandingPage, createSandboxLandingPage } from './explorer/sandbox-landing-page.ts';
import { registerGraphqlRoute } from './graphql-route.ts';
import { createGraphqlServer } from './graphql-server.ts';
import { registerHealth, type HealthOptions } from './health.ts';
import { createIdentification, type Identify } from './identification.ts';
import { limitLargeBodies } from './large-bodies.ts';
import { registerLive, type LiveOptions } from './live/register-live.ts';
import { createPlacesOfErrors } from './places-of-errors.ts';
import { answerErrorsAsGraphql, answerUnreadablePath } from './refusals.ts';
import type { RequestObserver } from './request-observer.ts';
import { applyRequestRules } from './request-rules.ts';
import {
  RequestSignals,
  timeAtTheEnd,
  timeForRequest,
  timeToAccept,
  type RequestTime,
} from './request-signal.ts';
import { countUntaken } from './untaken-answers.ts';
import { refuseCredentialsInUrl } from './url-credentials.ts';
import { watchRequest, watchRequests } from './watch-requests.ts';
import { registerWatchPage } from './watch/watch-page.ts';

/** What the HTTP server is made of. */
export interface ServerOptions {
  readonly pipeline: OperationPipeline;
  readonly identity: Identity;
  readonly admission: Admission;
  readonly operations: OperationContextOptions;
  /** Path of the GraphQL endpoint. */
  readonly path: string;
  /** Whether queries may stand in a URL. */
  readonly allowGet: boolean;
  readonly maxRequestBytes: number;
  readonly time: RequestTime;
  readonly connections: Omit<ConnectionLimits, 'maxHeaderBytes'>;
  /** Bytes of answers that wait for clients who do not take them, of all together. */
  readonly maxUntakenBytes: number;
  /** Origins of pages that may read answers and send cookies. */
  readonly allowedOrigins: readonly string[];
  /** Whether a browser that opens the endpoint gets Apollo Sandbox. */
  readonly sandbox: boolean;
  /** Null where health is told elsewhere. */
  readonly health: HealthOptions | null;
  /** Whether the service has been told to end. It still answers, and asks its clients to come by another connection. */
  readonly isEnding: () => boolean;
  /** Path of the IDE that needs no network; null where it is off. */
  readonly graphiqlPath: string | null;
  /** Path of the page that follows a job; null where it is off. */
  readonly watchPath: string | null;
  /** Whether the explorers may offer the demonstration's jobs and user. */
  readonly embeddedUpstream: boolean;
  /** Bounds of one request before its operation is looked at: its head, and the size of its document. */
  readonly limits: RequestLimits;
  /** Is told of every request, but of those for health. */
  readonly observer: RequestObserver;
  /** How jobs are followed; null where they cannot be. */
  readonly live: LiveOptions | null;
  readonly report: (error: unknown) => void;
}

/** Bounds of one request. */
export interface RequestLimits extends DocumentLimits {
  readonly maxRequestHeaders: number;
  readonly maxHeaderBytes: number;
}

/** Makes the HTTP server, ready to listen. Closing it finishes what is under way. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { limits } = options;
  const connections = createConnections(
    { ...options.connections, maxHeaderBytes: limits.maxHeaderBytes },
    options.observer,
  );
  const app = Fastify({
    ...connections.serverOptions,
    logger: false,
    bodyLimit: options.maxRequestBytes,
    forceCloseConnections: 'idle',
    // Who has asked on a connection that is still there is answered like everybody else, and not in a shape of Fastify's.
    return503OnClosing: false,
    frameworkErrors: (_error, request, reply) => {
      watchRequest(request, reply, options.observer);
      if (connections.take(request.raw.socket, reply.raw)) answerUnreadablePath(request, reply);
    },
  });
  watchRequests(app, options.observer, options.health === null ? [] : [options.health.path]);
  connections.watch(app);
  readNumbersExactly(app);
  answerErrorsAsGraphql(app, options.report);
  await applyRequestRules(app, {
    ...options,
    maxRequestHeaders: limits.maxRequestHeaders,
    documents: limits,
  });
  app.addHook('onRequest', refuseCredentialsInUrl);
  const identify = createIdentification(app, options.identity);
  turnAwayEarly(app, { path: options.path, admission: options.admission, identify });
  limitLargeBodies(app, options);
  if (options.health !== null) registerHealth(app, options.health);
  registerPages(app, options);
  const followers = options.live === null ? null : registerLive(app, options.live, { ...options, identify });
  await registerGraphql(app, { ...options, identify });
  shedEarly(app, options);
  const connectionsFirst = new ConnectionsFirst(app.server);
  const acceptAll = (act: () => void): void => {
    connectionsFirst.acceptAll(timeToAccept(options.time), act);
  };
  endConnectionsOnClose(app, { ...options, followers, acceptAll });
  connectionsFirst.take();
  return app;
}

function registerPages(
  app: FastifyInstance,
  { path: graphqlPath, graphiqlPath, watchPath, embeddedUpstream }: ServerOptions,
): void {
  if (graphiqlPath !== null) {
    registerOfflineGraphiql(app, { path: graphiqlPath, graphqlPath, embeddedUpstream });
  }
  if (watchPath !== null) registerWatchPage(app, { path: watchPath, graphqlPath, embeddedUpstream });
}

async function registerGraphql(
  app: FastifyInstance,
  options: ServerOptions & { readonly identify: Identify },
): Promise<void> {
  const signals = createSignals(app, options.time);
  const places = createPlacesOfErrors();
  const untaken = countUntaken(app, {
    maxBytes: options.maxUntakenBytes,
    timeout: options.connections.writeStallTimeout,
  });
  const server = createGraphqlServer({
    pipeline: options.pipeline,
    admission: options.admission,
    places,
    untaken,
    plugins: [
      options.sandbox
        ? createSandboxLandingPage({ embeddedUpstream: options.embeddedUpstream })
        : createNoLandingPage(),
    ],
  });
  await server.start();
  // Fastify calls this when the last request has been answered, so nothing is left for Apollo to drain.
  app.addHook('onClose', () => server.stop());
  registerGraphqlRoute(app, server, {
    path: options.path,
    parameterize: options.pipeline.parameterize,
    places,
    untaken,
    hasPage: options.sandbox,
    context: (request, reply) => {
      const identification = options.identify(request);
      request.trace?.identified(identification);
      return createOperationContext(options.operations, {
        identification,
        signal: signals.create(reply.raw, timeForRequest(request.headers, options.time)),
        trace: request.trace ?? undefined,
      });
    },
  });
}

/** A request that takes longer than the service has is answered in time, and not cut off. */
function createSignals(app: FastifyInstance, time: RequestTime): RequestSignals {
  const signals = new RequestSignals();
  app.addHook('preClose', (done) => {
    const left = timeAtTheEnd(time);
    if (left !== null) signals.endWithin(left);
    done();
  });
  return signals;
}
