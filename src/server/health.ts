import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { startSideServer, type SideAddress, type SideServer } from './side-server.ts';

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

/** Answers the same at an address of its own. Rejects where it cannot listen. */
export function startHealthServer(
  options: HealthOptions,
  listen: Pick<SideAddress, 'host' | 'port'>,
): Promise<SideServer> {
  return startSideServer({ ...listen, path: options.path }, (request, response) => {
    if (!answerHealth(request, response, options)) send(response, 404, { status: 'UNKNOWN' });
  });
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
