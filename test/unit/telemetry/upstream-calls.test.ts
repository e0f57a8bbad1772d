import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, expect, it } from 'vitest';
import { createTelemetry } from '../../../src/telemetry/telemetry.ts';

const token = 'Zq3kQ9xT7mB2nV5cLw';
const headers = { 'x-bkapi-authorization': JSON.stringify({ bk_token: token }) };
const begun = { endpoint: 'get_job_instance_status', hostDetail: true, attempt: 1 } as const;

afterEach(() => {
  trace.disable();
});

/** Log and spans of a call that bk-job gave this number. */
function toldOf(requestId: string): { readonly line: string; readonly spans: readonly unknown[] } {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  let line = '';
  const destination = { write: (text: string) => (line += text) };
  const telemetry = createTelemetry({ level: 'debug', destination, secrets: [], ofProcess: false });
  const request = telemetry.requests.begin({ transport: 'http', headers });
  const call = {
    ...begun,
    outcome: 'UPSTREAM_ERROR',
    upstreamCode: 1_240_002,
    durationMs: 5,
    requestId,
  } as const;
  request.beginCall(begun).ended(call);
  return { line, spans: exporter.getFinishedSpans().map(({ attributes }) => attributes) };
}

it('a call is told with the numbers that bk-job gave it', () => {
  const { line, spans } = toldOf('d3b07384d113edec');
  expect(JSON.parse(line)).toMatchObject({ upstreamCode: 1_240_002, upstreamRequestId: 'd3b07384d113edec' });
  expect(spans).toMatchObject([{ 'bkjob.request_id': 'd3b07384d113edec' }]);
});

it.each([
  token,
  token.slice(0, 14),
  Buffer.from(token).toString('hex'),
  Buffer.from(token).toString('base64url'),
])('a number that holds what its caller signs in with is told nowhere: %s', (requestId) => {
  const { line, spans } = toldOf(requestId);
  expect(JSON.parse(line)).toMatchObject({ upstreamRequestId: null });
  expect(JSON.stringify([line, spans])).not.toContain(requestId);
});
