import { createServer, type Server } from 'node:http';
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
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    const isHealth = path === options.path && (request.method === 'GET' || request.method === 'HEAD');
    const { status, body } = isHealth
      ? healthAt(request.url ?? '', options)
      : { status: 404, body: { status: 'UNKNOWN' } };
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
  });
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
  const asksForReadiness = new URLSearchParams(url.split('?')[1] ?? '').has('ready');
  const isUp = !asksForReadiness || isReady();
  return { status: isUp ? 200 : 503, body: { status: isUp ? 'UP' : 'DOWN' } };
}
