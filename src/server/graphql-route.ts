import {
  HeaderMap,
  type ApolloServer,
  type HTTPGraphQLRequest,
  type HTTPGraphQLResponse,
} from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OperationContext } from '../context/operation-context.ts';
import type { JobApiErrorCode } from '../domain/errors.ts';
import { actualCostOf } from '../execution/charge.ts';
import type { ParameterizeDocument } from '../execution/document-templates.ts';
import { answerTypeOf, pageType, prefersPage, usualType } from './accepted-types.ts';
import { toExactSearch } from './exact-json-url.ts';
import { accountOf } from './identification.ts';
import type { PlacesOfErrors } from './places-of-errors.ts';
import { Refusal } from './refusals.ts';
import type { UntakenAnswers } from './untaken-answers.ts';
import { whenSent } from './when-sending.ts';

/** What the route is made with. */
export interface GraphqlRouteOptions {
  readonly path: string;
  /** Makes what the operation of a request carries. Must not throw. */
  readonly context: (request: FastifyRequest, reply: FastifyReply) => OperationContext;
  readonly parameterize: ParameterizeDocument;
  readonly places: PlacesOfErrors;
  readonly untaken: Pick<UntakenAnswers, 'assertRoomFor' | 'handedOver'>;
  /** Whether a browser that opens the path gets a page. */
  readonly hasPage: boolean;
}

/** By which Apollo Server tells what no page can have a browser send, beside the type. */
const askingHeaders = ['x-apollo-operation-name', 'apollo-require-preflight'] as const;

/**
 * Serves GraphQL at a path by a started Apollo Server. It is handed no more of a request than is looked at, and its
 * answer goes out as it is.
 */
export function registerGraphqlRoute(
  app: FastifyInstance,
  server: ApolloServer<OperationContext>,
  options: GraphqlRouteOptions,
): void {
  app.route({
    method: ['GET', 'POST', 'OPTIONS'],
    url: options.path,
    handler: async (request, reply) => {
      const type = typeFor(request, options);
      const httpGraphQLRequest = toHttpGraphqlRequest(request, type, options);
      // Whatever is needed of it, Apollo Server holds; an operation may take long, and bodies may be large.
      request.body = undefined;
      let operation: OperationContext | null = null;
      let answer: HTTPGraphQLResponse;
      try {
        answer = await server.executeHTTPGraphQLRequest({
          httpGraphQLRequest,
          context: () => {
            operation = options.context(request, reply);
            return Promise.resolve(operation);
          },
        });
      } finally {
        end(operation);
      }
      send({ answer, operation, type, request, reply }, options.untaken);
      return reply;
    },
  });
}

