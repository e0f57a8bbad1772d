import {
  context,
  propagation,
  ProxyTracerProvider,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamCall } from '../upstream/upstream-observer.ts';

/** What a span says of a request when it is over. */
export interface SpanOutcome {
  readonly operation: string | null;
  readonly name: string | null;
  readonly code: string;
  readonly status: number;
}

/** The span of one request. */
export interface RequestSpan {
  readonly traceId: string;
  beginCall(call: Pick<UpstreamCall, 'endpoint' | 'hostDetail' | 'attempt'>): CallSpan;
  ended(outcome: SpanOutcome): void;
}

/** The span of one call of bk-job. */
export interface CallSpan {
  /** What tells bk-job's side of the span. */
  readonly headers: Readonly<Record<string, string>>;
  ended(call: Pick<UpstreamCall, 'outcome' | 'requestId'>): void;
}

/** Begins the span of a request; null where no OpenTelemetry SDK is loaded, which is told by one look. */
export type BeginRequestSpan = (headers: IncomingHttpHeaders) => RequestSpan | null;

/** Makes what begins spans. The SDK, exporters and sampling are the operator's: preloaded by `--import`. */
export function createSpans(): BeginRequestSpan {
  let tracer: Tracer | undefined;
  return (headers) => {
    tracer ??= loadedTracer();
    return tracer === undefined ? null : beginRequestSpan(tracer, headers);
  };
}

function loadedTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- only it can tell that no SDK is loaded
  return provider instanceof ProxyTracerProvider
    ? provider.getDelegateTracer('bkjob-graphql')
    : provider.getTracer('bkjob-graphql');
}

function beginRequestSpan(tracer: Tracer, headers: IncomingHttpHeaders): RequestSpan {
  // Where HTTP is instrumented, too, its span is the server's, and ours one within it.
  const outer = trace.getSpan(context.active());
  const parent = outer === undefined ? propagation.extract(context.active(), headers) : context.active();
  const kind = outer === undefined ? SpanKind.SERVER : SpanKind.INTERNAL;
  const span = tracer.startSpan('graphql', { kind }, parent);
  const own = trace.setSpan(parent, span);
  return {
    traceId: span.spanContext().traceId,
    beginCall: (call) => beginCallSpan(tracer, own, call),
    ended: ({ operation, name, code, status }) => {
      if (operation !== null) {
        span.updateName(name === null ? operation : `${operation} ${name}`);
        span.setAttribute('graphql.operation.type', operation);
      }
      if (name !== null) span.setAttribute('graphql.operation.name', name);
      span.setAttribute('http.response.status_code', status);
      end(span, code);
    },
  };
}

function beginCallSpan(
  tracer: Tracer,
  parent: Context,
  { endpoint, hostDetail, attempt }: Parameters<RequestSpan['beginCall']>[0],
): CallSpan {
  const attributes = { 'bkjob.host_detail': hostDetail, 'http.request.resend_count': attempt - 1 };
  const span = tracer.startSpan(endpoint, { kind: SpanKind.CLIENT, attributes }, parent);
  const headers: Record<string, string> = {};
  propagation.inject(trace.setSpan(parent, span), headers);
  return {
    headers,
    ended: ({ outcome, requestId }) => {
      if (requestId !== null) span.setAttribute('bkjob.request_id', requestId);
      end(span, outcome);
    },
  };
}

function end(span: Span, code: string): void {
  if (code !== 'ok') {
    span.setAttribute('error.type', code);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
