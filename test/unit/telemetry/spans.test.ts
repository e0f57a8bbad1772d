import { inspect } from 'node:util';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestTrace } from '../../../src/server/request-observer.ts';
import { createTelemetry } from '../../../src/telemetry/telemetry.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';
const headers = { traceparent: `00-${traceId}-${parentId}-01`, tracestate: 'vendor=1' };
const token = 'Zq3kQ9xT7mB2nV5cLw';
const call = { endpoint: 'get_job_instance_status', hostDetail: true, attempt: 1 } as const;
const end = { ...call, upstreamCode: null, durationMs: 5 } as const;

interface Line {
  readonly msg: string;
  readonly traceId?: string;
}

/** Begins a request, lets it be used and ends it. Gives the lines that it left. */
function requestWith(
  sent: Readonly<Record<string, string>>,
  use: (request: RequestTrace) => void,
): readonly Line[] {
  const lines: Line[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line) as Line) };
  const telemetry = createTelemetry({ level: 'debug', destination, secrets: [], ofProcess: false });
  const request = telemetry.requests.begin({ transport: 'http', headers: sent });
  use(request);
  request.ended({ status: 200, complete: true });
  return lines;
}

/** Loads an SDK that keeps spans in memory. */
function loadSdk(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  const propagators = [new W3CTraceContextPropagator(), new W3CBaggagePropagator()];
  propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return exporter;
}

afterEach(() => {
  trace.disable();
  propagation.disable();
  context.disable();
});

describe('with an OpenTelemetry SDK', () => {
  it('a request is a span of the trace that its client began, and each call of bk-job a span of that', () => {
    const exporter = loadSdk();
    let sent: Readonly<Record<string, string>> = {};
    const lines = requestWith(headers, (request) => {
      const begun = request.beginCall(call);
      sent = begun.headers;
      begun.ended({ ...end, outcome: 'UPSTREAM_TIMEOUT', requestId: 'r1' });
      request.resolved({ kind: 'query', name: 'Failed' });
      request.answered([{ extensions: { code: 'UPSTREAM_TIMEOUT' } }]);
    });
    const [client, server, ...others] = exporter.getFinishedSpans();
    expect(others).toEqual([]);
    expect(server).toMatchObject({
      name: 'query Failed',
      kind: SpanKind.SERVER,
      parentSpanContext: { traceId, spanId: parentId, isRemote: true },
      status: { code: SpanStatusCode.ERROR },
      attributes: {
        'graphql.operation.type': 'query',
        'graphql.operation.name': 'Failed',
        'http.response.status_code': 200,
        'error.type': 'UPSTREAM_TIMEOUT',
      },
    });
    expect(client).toMatchObject({
      name: 'get_job_instance_status',
      kind: SpanKind.CLIENT,
      parentSpanContext: { traceId, spanId: server?.spanContext().spanId },
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'bkjob.host_detail': true, 'bkjob.request_id': 'r1', 'error.type': 'UPSTREAM_TIMEOUT' },
    });
    expect(sent['traceparent']).toBe(`00-${traceId}-${client!.spanContext().spanId}-01`);
    expect(sent['tracestate']).toBe('vendor=1');
    expect(lines.map((line) => line.traceId)).toEqual([traceId, traceId]);
  });

  it('a request without a trace begins one', () => {
    const exporter = loadSdk();
    const lines = requestWith({}, (request) => {
      request.resolved({ kind: 'query', name: null });
      request.answered([]);
    });
    const [server] = exporter.getFinishedSpans();
    expect(server).toMatchObject({ name: 'query', status: { code: SpanStatusCode.UNSET } });
    expect(lines[0]?.traceId).toBe(server?.spanContext().traceId);
  });

  const partOfToken = Buffer.from(token).toString('hex').slice(0, 16);
  const long = 'x'.repeat(1024);
  it.each([
    ['its place', { traceparent: `00-${traceId}-${partOfToken}-01` }, partOfToken],
    ['what is added to its place', { tracestate: `vendor=${token}` }, token],
    ['what goes along with it', { baggage: `user=${token}` }, token],
    ['what is too long to be looked through', { baggage: `user=${long}` }, long],
  ])('%s in a trace is not taken over where it holds a sign-in', (_what, sent, withheld) => {
    const exporter = loadSdk();
    let forwarded = {};
    const signIn = { 'x-bkapi-authorization': JSON.stringify({ bk_token: token }) };
    requestWith({ ...headers, ...signIn, ...sent }, (request) => {
      const begun = request.beginCall(call);
      forwarded = begun.headers;
      begun.ended({ ...end, outcome: 'ok', requestId: null });
    });
    const written = inspect([exporter.getFinishedSpans(), forwarded], { depth: 6, maxStringLength: null });
    expect(written).not.toContain(withheld);
    expect(forwarded).toHaveProperty('traceparent');
  });

  it('a request within the span of an instrumented server is a part of that one', () => {
    const exporter = loadSdk();
    const outer = trace.getTracer('instrumentation').startSpan('POST', { kind: SpanKind.SERVER });
    context.with(trace.setSpan(context.active(), outer), () => {
      requestWith(headers, () => undefined);
    });
    expect(exporter.getFinishedSpans()).toMatchObject([
      { kind: SpanKind.INTERNAL, parentSpanContext: { spanId: outer.spanContext().spanId } },
    ]);
  });
});

