import type { OperationOutcome } from '../context/operation-trace.ts';
import type { ArrivedRequest } from '../server/request-observer.ts';
import type { Instruments } from './instruments.ts';

/** What is counted of a request when it is over. */
export interface CountedRequest {
  readonly transport: ArrivedRequest['transport'];
  readonly operation: OperationOutcome['kind'];
  /** A name of `createNames`. */
  readonly name: string;
  readonly code: string;
  readonly status: number;
  readonly durationMs: number;
}

/** Counts requests. */
export interface RequestMetrics {
  begun(): void;
  ended(request: CountedRequest): void;
}

/** Makes the metrics of requests. */
export function createRequestMetrics({ counter, gauge, seconds }: Instruments): RequestMetrics {
  const duration = seconds(
    'http_server_request_duration_seconds',
    'Time from the head of a request to the end of its answer; status 499 where the client left before.',
    ['transport', 'http_response_status_code'],
  );
  const operations = counter(
    'bkjob_gql_operations_total',
    'Operations by kind, name and the code of their first error; ok where they have none.',
    ['operation_type', 'operation_name', 'code'],
  );
  const active = gauge('http_server_active_requests', 'Requests that are not answered yet.');
  return {
    begun: () => {
      active.inc();
    },
    ended: ({ transport, operation, name, code, status, durationMs }) => {
      active.dec();
      duration.labels(transport, String(status)).observe(durationMs / 1000);
      operations.labels(operation ?? 'unknown', name, code).inc();
    },
  };
}
