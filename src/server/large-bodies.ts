import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Linked, LinkedList } from '../memory/linked-list.ts';
import { endLate, endRefused } from './connections.ts';
import { Refusal } from './refusals.ts';
import { isReadInVain, refuseWhenRead } from './too-large-bodies.ts';

/** What bodies of requests may take while they arrive. */
export interface LargeBodyLimits {
  /** Bytes of one. */
  readonly maxRequestBytes: number;
}

/** As many as there may be connections take less than a process has. Bytes. */
const smallBody = 8 * 1024;

/**
 * What a piece counts at least, bytes. Pieces are kept as they came until all is there, each in memory of its own: one of
 * a single byte takes some 370 (Node 20).
 */
const smallPiece = 512;

/** In so many pieces any body may come, and a large one in more. A million of one byte each would take as many hundreds. */
const usualPieces = 8192;

/** Of the largest there may be so many at a time, or more of smaller ones. */
const mostOfTheLargest = 64;

/**
 * Holds bodies that arrive to the memory there is for all of them at a time: whoever sends slowly need not even be known,
 * and no operation is counted before its body is there. Only what has arrived counts, and small ones do not: a head that
 * announces much takes nothing from others. Where there is no room for what arrives, the body of which nothing has come
 * for longest is ended, with 408, so that those that stop make room for those that go on.
 */
export function limitLargeBodies(app: FastifyInstance, { maxRequestBytes }: LargeBodyLimits): void {
  const bodies = new ArrivingBodies({
    mostBytes: maxRequestBytes * mostOfTheLargest,
    mostPieces: Math.max(usualPieces, Math.ceil(maxRequestBytes / smallPiece)),
  });
  // Not before: to listen has the body come, which nobody else may read by then.
  app.addHook('preParsing', (request, reply, ...[, done]) => {
    if (!mayBeLarge(request)) done();
    else if (isReadInVain(request, maxRequestBytes)) refuseWhenRead(request.raw, done);
    else {
      bodies.watch(request.raw, reply.raw);
      done();
    }
  });
}

/** One that does not say how long it is may be of any length. Fastify reads none of a GET. */
function mayBeLarge({ method, headers }: FastifyRequest): boolean {
  if (method !== 'POST') return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > smallBody;
}

class ArrivingBodies {
  readonly #mostBytes: number;
  readonly #mostPieces: number;
  /** Those that count, the one that has moved least recently in front. */
  readonly #large = new LinkedList<ArrivingBody>();
  #bytes = 0;

  constructor({ mostBytes, mostPieces }: { readonly mostBytes: number; readonly mostPieces: number }) {
    this.#mostBytes = mostBytes;
    this.#mostPieces = mostPieces;
  }

  watch(request: IncomingMessage, answer: FastifyReply['raw']): void {
    const body = new ArrivingBody(request);
    const count = (piece: Buffer): void => {
      this.#arrived(body, Math.max(piece.length, smallPiece));
    };
    const forget = (): void => {
      request.off('data', count);
      this.#forget(body);
    };
    request.on('data', count);
    // When all of it is there, or its client has left. One that is answered before is kept by nobody, and Node may never
    // close it.
    request.once('close', forget);
    answer.once('close', forget);
  }

  #arrived(body: ArrivingBody, bytes: number): void {
    body.bytes += bytes;
    body.pieces += 1;
    if (body.pieces > this.#mostPieces) {
      endRefused(body.request.socket, new Refusal(413, 'The body comes in too many pieces.'));
      return;
    }
    if (body.bytes <= smallBody) return;
    this.#bytes += this.#large.delete(body) ? bytes : body.bytes;
    this.#large.add(body);
    while (this.#bytes > this.#mostBytes) {
      const { first } = this.#large;
      // No body alone is so large.
      if (first === null || first === body) return;
      this.#forget(first);
      endLate(first.request.socket);
    }
  }

  #forget(body: ArrivingBody): void {
    if (this.#large.delete(body)) this.#bytes -= body.bytes;
  }
}

class ArrivingBody extends Linked<ArrivingBody> {
  readonly request: IncomingMessage;
  /** What it counts. */
  bytes = 0;
  pieces = 0;

  constructor(request: IncomingMessage) {
    super();
    this.request = request;
  }
}
