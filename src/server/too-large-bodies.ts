import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { Refusal } from './refusals.ts';

/**
 * So much of a body that is too large is read all the same, in parts of the largest that may be. Where one announces
 * more, its connection ends at once.
 */
const mostReadInVain = 8;

/** For so long the rest of it is waited for before it is refused, milliseconds: that may never come. */
const longestWait = 1000;

/** Whether a body announces more than it may have, and little enough to be read in vain. */
export function isReadInVain({ headers }: Pick<FastifyRequest, 'headers'>, maxRequestBytes: number): boolean {
  const announced = Number(headers['content-length'] ?? 0);
  return announced > maxRequestBytes && announced <= maxRequestBytes * mostReadInVain;
}

/**
 * Refuses such a body when it has come, of which nothing is kept: who still sends when his connection ends finds it
 * broken, and may never read why. One that takes long is refused before, on a connection that goes on if its client wants
 * that, and so is one whose client has left.
 */
export function refuseWhenRead(request: IncomingMessage, done: (refusal: Refusal) => void): void {
  const end = (): void => {
    clearTimeout(timer);
    request.off('end', end);
    request.off('close', end);
    done(new Refusal(413, 'Request body is too large'));
  };
  const timer = setTimeout(end, longestWait);
  request.on('end', end);
  request.on('close', end);
  request.resume();
}
