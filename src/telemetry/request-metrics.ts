import type { ConnectionRefusal } from '../server/request-observer.ts';
import { kept, type Instruments } from './instruments.ts';
import type { RequestLine } from './log-lines.ts';
import { nameless } from './names.ts';

/** Counts requests. */
export interface RequestMetrics {
  /** `name` is one of few. */
  ended(
    request: Pick<RequestLine, 'transport' | 'operation' | 'code' | 'status'>,
    name: string,
    durationMs: number,
  ): void;
  /** So many were turned away by their heads, in no time. */
  turnedAway(refusal: Pick<RequestLine, 'transport' | 'code' | 'status'>, count: number): void;
  connectionRefused(reason: ConnectionRefusal): void;
}

/** Makes the metrics of requests. `unanswered` counts those that are not answered yet. */
export function createRequestMetrics(
  { counter, readings, seconds }: Instruments,
  unanswered: () => number,
): RequestMetrics {
  const duration = seconds(
    'http_server_request_duration_seconds',
    'Time from the head of a request to the end of its answer, or of its stream; status 499 where the client left before.',
    ['transport', 'http_response_status_code'],
  );
  const operations = counter(
    'bkjob_gql_operations_total',
    'Operations by kind, name and the code of their first error; ok where they have none, cancelled where the client left before.',
    ['operation_type', 'operation_name', 'code'],
  );
  const refused = counter(
    'bkjob_gql_connections_refused_total',
    'Connections that were ended before a request on them could be read, by reason.',
    ['reason'],
  );
  readings(
    { name: 'http_server_active_requests', help: 'Requests that are not answered yet.', labels: [] },
    (set) => {
      set({}, unanswered());
    },
  );
  const durationOf = kept((...labels) => duration.child(...labels));
  const operationsOf = kept((...labels) => operations.labels(...labels));
  return {
    ended: ({ transport, operation, code, status }, name, durationMs) => {
      durationOf(transport, String(status)).observe(durationMs / 1000);
      operationsOf(operation ?? 'unknown', name, code).inc();
    },
    turnedAway: ({ transport, code, status }, count) => {
      const durations = durationOf(transport, String(status));
      for (let one = 0; one < count; one++) durations.observe(0);
      operationsOf('unknown', nameless, code).inc(count);
    },
    connectionRefused: (reason) => {
      refused.labels(reason).inc();
    },
  };
}
