import type { NamedOperation } from '../context/operation-trace.ts';
import type { ArrivedRequest } from '../server/request-observer.ts';
import type { UpstreamCall } from '../upstream/upstream-observer.ts';

/** What the log says of a request. */
export interface RequestLine {
  readonly requestId: string;
  /** Trace that it is a part of; left out where it is none's. */
  readonly traceId?: string | undefined;
  readonly transport: ArrivedRequest['transport'];
  readonly operation: NamedOperation['kind'] | null;
  readonly name: string | null;
  /** `ok`, the code of its first error, or `cancelled` where its client left before GraphQL had answered. */
  readonly code: string;
  readonly status: number;
  readonly durationMs: number;
  /** Calls of bk-job that were made for it. */
  readonly calls: number;
  /** Reads that shared calls made for others. */
  readonly joined: number;
  /** Reads that were answered by what its caller read before. */
  readonly cached: number;
  /** Beginning of a digest by which requests of one caller can be told from others while the process lives. */
  readonly caller: string | null;
}

/** What the log says of requests that were turned away together. */
export interface TurnedAwayLine extends Pick<RequestLine, 'transport' | 'code' | 'status'> {
  readonly count: number;
}

/** What the log says of a call of bk-job. */
export interface CallLine extends Omit<UpstreamCall, 'requestId'> {
  /** Number of the request that it was made for. */
  readonly requestId: string;
  readonly traceId?: string | undefined;
  /** bk-job's own number of the exchange. */
  readonly upstreamRequestId: string | null;
}
