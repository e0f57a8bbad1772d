import { readdirSync, readFileSync } from 'node:fs';
import { parse, stringify, type LosslessNumber } from 'lossless-json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedJobInstance, jobOperation, type AskedJob } from '../support/expected-answer.ts';
import { startTestService, type TestService } from '../support/start-test-service.ts';

type Json = Readonly<Record<string, unknown>>;

interface WireSample {
  readonly name: string;
  readonly transport: string;
  readonly request: { readonly path: string; readonly asked: AskedJob };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** The body as it was sent. */
    readonly text: string;
    /** The `data` of a success, numbers as text. */
    readonly data: Json | null;
  };
}

const directory = new URL('../fixtures/wire-samples/', import.meta.url);

function readSample(file: string): WireSample {
  const { transport, request, response } = parse(readFileSync(new URL(file, directory), 'utf8')) as {
    transport: string;
    request: { path: string; query?: Json; body?: Json };
    response: { status: unknown; headers?: Json; body?: Json; bodyText?: string };
  };
  const body = response.body;
  return {
    name: file.replace('.json', ''),
    transport,
    request: { path: request.path, asked: askedBy(request.query ?? request.body ?? {}) },
    response: {
      status: Number(response.status),
      headers: Object.fromEntries(
        Object.entries(response.headers ?? {}).filter(([name]) => name.toLowerCase() !== 'content-length'),
      ) as Record<string, string>,
      text: body === undefined ? (response.bodyText ?? '') : stringify(body)!,
      data: body?.['result'] === true ? (body['data'] as Json) : null,
    },
  };
}

/** What the sample's request asks for. Requests that this service never sends are asked as the common job. */
function askedBy(parameters: Json): AskedJob {
  const text = (name: string) =>
    (parameters[name] as string | LosslessNumber | undefined)?.toString() ?? null;
  const scopeType = text('bk_scope_type');
  return {
    scopeType: scopeType === 'biz_set' || scopeType === 'tenant_set' ? scopeType : 'biz',
    scopeId: text('bk_scope_id') ?? text('bk_biz_id') ?? '2',
    jobInstanceId: /^[1-9]\d*$/.exec(text('job_instance_id') ?? '')?.[0] ?? '20003456789',
  };
}

const samples = readdirSync(directory)
  .filter((file) => file.endsWith('.json'))
  .map(readSample)
  .filter(
    ({ transport, request }) =>
      ['apigw', 'esb'].includes(transport) ||
      (transport.startsWith('apigw-v3') && request.path.includes('get_job_instance_status')),
  );
const successes = samples.filter(({ response }) => response.data !== null);
const failures = samples.filter(({ response }) => response.data === null);

