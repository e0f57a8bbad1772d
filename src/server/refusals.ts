import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { JobApiError, type JobApiErrorCode } from '../domain/errors.ts';
import { jobApiErrorExtensions, refusalHeaders, refusalStatus } from '../execution/format-error.ts';
import { answerTypeOf, usualType } from './accepted-types.ts';

type HttpHeaders = Readonly<Record<string, string>>;

/** A request that is not taken, before GraphQL sees it. The message is meant for clients and repeats nothing of theirs. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly statusCode: number;
  readonly error: JobApiError;
  readonly headers: HttpHeaders;

  constructor(statusCode: number, error: JobApiError | string, headers: HttpHeaders = {}) {
    const known = typeof error === 'string' ? new JobApiError(codeOf(statusCode), error) : error;
    super(known.message);
    this.statusCode = statusCode;
    this.error = known;
    this.headers = { ...refusalHeaders(known), ...headers };
  }
}

function codeOf(status: number): JobApiErrorCode {
  return status === 404 ? 'NOT_FOUND' : 'BAD_USER_INPUT';
}

/**
 * Answers depend on who asks, so no cache on the way may keep them, whatever it makes of the rest of these; and none
 * is ever to be taken for a page or a script.
 */
export const answerHeaders: HttpHeaders = {
  'cache-control': 'private, no-store',
  vary: 'accept, cookie, x-bkapi-authorization, x-bk-tenant-id, blueking-language',
  'x-content-type-options': 'nosniff',
};

/** What whoever asks at a path of nobody is told. */
export function nothingServed(): Refusal {
  return new Refusal(404, 'Nothing is served here.');
}

/** Body of an answer of GraphQL that has nothing but an error. */
export function toErrorBody(error: JobApiError): string {
  return JSON.stringify({ errors: [{ message: error.message, extensions: jobApiErrorExtensions(error) }] });
}

/** Answers all that is refused or fails outside GraphQL in the shape of GraphQL, and tells no more than it must. */
export function answerErrorsAsGraphql(app: FastifyInstance, report: (error: unknown) => void): void {
  app.setNotFoundHandler((request, reply) => sendRefusal(request, reply, nothingServed()));
  app.setErrorHandler((thrown: unknown, request, reply) => {
    const refusal = toRefusal(thrown);
    if (refusal !== null) return sendRefusal(request, reply, refusal);
    report(thrown);
    return sendRefusal(request, reply, new Refusal(500, new JobApiError('INTERNAL_SERVER_ERROR')));
  });
}

/** Answers where Fastify would do it itself, past all hooks: a path that cannot be decoded, which it would repeat. */
export function answerUnreadablePath(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(answerHeaders);
  void sendRefusal(request, reply, new Refusal(400, 'The path cannot be read.'));
}

/** What Fastify refuses has a status of 4xx. Its texts about bodies are fixed; any other could hold what a client sent. */
function toRefusal(thrown: unknown): Refusal | null {
  if (thrown instanceof Refusal) return thrown;
  if (thrown instanceof JobApiError) {
    return thrown.code === 'INTERNAL_SERVER_ERROR' ? null : new Refusal(refusalStatus(thrown), thrown);
  }
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return null;
  const { statusCode, message } = thrown;
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return null;
  const isAboutBody = 'code' in thrown && String(thrown.code).startsWith('FST_ERR_CTP_');
  return new Refusal(statusCode, isAboutBody ? message : 'The request cannot be read.');
}

function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  request.trace?.refused(refusal.error.code);
  return reply
    .code(refusal.statusCode)
    .headers(refusal.headers)
    .type(typeOfAnswer(request))
    .send(toErrorBody(refusal.error));
}

/** As GraphQL over HTTP has it: its own type for those who ask for it by name. Who accepts no answer gets one, too. */
export function typeOfAnswer({ headers }: Pick<IncomingMessage, 'headers'>): string {
  return answerTypeOf(headers.accept) ?? usualType;
}
