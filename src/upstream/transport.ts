import { Pool } from 'undici';
import { JobApiError } from '../domain/errors.ts';
import { ReusedMemory } from '../memory/reused-memory.ts';
import type { Cancellation } from './cancellation.ts';
import { Exchange, type InflightBytes, type ReceivedResponse } from './exchange.ts';
import type { HttpRequest } from './http-request.ts';
import { createConnector, ReadBuffers } from './read-buffers.ts';
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

/** How long one request may take, and who can end it before. */
export interface SendLimits {
  /** Covers everything from the wait for a connection to the last byte. */
  readonly timeoutMs: number;
  readonly cancellation: Cancellation;
}

/** Sends requests to one upstream. Follows no redirect and repeats nothing. */
export interface Transport {
  /**
   * Resolves with the whole answer. Rejects with UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, with UPSTREAM_BAD_RESPONSE where
   * the answer is too large or compressed, with RATE_LIMITED where all answers together are too large, or with the reason
   * of the cancellation; the connection is then given up, since what is left on it belongs to nobody.
   */
  send(request: HttpRequest, limits: SendLimits): Promise<ReceivedResponse>;
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
  const pool = new Pool(options.origin, {
    connections: options.connections,
    connect: createConnector(options.connectMs, reads),
    // One deadline covers the whole exchange; undici's own would only add a second, coarser one.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const { maxResponseBytes } = options;
  const bodies = new ReusedMemory(maxKeptForBodies);
  const inflight: InflightBytes = { taken: 0, max: options.maxInflightResponseBytes };

  return {
    send: (request, { timeoutMs, cancellation }) =>
      new Promise((resolve, reject) => {
        if (cancellation.reason !== null) throw cancellation.reason;
        assertSendable(request);
        const limits = { timeoutMs, maxResponseBytes, inflight, bodies, reads, cancellation };
        pool.dispatch(request, new Exchange(limits, { resolve, reject }));
      }),
    stats: () => {
      const { connected, free, pending, running } = pool.stats;
      return { connected, free, pending, running };
    },
    close: () => pool.close(),
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
 * Each request that undici 7 refuses costs it one of its connections for good, and a refusal of this kind can be caused
 * by what a caller sent. Front doors let nothing through that cannot be sent; this makes sure of it.
 */
function assertSendable({ path, headers }: HttpRequest): void {
  let isSendable = sendablePath.test(path);
  for (const name in headers) isSendable &&= isSendableName(name) && sendableValue.test(headers[name] ?? '');
  if (!isSendable) {
    throw new JobApiError('INTERNAL_SERVER_ERROR', null, {
      cause: new Error('A request to bk-job cannot be sent as it is.'),
    });
  }
}
