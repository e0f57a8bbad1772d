import { context, propagation, trace, type TextMapPropagator } from '@opentelemetry/api';
import { CompositePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestService, type TestServiceOptions } from '../../support/start-test-service.ts';

const foreign: Readonly<Record<string, string>> = {
  'X-Bkapi-Authorization': '{"bk_token":"mallory"}',
  'X-Bk-Tenant-Id': 'mallory-tenant',
  'X-BK-USERNAME': 'mallory',
  'Blueking-Language': 'mallory-language',
  Cookie: 'bk_token=mallory',
  Authorization: 'Bearer mallory',
};

/** Hands on what an operator let it, sign-ins among it: propagators that pass headers through are such. */
function passOn(added: Readonly<Record<string, string>>): void {
  const passingOn: TextMapPropagator<Record<string, string>> = {
    fields: () => Object.keys(added),
    extract: (outer) => outer,
    inject: (_context, carrier) => {
      Object.assign(carrier, added);
    },
  };
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), passingOn] }),
  );
}

beforeEach(() => {
  trace.setGlobalTracerProvider(new BasicTracerProvider());
});

afterEach(() => {
  trace.disable();
  propagation.disable();
  context.disable();
});

const job = 'jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004")';

const forms: readonly (readonly [string, TestServiceOptions])[] = [
  ['the gateway', { frontDoor: 'apigw-v3' }],
  ['ESB, signed in by a header', { frontDoor: 'esb', esbCredentials: 'header' }],
  ['ESB, signed in by the body', { frontDoor: 'esb', esbCredentials: 'body' }],
];

describe('what a propagator adds to a call of bk-job', () => {
  it.each(forms)('goes on to %s, but for what says who asks', async (_to, options) => {
    passOn({ ...foreign, baggage: 'shop=1' });
    await using service = await startTestService(options);
    const { body } = await service.query(`{ ${job} { name } }`, {
      headers: { 'blueking-language': 'en', 'x-bk-tenant-id': 'system' },
    });
    expect(body.errors).toBeUndefined();
    const [call, ...others] = service.simulator.calls.all();
    expect(others).toEqual([]);
    expect(JSON.stringify(call?.headers)).not.toContain('mallory');
    expect(call?.headers).toMatchObject({
      baggage: 'shop=1',
      traceparent: expect.stringMatching(/^00-/),
      'blueking-language': 'en',
      'x-bk-tenant-id': 'system',
    });
  });

  it('takes the place of nothing that the call itself says, in whatever letters', async () => {
    passOn({ 'CONTENT-TYPE': 'text/plain' });
    await using service = await startTestService({ frontDoor: 'esb' });
    const { body } = await service.query(`{ ${job} { name } }`);
    expect(body.errors).toBeUndefined();
    expect(service.simulator.calls.all()).toMatchObject([
      { headers: { 'content-type': 'application/json' } },
    ]);
  });
});
