import { Pool, type Dispatcher } from 'undici';
import { JobApiError } from '../domain/errors.ts';
import type { HttpRequest } from './http-request.ts';
import type { WireResponse } from './wire/envelope.ts';

/** What connections are made with. */
export interface TransportOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  /** How many connections there are at most; requests beyond wait for one, on their own time. */
  readonly connections: number;
  readonly connectMs: number;
  readonly maxResponseBytes: number;
}

/** Sends requests to one upstream. Follows no redirect and repeats nothing. */
export interface Transport {
  /**
   * Resolves with the whole answer. `timeoutMs` covers everything from the wait for a connection to the last byte.
   * Rejects with UPSTREAM_TIMEOUT, UPSTREAM_UNAVAILABLE, or UPSTREAM_BAD_RESPONSE where the answer is too large;
   * the connection is then given up, since what is left on it belongs to nobody.
   */
  send(request: HttpRequest, timeoutMs: number): Promise<WireResponse>;
  /** Resolves when requests under way have ended. */
  close(): Promise<void>;
}

/** Makes the connections to one upstream. None is opened before the first request. */
export function createTransport(options: TransportOptions): Transport {
  const pool = new Pool(options.origin, {
    connections: options.connections,
    connectTimeout: options.connectMs,
    // One deadline covers the whole exchange; undici's own would only add a second, coarser one.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  async function send(request: HttpRequest, timeoutMs: number): Promise<WireResponse> {
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      deadline.abort();
    }, timeoutMs);
    try {
      const response = await pool.request({ ...request, signal: deadline.signal });
      return {
        status: response.statusCode,
        headers: toHeaders(response.headers),
        body: await readBody(response, options.maxResponseBytes),
      };
    } catch (error) {
      if (error instanceof JobApiError) throw error;
      throw new JobApiError(deadline.signal.aborted ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNAVAILABLE', null, {
        cause: withoutContent(error),
      });
    } finally {
      clearTimeout(timer);
    }
  }

  return { send, close: () => pool.close() };
}

async function readBody(
  { body, headers }: Pick<Dispatcher.ResponseData, 'body' | 'headers'>,
  maxBytes: number,
): Promise<Uint8Array> {
  const announced = Number(headers['content-length'] ?? 0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early destroys the body and with it the connection.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (Math.max(size, announced) > maxBytes) {
      throw new JobApiError('UPSTREAM_BAD_RESPONSE', null, {
        cause: new Error(`The answer is larger than ${String(maxBytes)} bytes.`),
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function toHeaders(headers: Dispatcher.ResponseData['headers']): WireResponse['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value[0] : value,
    ]),
  );
}

/** What went wrong by its name and code alone: texts of undici may hold addresses. */
function withoutContent(error: unknown): Error {
  const { name, code } =
    error instanceof Error ? (error as Error & { code?: unknown }) : { name: 'Error', code: '' };
  return new Error(`${name} ${typeof code === 'string' ? code : ''}`.trim());
}
