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
  readonly observer: Pick<RequestObserver, 'turnedAway'>;
  /** Whether the service has been told to end: its answers then say more than these. */
  readonly isEnding: () => boolean;
}

/**
 * Turns away before Fastify sees a request while there is no place for anybody. Of three times as many requests as can
 * be answered two thirds are turned away, and what that takes is taken from the others
 * (`npm run resilience -- --only G8`): so nothing is made for one that can be made for all.
 */
export function shedEarly(app: FastifyInstance, options: SheddingOptions): void {
  const { admission, observer } = options;
  const listeners = app.server.listeners('request');
  const answers = new Map<JobApiError, PreparedAnswer>();
  const answerOf = (error: JobApiError): PreparedAnswer => {
    const answer = answers.get(error) ?? prepareAnswer(error);
    answers.set(error, answer);
    return answer;
  };
  app.server.removeAllListeners('request');
  app.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const error = mayBeShed(request, response, options) ? admission.refusalOfAnybody() : null;
    if (error === null) {
      for (const listener of listeners) Reflect.apply(listener, app.server, [request, response]);
      return;
    }
    const requestId = observer.turnedAway({ transport: 'http', headers: request.headers });
    const { status, headers, body } = answerOf(error);
    // As Fastify does: to V8 it would be an answer of another kind (`connections.ts`).
    response.statusCode = status;
    response
      .writeHead(status, [...headers, 'content-type', typeOfAnswer(request), 'x-request-id', requestId])
      .end(body);
  });
}

/**
 * Only what is sure to be for the endpoint, from no page, and next on its connection, whose client takes its answers:
 * the rest has rules of its own.
 */
function mayBeShed(
  { method, url, headers }: IncomingMessage,
  { socket }: ServerResponse,
  { path, isEnding }: SheddingOptions,
): boolean {
  return (
    method === 'POST' &&
    url === path &&
    headers.origin === undefined &&
    socket?.writableLength === 0 &&
    !isEnding()
  );
}

interface PreparedAnswer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: string;
}

function prepareAnswer(error: JobApiError): PreparedAnswer {
  const { statusCode, headers } = new Refusal(429, error);
  const body = toErrorBody(error);
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  return {
    status: statusCode,
    headers: Object.entries({ ...answerHeaders, ...headers, ...length }).flat(),
    body,
  };
}
