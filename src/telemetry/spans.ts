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

type BegunCall = Pick<UpstreamCall, 'endpoint' | 'hostDetail' | 'attempt'>;

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
  /** Null where none could be begun. */
  beginCall(call: BegunCall): CallSpan | null;
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

/** Is told what the operator's code threw; null is then what is used of it. */
type Try = <Result>(use: () => Result) => Result | null;

/**
 * Makes what begins spans. The SDK, exporters and sampling are the operator's: preloaded by `--import`. What they throw
 * is told, and keeps nobody from an answer.
 */
export function createSpans(failed: (thrown: unknown) => void): BeginRequestSpan {
  let tracer: Tracer | undefined;
  const attempt: Try = (use) => {
    try {
      return use();
    } catch (thrown) {
      failed(thrown);
      return null;
    }
  };
  return (headers) => {
    const known = (tracer ??= loadedTracer());
    return known === undefined ? null : attempt(() => beginRequestSpan(known, headers, attempt));
  };
}

function loadedTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- only it can tell that no SDK is loaded
  return provider instanceof ProxyTracerProvider
    ? provider.getDelegateTracer('bkjob-graphql')
    : provider.getTracer('bkjob-graphql');
}

function beginRequestSpan(tracer: Tracer, headers: IncomingHttpHeaders, attempt: Try): RequestSpan {
  // Where HTTP is instrumented, too, its span is the server's, and ours one within it.
  const outer = trace.getSpan(context.active());
  const parent = outer === undefined ? propagation.extract(context.active(), headers) : context.active();
  const kind = outer === undefined ? SpanKind.SERVER : SpanKind.INTERNAL;
  const span = tracer.startSpan('graphql', { kind }, parent);
  const own = trace.setSpan(parent, span);
  return {
    traceId: span.spanContext().traceId,
    beginCall: (call) => attempt(() => beginCallSpan(tracer, own, { call, attempt })),
    ended: (outcome) => {
      attempt(() => {
        endRequestSpan(span, outcome);
      });
    },
  };
}

function endRequestSpan(span: Span, { operation, name, code, status }: SpanOutcome): void {
  if (operation !== null) {
    span.updateName(name === null ? operation : `${operation} ${name}`);
    span.setAttribute('graphql.operation.type', operation);
  }
  if (name !== null) span.setAttribute('graphql.operation.name', name);
  span.setAttribute('http.response.status_code', status);
  end(span, code);
}

function beginCallSpan(
  tracer: Tracer,
  parent: Context,
  { call, attempt }: { readonly call: BegunCall; readonly attempt: Try },
): CallSpan {
  const attributes = { 'bkjob.host_detail': call.hostDetail, 'http.request.resend_count': call.attempt - 1 };
  const span = tracer.startSpan(call.endpoint, { kind: SpanKind.CLIENT, attributes }, parent);
  const headers: Record<string, string> = {};
  propagation.inject(trace.setSpan(parent, span), headers);
  return {
    headers,
    ended: ({ outcome, requestId }) => {
      attempt(() => {
        if (requestId !== null) span.setAttribute('bkjob.request_id', requestId);
        end(span, outcome);
      });
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
