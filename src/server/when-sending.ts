import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Does something before an answer goes out. A promise for each would cost every request a turn of the queue. */
export function whenSending(
  app: FastifyInstance,
  act: (request: FastifyRequest, reply: FastifyReply) => void,
): void {
  app.addHook('onSend', (request, reply, ...[, done]) => {
    act(request, reply);
    done();
  });
}