/** An answer as Apollo Server gives it, and whom it goes to. */
interface GivenAnswer {
  readonly answer: HTTPGraphQLResponse;
  /** Null where there was none. */
  readonly operation: OperationContext | null;
  readonly type: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Throws where too much waits for its caller already. */
function send(
  { answer: { status, headers, body }, operation, type, request, reply }: GivenAnswer,
  untaken: GraphqlRouteOptions['untaken'],
): void {
  const { bytes, listener } = operation?.written ?? nothingWritten;
  const caller = accountOf(operation?.identification ?? null);
  const sent = bytes ?? sendable(textOf(body));
  try {
    untaken.assertRoomFor(caller, sent.length);
  } catch (refusal) {
    listener?.sent();
    throw refusal;
  }
  // What is no request Apollo Server refuses by itself, and tells no plugin whose it is.
  if (status !== undefined && status >= 400) request.trace?.refused(codeOf(status));
  // Apollo Server has a rule of its own for the caches of some answers; ours is there already.
  headers.delete('cache-control');
  for (const [name, value] of headers) reply.header(name, value);
  if (type !== usualType) reply.header('content-type', type);
  if (type === pageType) reply.header('content-security-policy', unframed);
  if (listener !== null) whenSent(reply.raw, listener);
  reply.code(status ?? 200).send(sent);
  untaken.handedOver(caller, reply.raw);
}

/**
 * Type of what a request is answered with. Throws where its client accepts nothing of what there is: Apollo Server says
 * so only when it has an answer, for which bk-job was asked.
 */
function typeFor({ method, headers: { accept } }: FastifyRequest, { hasPage }: GraphqlRouteOptions): string {
  if (method === 'GET' && hasPage && prefersPage(accept)) return pageType;
  const type = answerTypeOf(accept);
  if (type === null) {
    throw new Refusal(406, 'Answers are application/json or application/graphql-response+json.');
  }
  return type;
}

/** Documents in a URL stay as they are: few are sent so, and by hand. */
function toHttpGraphqlRequest(
  request: FastifyRequest,
  type: string,
  { parameterize, places }: GraphqlRouteOptions,
): HTTPGraphQLRequest {
  const { method, body } = request;
  const search = searchOf(request.url);
  const asked = {
    method,
    headers: toHeaderMap(request, type),
    body,
    search: method === 'GET' ? toExactSearch(search) : search,
  };
  if (!isRequestBody(body)) return asked;
  const rewritten = parameterize(body.query);
  if (rewritten === null) return asked;
  const { text: query, variables, toPlaceAsked } = rewritten;
  const handedOver = { ...asked, body: { ...body, query, variables: { ...body.variables, ...variables } } };
  places.rewritten(handedOver, toPlaceAsked);
  return handedOver;
}

interface RequestBody {
  readonly query: string;
  readonly variables?: object | null;
}

/** A body that is as it should be as far as its document goes. What else it is, Apollo Server says. */
function isRequestBody(body: unknown): body is RequestBody {
  if (typeof body !== 'object' || body === null || !('query' in body) || typeof body.query !== 'string') {
    return false;
  }
  const variables = 'variables' in body ? body.variables : null;
  return typeof variables === 'object' && !Array.isArray(variables);
}

function codeOf(status: number): JobApiErrorCode {
  return status < 500 ? 'BAD_USER_INPUT' : 'INTERNAL_SERVER_ERROR';
}

/**
 * Whatever became of it, all that is answered is written: hosts that nobody releases would be counted for good, and so
 * would its place. Plugins are told too early, or not at all where one before them fails.
 */
function end(operation: OperationContext | null): void {
  if (operation === null) return;
  const { charge, place } = operation.written;
  charge?.settle(actualCostOf(operation));
  operation.jobInstanceLoader.release();
  place?.leave();
}

/** The page has a policy of its own, in which browsers read nothing of who may frame it. */
const unframed = "frame-ancestors 'none'";

const nothingWritten = { bytes: null, listener: null };

/** Characters from which on a text is sent as bytes: by these is counted what waits for clients. */
const longText = 16 * 1024;

function sendable(text: string): string | Buffer {
  return text.length < longText ? text : Buffer.from(text);
}

function textOf(body: HTTPGraphQLResponse['body']): string {
  // graphql-js 16 answers in one piece.
  if (body.kind !== 'complete') throw new TypeError('The answer comes in pieces.');
  return body.string;
}

/**
 * What Apollo Server is told of a request as nearly all are: that it is JSON, which no page can have a browser send
 * without asking first. To find that out from its type, letter by letter, takes Apollo Server longer. It is that of many
 * requests: Apollo Server only reads it, and no plugin may write to it.
 */
const usualHeaders = new HeaderMap([['apollo-require-preflight', 'true']]);

function toHeaderMap({ method, headers }: FastifyRequest, type: string): HeaderMap {
  const contentType = withoutParameters(headers['content-type']);
  if (method === 'POST' && contentType === 'application/json') return usualHeaders;
  const map = new HeaderMap();
  for (const name of askingHeaders) {
    const value = headers[name];
    // Node gives those that may come several times joined, and of others the first.
    if (typeof value === 'string') map.set(name, value);
  }
  if (contentType !== undefined) map.set('content-type', contentType);
  // Of answers the type is known by now, and Apollo Server need not find it out.
  if (type === pageType) map.set('accept', type);
  return map;
}

/** The names of a type have at most 127 letters each (RFC 6838, 4.2). */
const longestType = 255;

/** A type that is not JSON, nor one that a page may send. */
const someOtherType = 'application/octet-stream';

/** Apollo Server looks at no parameters of a type, and takes time by the square of the blanks that stand in what it is given. */
function withoutParameters(type: string | undefined): string | undefined {
  if (type === undefined || type === 'application/json') return type;
  const [essence = ''] = type.split(';', 1);
  return essence.length > longestType ? someOtherType : essence.trimEnd().toLowerCase();
}

/** The query of a URL with its question mark. */
function searchOf(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start);
}