/** What a client gets to see of each failure (schema.md 7). */
const failureCodes: Readonly<Record<string, Json>> = {
  'apigw-400-app-code-empty': { code: 'UNAUTHENTICATED', upstreamCode: 1640001 },
  'apigw-400-app-secret-incorrect': { code: 'UNAUTHENTICATED', upstreamCode: 1640001 },
  'apigw-400-user-token-invalid': { code: 'UNAUTHENTICATED', upstreamCode: 1640001 },
  'apigw-400-username-not-verified': { code: 'UNAUTHENTICATED', upstreamCode: 1640001 },
  'apigw-403-app-no-permission': { code: 'SERVICE_MISCONFIGURED', upstreamCode: 1640301 },
  'apigw-403-cross-tenant': { code: 'SERVICE_MISCONFIGURED', upstreamCode: 1640302 },
  'apigw-404-api-not-found': { code: 'SERVICE_MISCONFIGURED', upstreamCode: 1640401 },
  'apigw-429-concurrency': { code: 'RATE_LIMITED', upstreamCode: 1642904, retryable: true },
  'apigw-429-resource-rate-limit': { code: 'RATE_LIMITED', upstreamCode: 1642903, retryable: true },
  'apigw-429-stage-rate-limit': {
    code: 'RATE_LIMITED',
    upstreamCode: 1642902,
    retryable: true,
    retryAfter: 37_000,
  },
  'apigw-502-bad-gateway': { code: 'UPSTREAM_UNAVAILABLE', upstreamCode: 1650200, retryable: true },
  'apigw-502-html': { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
  'apigw-504-backend-timeout': { code: 'UPSTREAM_TIMEOUT', upstreamCode: 1650401, retryable: true },
  'apigw-v3-error-container-job': { code: 'UPSTREAM_ERROR', upstreamCode: 1240002 },
  'apigw-v3-error-illegal-job-id': { code: 'BAD_USER_INPUT', upstreamCode: 1241007 },
  'apigw-v3-error-job-not-found': { code: 'NOT_FOUND', upstreamCode: 1244006 },
  'apigw-v3-error-missing-job-id': { code: 'BAD_USER_INPUT', upstreamCode: 1240003 },
  'apigw-v3-error-missing-scope-get': { code: 'UPSTREAM_ERROR', upstreamCode: 1240002 },
  'apigw-v3-error-permission-access-business': { code: 'PERMISSION_DENIED', upstreamCode: 9900403 },
  'apigw-v3-error-permission-biz-set': { code: 'PERMISSION_DENIED', upstreamCode: 9900403 },
  'apigw-v3-error-permission-view-history': { code: 'PERMISSION_DENIED', upstreamCode: 9900403 },
  'apigw-v3-error-permission-zh': { code: 'PERMISSION_DENIED', upstreamCode: 9900403 },
  'apigw-v3-error-scope-not-found': { code: 'NOT_FOUND', upstreamCode: 1243049 },
  'apigw-v3-error-scope-type-invalid': { code: 'BAD_USER_INPUT', upstreamCode: 1241005 },
  'apigw-v3-error-step-not-found': { code: 'NOT_FOUND', upstreamCode: 1244007 },
  'esb-error-app-no-permission': { code: 'SERVICE_MISCONFIGURED', upstreamCode: 1306403 },
  'esb-error-app-secret-missing': { code: 'UPSTREAM_ERROR', upstreamCode: 1306000 },
  'esb-error-backend-non-200': { code: 'UPSTREAM_UNAVAILABLE', upstreamCode: 1306201, retryable: true },
  'esb-error-backend-timeout': { code: 'UPSTREAM_UNAVAILABLE', upstreamCode: 1306201, retryable: true },
  'esb-error-gateway-auth-http200': { code: 'UNAUTHENTICATED', upstreamCode: 1640001 },
  'esb-error-illegal-job-id': { code: 'BAD_USER_INPUT', upstreamCode: 1241007 },
  'esb-error-job-not-found': { code: 'NOT_FOUND', upstreamCode: 1244006 },
  'esb-error-missing-scope': { code: 'BAD_USER_INPUT', upstreamCode: 1240003 },
  'esb-error-permission-denied': { code: 'PERMISSION_DENIED', upstreamCode: 9900403 },
  'esb-error-rate-limit-http200': { code: 'RATE_LIMITED', retryable: true },
  'esb-error-user-auth-failed': { code: 'UNAUTHENTICATED', upstreamCode: 1306000 },
  'esb-error-user-missing': { code: 'UNAUTHENTICATED', upstreamCode: 1306000 },
  'jobgw-401-empty-body': { code: 'UNAUTHENTICATED' },
  'jobgw-401-missing-user': { code: 'UNAUTHENTICATED', upstreamCode: 1247002 },
  'jobgw-500-spring-default': { code: 'UPSTREAM_ERROR' },
};

const services: Partial<Record<'apigw-v3' | 'esb', TestService>> = {};
beforeAll(async () => {
  services['apigw-v3'] = await startTestService();
  services.esb = await startTestService({ frontDoor: 'esb' });
});
afterAll(() => Promise.all(Object.values(services).map((service) => service[Symbol.asyncDispose]())));

/** Has bk-job answer exactly as in the sample, and asks through GraphQL. */
async function ask(
  { transport, request, response }: WireSample,
  hosts: boolean,
  service = services[transport === 'esb' ? 'esb' : 'apigw-v3']!,
) {
  const { scopeType, scopeId, jobInstanceId } = request.asked;
  const scopeField = { biz: 'bkBizId', biz_set: 'bkBizSetId', tenant_set: 'bkTenantSetId' }[scopeType];
  service.simulator.faults.clear();
  service.simulator.faults.inject({
    fault: { kind: 'sample', status: response.status, headers: response.headers, body: response.text },
  });
  return service.query(jobOperation, {
    variables: { scope: { [scopeField]: scopeId }, job: jobInstanceId, hosts },
  });
}

/** Asks a service of its own: what one failure says, such as to wait, holds for the reads after it. */
async function askAlone(sample: WireSample) {
  await using service = await startTestService({
    frontDoor: sample.transport === 'esb' ? 'esb' : 'apigw-v3',
    environment: { BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__RETRY__MAX_ATTEMPTS: '1' },
  });
  return await ask(sample, false, service);
}

describe('a status that bk-job sends', () => {
  it.each(successes.map((sample) => [sample.name, sample] as const))(
    'is answered as it was sent: %s',
    async (_name, sample) => {
      for (const hosts of [true, false]) {
        const { status, body } = await ask(sample, hosts);
        expect(status).toBe(200);
        expect(body.errors).toBeUndefined();
        expect(body.data).toEqual({
          jobInstance: expectedJobInstance(sample.response.data!, sample.request.asked, hosts),
        });
      }
    },
  );
});

describe('a failure that bk-job sends', () => {
  it.each(failures.map((sample) => [sample.name, sample] as const))(
    'has its code: %s',
    async (name, sample) => {
      const { status, body } = await askAlone(sample);
      expect(status).toBe(200);
      expect(body.data).toEqual({ jobInstance: null });
      expect(body.errors).toHaveLength(1);
      expect(body.errors![0]).toMatchObject({
        path: ['jobInstance'],
        extensions: { retryable: false, ...failureCodes[name] },
      });
    },
  );

  it.each(failures.map((sample) => [sample.name, sample] as const))(
    'keeps its text to itself unless it is meant for clients: %s',
    async (_name, sample) => {
      const { body } = await askAlone(sample);
      const upstreamText = /"message":"([^"]+)"/.exec(sample.response.text)?.[1];
      const { message, extensions } = body.errors![0]!;
      const forClients = ['NOT_FOUND', 'PERMISSION_DENIED', 'BAD_USER_INPUT'].includes(
        String(extensions['code']),
      );
      if (upstreamText !== undefined) expect(message === upstreamText).toBe(forClients);
      expect(message).not.toMatch(/<html|https?:|exception/i);
    },
  );
});

it('each sample of a status is tried, and each code has its sample', () => {
  expect(successes.length).toBe(23);
  expect(failures.map(({ name }) => name).sort()).toEqual(Object.keys(failureCodes).sort());
});
