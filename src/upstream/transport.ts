import { JobApiError } from '../domain/errors.ts';
import { ReusedMemory } from '../memory/reused-memory.ts';
import { Connections } from './connections.ts';
import { Exchange, type ExchangeLimits, type ExchangeMemory, type ExchangeOutcome } from './exchange.ts';
import type { HttpRequest } from './http-request.ts';
import { createConnector, ReadBuffers } from './read-buffers.ts';
import { SentIds } from './sent-ids.ts';
import type { UpstreamPoolStats } from './upstream-observer.ts';

/** What connections are made with. */
export interface TransportOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  /** How many connections there are at most; requests beyond wait for one, on their own time. */
  readonly connections: number;
  readonly connectMs: number;
  readonly maxResponseBytes: number;
  /** Bytes of all answers together that may be under way at a time. */
  readonly maxInflightResponseBytes: number;
}

/** How one request is sent. */
export interface SendOptions extends ExchangeLimits {
  /** Headers that go with this attempt beside those of the request; none of them takes the place of one of those. */
  readonly traceHeaders?: HttpRequest['headers'] | undefined;
}

/** Sends requests to one upstream. Follows no redirect and repeats nothing. */
export interface Transport {
  /**
   * Ends with the whole answer, or fails with UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, with UPSTREAM_BAD_RESPONSE where
   * the answer is too large or compressed or names another request, with RATE_LIMITED where all answers together are too large, or with the reason
   * of the cancellation; the connection is then given up, since what is left on it belongs to nobody.
   */
  send(request: HttpRequest, options: SendOptions, outcome: ExchangeOutcome): void;
  stats(): UpstreamPoolStats;
  /** Resolves when requests under way have ended. */
  close(): Promise<void>;
}

/** Five jobs of 10,000 hosts at a time, or one of 50,000. */
const maxKeptForBodies = 10 * 1024 * 1024;

/** Of 64 KiB: each connection that reads has one, and another while that is copied. */
const maxKeptForReads = 32;

/** Makes the connections to one upstream. None is opened before the first request. */
export function createTransport(options: TransportOptions): Transport {
  const reads = new ReadBuffers(maxKeptForReads);
  const connections = new Connections(options.origin, options.connections, {
    connect: createConnector(options.connectMs, reads),
    // One deadline covers the whole exchange; undici's own would only add a second, coarser one.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const memory: ExchangeMemory = {
    maxResponseBytes: options.maxResponseBytes,
    inflight: { taken: 0, max: options.maxInflightResponseBytes },
    bodies: new ReusedMemory(maxKeptForBodies),
    reads,
    sentIds: new SentIds(),
  };

  return {
    send: (request, { timeoutMs, cancellation, maxBytes, traceHeaders }, outcome) => {
      const { reason } = cancellation;
      const headers = sendableHeaders(request, traceHeaders);
      if (reason !== null) outcome.failed(reason);
      else if (headers === null) outcome.failed(unsendable());
      else {
        const { method, path, body } = request;
        const requestId = memory.sentIds.idOf(headers);
        const exchange = new Exchange(memory, { timeoutMs, cancellation, maxBytes, requestId }, outcome);
        connections.dispatch({ method, path, headers, body }, exchange);
      }
    },
    stats: () => connections.stats(),
    close: () => connections.close(),
  };
}

const sendablePath = /^\/[\x21-\x7e]*$/;
const sendableName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const sendableValue = /^[\t\x20-\x7e]*$/;

/** Headers that say how a message is framed, which is undici's to say. */
const framing: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** Names that were looked at: there are few, and each comes with every request. */
const sendableNames = new Set<string>();
const maxSendableNames = 100;

function isSendableName(name: string): boolean {
  if (sendableNames.has(name)) return true;
  if (!sendableName.test(name) || framing.has(name.toLowerCase())) return false;
  if (sendableNames.size < maxSendableNames) sendableNames.add(name);
  return true;
}

/**
 * Names and values of headers in turn, as undici takes them soonest; null where something cannot be sent. Each request
 * that undici 7 refuses costs it one of its connections for good, and a refusal of this kind can be caused by what a
 * caller sent. Front doors let nothing through that cannot be sent; this makes sure of it.
 */
function sendableHeaders(
  { path, headers }: HttpRequest,
  traceHeaders: HttpRequest['headers'] = noHeaders,
): string[] | null {
  const list: string[] = [];
  if (!sendablePath.test(path) || !addSendable(list, headers)) return null;
  for (const name in traceHeaders) {
    if (saysWhoAsks.has(name.toLowerCase()) || isAmong(headers, name)) continue;
    if (!addOne(list, name, traceHeaders[name] ?? '')) return null;
  }
  return list;
}

/** Which headers a propagator adds is the operator's to say, and some pass on whatever a client sent. */
const saysWhoAsks: ReadonlySet<string> = new Set([
  'authorization',
  'blueking-language',
  'cookie',
  'x-bk-tenant-id',
  'x-bk-username',
  'x-bkapi-authorization',
]);

function isAmong(headers: HttpRequest['headers'], name: string): boolean {
  for (const own in headers) {
    if (own.length === name.length && own.toLowerCase() === name.toLowerCase()) return true;
  }
  return false;
}

const noHeaders: HttpRequest['headers'] = {};

function addSendable(list: string[], headers: HttpRequest['headers']): boolean {
  for (const name in headers) {
    if (!addOne(list, name, headers[name] ?? '')) return false;
  }
  return true;
}

function addOne(list: string[], name: string, value: string): boolean {
  if (!isSendableName(name) || !sendableValue.test(value)) return false;
  list.push(name, value);
  return true;
}

function unsendable(): JobApiError {
  const cause = new Error('A request to bk-job cannot be sent as it is.');
  return new JobApiError('INTERNAL_SERVER_ERROR', null, { cause });
}
