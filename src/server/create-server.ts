import cors from '@fastify/cors';
import fastifyApollo from '@as-integrations/fastify';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import {
  createOperationContext,
  type Identification,
  type OperationContext,
  type OperationContextOptions,
} from '../context/operation-context.ts';
import { toJobApiError } from '../domain/errors.ts';
import { jobApiErrorExtensions } from '../execution/format-error.ts';
import type { Identity } from '../identity/identity.ts';
import { readNumbersExactly } from './exact-json-body.ts';
import { registerOfflineGraphiql } from './explorer/offline-graphiql.ts';
import { createNoLandingPage, createSandboxLandingPage } from './explorer/sandbox-landing-page.ts';
import { createGraphqlServer } from './graphql-server.ts';
import { registerHealth, type HealthOptions } from './health.ts';
import { refuseCredentialsInUrl } from './url-credentials.ts';

/** What the HTTP server is made of. */
export interface ServerOptions {
  readonly schema: GraphQLSchema;
  readonly identity: Identity;
  readonly operations: OperationContextOptions;
  /** Path of the GraphQL endpoint. */
  readonly path: string;
  readonly maxRequestBytes: number;
  /** Origins of pages that may read answers and send cookies. */
  readonly allowedOrigins: readonly string[];
  readonly introspection: boolean;
  /** Whether a browser that opens the endpoint gets Apollo Sandbox. */
  readonly sandbox: boolean;
  readonly health: HealthOptions;
  /** Path of the IDE that needs no network; null where it is off. */
  readonly graphiqlPath: string | null;
  /** Whether the explorers may offer the demonstration's jobs and user. */
  readonly embeddedUpstream: boolean;
  /** Bounds of one operation: tokens of its text, and its price. */
  readonly limits: { readonly parserMaxTokens: number; readonly maxCost: number };
  readonly report: (error: unknown) => void;
}

/** Makes the HTTP server, ready to listen. Closing it finishes what is under way. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: options.maxRequestBytes,
    forceCloseConnections: 'idle',
    frameworkErrors: answerUnreadablePath,
  });
  readNumbersExactly(app);
  answerErrorsAsGraphql(app, options.report);
  endConnectionsOnClose(app);
  app.addHook('onRequest', refuseCredentialsInUrl);
  app.addHook('onRequest', forbidCaching);
  await app.register(cors, { origin: [...options.allowedOrigins], credentials: true });
  registerHealth(app, options.health);
  if (options.graphiqlPath !== null) {
    registerOfflineGraphiql(app, {
      path: options.graphiqlPath,
      graphqlPath: options.path,
      embeddedUpstream: options.embeddedUpstream,
    });
  }
  await registerGraphql(app, options);
  return app;
}

async function registerGraphql(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const server = createGraphqlServer({
    schema: options.schema,
    introspection: options.introspection,
    maxTokens: options.limits.parserMaxTokens,
    maxCost: options.limits.maxCost,
    report: options.report,
    plugins: [
      options.sandbox
        ? createSandboxLandingPage({ embeddedUpstream: options.embeddedUpstream })
        : createNoLandingPage(),
    ],
  });
  await server.start();
  // Fastify calls this when the last request has been answered, so nothing is left for Apollo to drain.
  app.addHook('onClose', () => server.stop());
  await app.register(fastifyApollo(server), {
    path: options.path,
    context: (request: FastifyRequest): Promise<OperationContext> =>
      Promise.resolve(createOperationContext(options.operations, identify(options.identity, request))),
  });
}

function identify(identity: Identity, request: FastifyRequest): Identification {
  try {
    return identity.identify({ rawHeaders: request.raw.rawHeaders });
  } catch (thrown) {
    return toJobApiError(thrown);
  }
}

/**
 * Closing ends connections that are idle then. One whose answer is still under way would be kept alive after it, and
 * be waited for until its client leaves.
 */
function endConnectionsOnClose(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  app.addHook('onSend', (_request, reply, payload) => {
    if (isClosing) reply.header('connection', 'close');
    return Promise.resolve(payload);
  });
  app.addHook('onResponse', (_request, _reply, done) => {
    // An answer whose headers were sent before the close has not told its client; Node calls it idle a turn later.
    if (isClosing) setImmediate(() => app.server.closeIdleConnections());
    done();
  });
}

/** Answers depend on who asks, so no cache between may keep them. */
async function forbidCaching(
  _request: FastifyRequest,
  reply: { header(name: string, value: string): unknown },
): Promise<void> {
  reply.header('cache-control', 'private, no-store');
  return Promise.resolve();
}

/** Fastify's own answer to a path that cannot be decoded repeats it, and passes no hook. */
function answerUnreadablePath(_error: Error, _request: unknown, reply: FastifyReply): void {
  void reply
    .code(400)
    .header('cache-control', 'private, no-store')
    .send({
      errors: [
        { message: 'The path cannot be read.', extensions: { code: 'BAD_REQUEST', retryable: false } },
      ],
    });
}

/** What Fastify itself refuses (no such path, a body that is too large or no JSON) in the shape of a GraphQL answer. */
function answerErrorsAsGraphql(app: FastifyInstance, report: ServerOptions['report']): void {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({
      errors: [{ message: 'Nothing is served here.', extensions: { code: 'NOT_FOUND', retryable: false } }],
    }),
  );
  app.setErrorHandler((thrown: { statusCode?: number; message: string }, _request, reply) => {
    const status = thrown.statusCode ?? 500;
    if (status >= 400 && status < 500) {
      return reply.code(status).send({
        errors: [{ message: thrown.message, extensions: { code: 'BAD_REQUEST', retryable: false } }],
      });
    }
    report(thrown);
    const error = toJobApiError(thrown);
    return reply
      .code(500)
      .send({ errors: [{ message: error.message, extensions: jobApiErrorExtensions(error) }] });
  });
}
