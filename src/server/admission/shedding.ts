import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { JobApiError } from '../../domain/errors.ts';
import { answerHeaders, Refusal, toErrorBody, typeOfAnswer } from '../refusals.ts';
import type { RequestObserver } from '../request-observer.ts';
import type { Admission } from './admission.ts';

/** What requests are shed with. */
export interface SheddingOptions {
  /** Path of the GraphQL endpoint; nothing else is ever turned away. */
  readonly path: string;
  readonly admission: Pick<Admission, 'refusalOfAnybody'>;
  readonly observer: RequestObserver;
  /** Whether the service has been told to end: its answers then say more than these. */
  readonly isEnding: () => boolean;
}

/**
 * Turns away before Fastify sees a request while there is no place for anybody. Of three times as many requests as can
 * be answered two thirds are turned away, and what that takes is taken from the others
 * (`npm run resilience -- --only G8`).
 */
export function shedEarly(app: FastifyInstance, options: SheddingOptions): void {
  const listeners = app.server.listeners('request');
  app.server.removeAllListeners('request');
  app.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const refusal = mayBeShed(request, response, options) ? options.admission.refusalOfAnybody() : null;
    if (refusal !== null) turnAway(request, response, { refusal, observer: options.observer });
    else for (const listener of listeners) Reflect.apply(listener, app.server, [request, response]);
  });
}

/** Only what is sure to be for the endpoint, from no page, and next on its connection: the rest has rules of its own. */
function mayBeShed(
  { method, url, headers }: IncomingMessage,
  { socket }: ServerResponse,
  { path, isEnding }: SheddingOptions,
): boolean {
  return method === 'POST' && url === path && headers.origin === undefined && socket !== null && !isEnding();
}

function turnAway(
  request: IncomingMessage,
  response: ServerResponse,
  { refusal: error, observer }: { readonly refusal: JobApiError; readonly observer: RequestObserver },
): void {
  const trace = observer.begin({ transport: 'http', headers: request.headers });
  trace.refused(error.code);
  response.once('close', () => {
    trace.ended({ status: response.statusCode, complete: response.writableFinished });
  });
  const body = toErrorBody(error);
  const { statusCode, headers } = new Refusal(429, error);
  response.writeHead(statusCode, {
    ...answerHeaders,
    ...headers,
    'content-type': typeOfAnswer(request),
    'content-length': Buffer.byteLength(body),
    'x-request-id': trace.requestId,
  });
  response.end(body);
}
