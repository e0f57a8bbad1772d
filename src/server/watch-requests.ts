import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { trafficOf } from './connections.ts';
import type { RequestObserver, RequestTrace } from './request-observer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null at the paths of which nobody is told. */
    trace: RequestTrace | null;
    /**
     * Path of the route that it has come to; undefined where nothing is served. Fastify puts all that it knows of a
     * route together each time that it is asked for some of it.
     */
    servedPath: string | undefined;
  }
}

/**
 * Tells of every request but those at the quiet paths, and those that come past all hooks. Must be the first to add
 * hooks: requests that later ones refuse count, too.
 */
export function watchRequests(
  app: FastifyInstance,
  observer: RequestObserver,
  quietPaths: readonly string[],
): void {
  app.decorateRequest('trace', null);
  app.decorateRequest('servedPath', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    const { url } = request.routeOptions;
    request.servedPath = url;
    if (url === undefined || !quietPaths.includes(url)) watchRequest(request, reply, observer);
    done();
  });
}

/** Tells of one request from here to its end, and sends its number back. */
export function watchRequest(request: FastifyRequest, reply: FastifyReply, observer: RequestObserver): void {
  const trace = observer.begin({ transport: 'http', headers: request.headers });
  request.trace = trace;
  reply.header('x-request-id', trace.requestId);
  const answer = reply.raw;
  const { socket } = request.raw;
  // Twice, perhaps, where the connection ends; the second time says nothing new, and to listen once costs more.
  answer.on('close', () => {
    const { refusal } = trafficOf(socket);
    if (refusal !== null) {
      trace.refused(refusal.error.code);
      trace.ended({ status: refusal.statusCode, complete: true });
      return;
    }
    // What waits on a connection that breaks is dropped, and Node then calls the answer finished.
    trace.ended({ status: answer.statusCode, complete: answer.writableFinished && !socket.destroyed });
  });
}
