import type { IncomingHttpHeaders } from 'node:http';
import type { Identification } from '../context/operation-context.ts';
import type { OperationTrace } from '../context/operation-trace.ts';
import type { JobApiErrorCode } from '../domain/errors.ts';

/** Is told of every request, from its arrival to the end of its answer. What it does must neither fail nor take time. */
export interface RequestObserver {
  /** A request has arrived. Of its headers those are read that say by what it can be found again. */
  begin(request: ArrivedRequest): RequestTrace;
  /**
   * A request is turned away by its head, with RATE_LIMITED, as nobody can be let in. Gives its number. There may be
   * thousands a second.
   */
  turnedAway(request: ArrivedRequest): string;
  /** A connection was ended before a request on it could be read. */
  connectionRefused(reason: ConnectionRefusal): void;
}

/** Why no request was read: there are too many connections, or what came first was none that is answered. */
export type ConnectionRefusal =
  'too-many' | 'malformed' | 'head-too-large' | 'timeout' | 'expectation' | 'upgrade';

/** A request, or one operation of a socket: then the headers are those that opened the socket. */
export interface ArrivedRequest {
  readonly transport: 'http' | 'websocket' | StreamTransport;
  readonly headers: IncomingHttpHeaders;
  /** What the first message of the socket said, in which sign-ins may stand by the names that headers have. */
  readonly firstMessage?: Readonly<Record<string, unknown>> | undefined;
}

/** A way in which one request is answered by many messages. */
export type StreamTransport = 'sse' | 'multipart';

/** One request. */
export type RequestTrace = OperationTrace & {
  /** Its number, the client's own where it sent one; goes back as `x-request-id`. */
  readonly requestId: string;
  identified(identification: Identification): void;
  /** It is answered by a stream of messages from now on, which may take hours. */
  streams(transport: 'websocket' | StreamTransport): void;
  /** It was refused. Where GraphQL has told of it by then, the code of its first error stands. */
  refused(code: JobApiErrorCode): void;
  /** The answer has gone out whole, or the client has left before. */
  ended(end: { readonly status: number; readonly complete: boolean }): void;
};
