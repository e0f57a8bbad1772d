import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Refusal } from './refusals.ts';

/**
 * So much of a body that is too large is read all the same, in parts of the largest that may be. Where one announces
 * more, its connection ends at once.
 */
const mostReadInVain = 8;

/** For so long the rest of it is waited for before it is refused, milliseconds: that may never come. */
const longestWait = 1000;

/**
 * Refuses bodies that announce more than they may have when they have come, of which nothing is kept: who still sends
 * when his connection ends finds it broken, and may never read why. Those that take long are refused before, on a
 * connection that goes on if their clients want that.
 */
export function refuseTooLargeBodies(
  app: FastifyInstance,
  { maxRequestBytes }: { readonly maxRequestBytes: number },
): void {
  app.addHook('preParsing', ({ method, headers, raw }, _reply, ...[, done]) => {
    const announced = Number(headers['content-length'] ?? 0);
    const isReadInVain = announced > maxRequestBytes && announced <= maxRequestBytes * mostReadInVain;
    if (method !== 'POST' || !isReadInVain) done();
    else {
      whenRead(raw, () => {
        done(new Refusal(413, 'Request body is too large'));
      });
    }
  });
}

/** Calls back once: when all of a request is there, its client has left, or it has been waited for long enough. */
function whenRead(request: IncomingMessage, act: () => void): void {
  const end = (): void => {
    clearTimeout(timer);
    request.off('end', end);
    request.off('close', end);
    act();
  };
  const timer = setTimeout(end, longestWait);
  request.on('end', end);
  request.on('close', end);
  request.resume();
}
