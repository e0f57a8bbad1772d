import type { IncomingMessage } from 'node:http';
import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { assertDocumentFits, type DocumentLimits } from '../execution/document-limits.ts';
import { placeOfHeader } from '../identity/raw-headers.ts';
import { answerHeaders, nothingServed, Refusal } from './refusals.ts';
import { refusalOfTimeout } from './request-signal.ts';

/** What a request must look like. */
export interface RequestRules {
  /** Path of the GraphQL endpoint. */
  readonly path: string;
  /** Whether queries may stand in a URL. */
  readonly allowGet: boolean;
  /** Whether a browser that opens the endpoint gets Apollo Sandbox. */
  readonly sandbox: boolean;
  readonly maxRequestHeaders: number;
  readonly documents: DocumentLimits;
  /** Origins of pages that may read answers and send cookies. */
  readonly allowedOrigins: readonly string[];
}

/**
 * Refuses by its head what is not worth reading: before the body is read, and before anything is known of who asks.
 * Every answer carries the headers that all answers carry, and pages on allowed origins can read refusals, too.
 */
export async function applyRequestRules(app: FastifyInstance, rules: RequestRules): Promise<void> {
  // A form on any page can send plain text, and Fastify would read it.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(answerHeaders);
    const isAnswered = isPreflight(request) && rules.allowedOrigins.length > 0;
    const isRefused = request.method === 'OPTIONS' && !isAnswered;
    done(isRefused ? wrongMethodOrPath(request, rules) : undefined);
  });
  if (rules.allowedOrigins.length > 0) {
    await app.register(cors, {
      origin: [...rules.allowedOrigins],
      credentials: true,
      exposedHeaders: ['x-request-id', 'retry-after'],
    });
  }
  app.addHook('onRequest', (request, _reply, done) => {
    done(refusalOf(request, rules) ?? undefined);
  });
  app.addHook('preValidation', (request, _reply, done) => {
    if (isOn(rules.path, request)) assertOperationFits(request, rules.documents);
    done();
  });
}

/** What a document may be is the same wherever it stands. What it must be is for GraphQL to say. */
function assertOperationFits({ method, body, query }: FastifyRequest, limits: DocumentLimits): void {
  const parameters = method === 'POST' ? body : query;
  if (!isObject(parameters)) {
    throw new Refusal(400, 'The body must be one JSON object; batches are not answered.');
  }
  if ('query' in parameters && typeof parameters.query === 'string') {
    assertDocumentFits(parameters.query, limits);
  }
}

function refusalOf(request: FastifyRequest, rules: RequestRules): Refusal | null {
  return (
    refusalOfHeaders(request.raw, rules.maxRequestHeaders) ??
    refusalOfTarget(request.url) ??
    refusalOfMethod(request, rules) ??
    (isOn(rules.path, request) ? (refusalOfContent(request) ?? refusalOfTimeout(request.headers)) : null)
  );
}

/** Headers of which Node takes the first and drops the others, while something on the way may have taken the last. */
const singleHeaders: ReadonlySet<string> = new Set(['content-type', 'host']);

/** Most headers are none of these by their length already. */
const singleLengths: ReadonlySet<number> = new Set([...singleHeaders].map(({ length }) => length));

/** Why the head of a request is refused; null where it is not. */
export function refusalOfHeaders(
  { rawHeaders, headers, httpVersion }: IncomingMessage,
  maxHeaders: number,
): Refusal | null {
  if (rawHeaders.length > 2 * maxHeaders) {
    return new Refusal(431, `A request may have ${String(maxHeaders)} headers.`);
  }
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const sent = rawHeaders[at] ?? '';
    if (!singleLengths.has(sent.length)) continue;
    const name = sent.toLowerCase();
    if (singleHeaders.has(name) && placeOfHeader(rawHeaders, name, 0) < at) {
      return new Refusal(400, `The header ${name} came more than once.`);
    }
  }
  // HTTP/1.0, in which some balancers ask for health, knows no hosts.
  if (headers.host === undefined && httpVersion === '1.0') return null;
  return isHost(headers.host) ? null : new Refusal(400, 'The header host names no host.');
}

/** A name or an address, and a port: what those who make addresses of it rely on. */
const hostPattern = /^[^\s/?#@\\]+$/;

/** Clients ask at the same host again and again, and to take an address apart takes time. */
let lastHost: string | undefined;

function isHost(host: string | undefined): boolean {
  if (host === undefined) return false;
  if (host === lastHost) return true;
  if (!hostPattern.test(host) || !URL.canParse(`http://${host}`)) return false;
  lastHost = host;
  return true;
}

/** What stands behind a `#` is never sent (RFC 9112, 3.2), and one reader takes it for the query, another not. */
function refusalOfTarget(url: string): Refusal | null {
  return url.includes('#') ? new Refusal(400, 'The path cannot be read.') : null;
}

function refusalOfMethod(request: FastifyRequest, rules: RequestRules): Refusal | null {
  if (!isOn(rules.path, request)) return request.is404 ? wrongMethodOrPath(request, rules) : null;
  const { method, query } = request;
  if (method === 'POST' || (isPreflight(request) && rules.allowedOrigins.length > 0)) return null;
  const holdsOperation = isObject(query) && ('query' in query || 'extensions' in query);
  if (method === 'GET' && (rules.allowGet || (rules.sandbox && !holdsOperation))) return null;
  return wrongMethodOrPath(request, rules);
}

function wrongMethodOrPath(request: FastifyRequest, rules: RequestRules): Refusal {
  const [path] = request.url.split('?', 1);
  if (path !== rules.path && !isOn(rules.path, request)) return nothingServed();
  return new Refusal(405, 'Ask by POST.', { allow: rules.allowGet || rules.sandbox ? 'GET, POST' : 'POST' });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && 'origin' in headers && 'access-control-request-method' in headers;
}

/** What is not JSON in UTF-8, as it is, would be misread: nobody looks at the charset further on. */
function refusalOfContent({ method, headers }: FastifyRequest): Refusal | null {
  if (method !== 'POST') return null;
  if (headers['content-type'] === 'application/json' && headers['content-encoding'] === undefined)
    return null;
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    return new Refusal(415, 'The body must not be compressed.', { 'accept-encoding': 'identity' });
  }
  const [type, ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim());
  const isText = parameters.every((one) => !/^charset/i.test(one) || /^charset="?utf-?8"?$/i.test(one));
  if (isText && type?.toLowerCase() === 'application/json') return null;
  return new Refusal(415, 'The body must be application/json in UTF-8.', {
    'accept-post': 'application/json',
  });
}

function isOn(path: string, { servedPath }: FastifyRequest): boolean {
  return servedPath === path;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