describe('without an SDK', () => {
  it('no span is made, and what the client sent goes on to bk-job as it came', () => {
    let sent = {};
    const lines = requestWith({ ...headers, 'x-request-id': 'nightly-7' }, (request) => {
      sent = request.beginCall(call).headers;
    });
    expect(sent).toEqual({ 'x-request-id': 'nightly-7', ...headers });
    expect(lines).toMatchObject([{ msg: 'request', traceId }]);
  });

  it.each([
    '',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    '00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01',
    `${headers.traceparent}\n`,
  ])('a place in a trace that cannot be is not handed on: %j', (traceparent) => {
    let sent = {};
    const lines = requestWith({ traceparent, tracestate: 'a=1', 'x-request-id': 'nightly-7' }, (request) => {
      sent = request.beginCall(call).headers;
    });
    expect(sent).toEqual({ 'x-request-id': 'nightly-7' });
    expect(lines[0]).not.toHaveProperty('traceId');
  });

  it('what is added to a trace is not handed on where it holds a sign-in', () => {
    let sent = {};
    const cookie = `bk_token=${token}`;
    requestWith({ ...headers, cookie, tracestate: `a=${token}`, 'x-request-id': 'nightly-7' }, (request) => {
      sent = request.beginCall(call).headers;
    });
    expect(sent).toEqual({ 'x-request-id': 'nightly-7', traceparent: headers.traceparent });
  });

  it('what is added to a trace is handed on only where a header can hold it', () => {
    for (const tracestate of ['a=\u00e9', 'x'.repeat(513), 'a\r\nb']) {
      let sent = {};
      requestWith({ ...headers, tracestate }, (request) => {
        sent = request.beginCall(call).headers;
      });
      expect(sent).not.toHaveProperty('tracestate');
    }
  });

  it('that fails, requests and calls go on without spans, and what it threw is told', () => {
    class Failing implements SpanProcessor {
      onStart(): void {
        throw new Error('Could not start.');
      }
      onEnd(): void {
        throw new Error('Could not end.');
      }
      forceFlush = () => Promise.resolve();
      shutdown = () => Promise.resolve();
    }
    class FailingAtTheEnd extends Failing {
      override onStart(): void {
        return;
      }
    }
    for (const [processor, faults] of [
      [new Failing(), ['Could not start.']],
      [new FailingAtTheEnd(), ['Could not end.', 'Could not end.']],
    ] as const) {
      trace.disable();
      trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [processor] }));
      const lines = requestWith(headers, (request) => {
        request.beginCall(call).ended({ ...end, outcome: 'ok', requestId: null });
      });
      const [told, others] = [true, false].map((isFault) =>
        lines.filter(({ msg }) => msg.startsWith('Could not') === isFault).map(({ msg }) => msg),
      );
      expect(told).toEqual(faults);
      expect(others).toEqual(['upstream call', 'request']);
    }
  });
});
