import type { FastifyInstance, FastifyRequest } from 'fastify';
import { JobApiError } from '../domain/errors.ts';
import { Refusal } from './refusals.ts';

/** What bodies of requests may take while they arrive. */
export interface LargeBodyLimits {
  /** Bytes of one. */
  readonly maxRequestBytes: number;
}

/** As many as there may be connections take less than a process has. Bytes. */
const smallBody = 8 * 1024;

/** Of the largest there may be so many at a time, or more of smaller ones. */
const mostOfTheLargest = 64;

/** When to ask again, milliseconds. */
const retryAfter = 1000;

/**
 * Refuses by their heads requests whose bodies would take more memory than there is for all that arrive at a time: whoever
 * sends slowly need not even be known, and no operation is counted before its body is there. Small ones are not counted.
 */
export function limitLargeBodies(app: FastifyInstance, { maxRequestBytes }: LargeBodyLimits): void {
  const most = maxRequestBytes * mostOfTheLargest;
  let taken = 0;
  app.addHook('onRequest', (request, reply, done) => {
    const bytes = Math.min(announcedBytes(request), maxRequestBytes);
    if (bytes <= smallBody) {
      done();
      return;
    }
    if (taken + bytes > most) {
      done(new Refusal(429, tooMuch));
      return;
    }
    taken += bytes;
    let isTaken = true;
    const giveBack = (): void => {
      if (isTaken) taken -= bytes;
      isTaken = false;
    };
    // When all of it is there, or its client has left. One that is answered before is kept by nobody, and Node may never
    // close it.
    request.raw.once('close', giveBack);
    reply.raw.once('close', giveBack);
    done();
  });
}

/** One that does not say how long it is may be of any length. */
function announcedBytes({ headers }: FastifyRequest): number {
  if (headers['transfer-encoding'] !== undefined) return Infinity;
  return Number(headers['content-length'] ?? 0);
}

const tooMuch = new JobApiError(
  'RATE_LIMITED',
  'Too many large requests arrive at a time; ask again later.',
  {
    retryAfter,
  },
);
