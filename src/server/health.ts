import type { FastifyInstance } from 'fastify';

/** Where health is asked for, and what it depends on. */
export interface HealthOptions {
  readonly path: string;
  /** Whether new requests are wanted: false from the moment on which the service is told to end. */
  readonly isReady: () => boolean;
}

/**
 * Answers what balancers and orchestrators ask, in the vocabulary of Apollo Router: `?live` and no query are UP while
 * the process answers at all, `?ready` only while it wants requests. bk-job is not asked: a service without it still
 * answers, with errors that say so, and taking all replicas away would not bring it back.
 */
export function registerHealth(app: FastifyInstance, { path, isReady }: HealthOptions): void {
  app.get(path, (request, reply) => {
    const asksForReadiness = new URLSearchParams(request.url.split('?')[1] ?? '').has('ready');
    const isUp = !asksForReadiness || isReady();
    return reply.code(isUp ? 200 : 503).send({ status: isUp ? 'UP' : 'DOWN' });
  });
}
