import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Where health is asked for, and what it depends on. */
export interface HealthOptions {
  readonly path: string;
  /** Whether new requests are wanted: false while too many are turned away, and once the service is told to end. */
  readonly isReady: () => boolean;
}

/**
 * Answers what balancers and orchestrators ask, in the vocabulary of Apollo Router: `?live` and no query are UP while
 * the process answers at all, `?ready` only while it wants requests. bk-job is not asked: a service without it still
 * answers, with errors that say so, and taking all replicas away would not bring it back.
 */
export function registerHealth(app: FastifyInstance, options: HealthOptions): void {
  app.get(options.path, (request, reply) => {
    const { status, body } = healthAt(request.url, options);
    return reply.code(status).send(body);
  });
}

/** Those who ask are few, and ask for little: who says nothing takes a place from them for seconds. Milliseconds. */
const shortConnections = {
  headersTimeout: 2000,
  requestTimeout: 5000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
};

const maxConnections = 100;

/** A server for health alone. */
export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Answers the same at an address of its own, where neither the connections of clients nor what they ask can keep
 * anybody from being answered. Rejects where it cannot listen.
 */
export async function startHealthServer(
  options: HealthOptions,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<HealthServer> {
  const server = createServer(shortConnections, (request, response) => {
    if (!answerHealth(request, response, options)) send(response, 404, { status: 'UNKNOWN' });
  });
  server.maxConnections = maxConnections;
  await listen(server, host, port);
  const { port: taken } = server.address() as AddressInfo; // A server that listens on a port has an address of this kind.
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${String(taken)}${options.path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers whoever asks for health on another server of this process; false, and no answer, where it is not asked for. */
export function answerHealth(
  { method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>,
  response: ServerResponse,
  options: HealthOptions,
): boolean {
  const isAsked = (method === 'GET' || method === 'HEAD') && url.split('?', 1)[0] === options.path;
  if (isAsked) {
    const { status, body } = healthAt(url, options);
    send(response, status, body);
  }
  return isAsked;
}

/** Node sends no body to HEAD. */
function send(response: ServerResponse, status: number, body: HealthAnswer['body']): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

interface HealthAnswer {
  readonly status: number;
  readonly body: { readonly status: string };
}

function healthAt(url: string, { isReady }: HealthOptions): HealthAnswer {
  // In any case, as with Apollo Router.
  const asksForReadiness = new URLSearchParams(url.split('?')[1]?.toLowerCase()).has('ready');
  const isUp = !asksForReadiness || isReady();
  return { status: isUp ? 200 : 503, body: { status: isUp ? 'UP' : 'DOWN' } };
}
