import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SentListener } from '../context/written-answer.ts';

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

/**
 * Tells once the operating system has all of an answer, so that nothing here reads its memory again. What of it waited
 * on a connection that broke is not waited for: nobody is told then.
 */
export function whenSent(response: ServerResponse, listener: SentListener): void {
  // Node takes it off the answer when that is finished.
  const { socket } = response;
  response.once('finish', () => {
    if (socket !== null && !socket.destroyed && socket.writableLength === 0) listener.sent();
  });
}
