import type { FastifyInstance } from 'fastify';
import type { RequestObserver, RequestTrace } from './request-observer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null at the paths of which nobody is told, and where a path cannot be read. */
    trace: RequestTrace | null;
  }
}

/**
 * Tells of every request but those at the quiet paths, and sends its number back. Must be the first to add hooks:
 * requests that later ones refuse count, too.
 */
export function watchRequests(
  app: FastifyInstance,
  observer: RequestObserver,
  quietPaths: readonly string[],
): void {
  app.decorateRequest('trace', null);
  app.addHook('onRequest', (request, reply, done) => {
    const { url } = request.routeOptions;
    if (url === undefined || !quietPaths.includes(url)) {
      const trace = observer.begin({ transport: 'http', headers: request.headers });
      request.trace = trace;
      reply.header('x-request-id', trace.requestId);
      const answer = reply.raw;
      answer.once('close', () => {
        trace.ended({ status: answer.statusCode, complete: answer.writableFinished });
      });
    }
    done();
  });
}
