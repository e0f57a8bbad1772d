import { isLosslessNumber, parse } from 'lossless-json';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  startSimulator,
  type SimulatedJob,
  type SimulatedScope,
  type Simulator,
  type SimulatorFault,
} from '../../src/simulator/index.ts';
import { ask, esbPath, gatewayPath, type Asked, type HttpAnswer } from '../unit/simulator/ask.ts';
import {
  jobOf,
  messageOfSample,
  sampleNamed,
  sampleNames,
  type Json,
  type WireSample,
} from '../unit/simulator/wire-sample.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.close());

/** Each status of bk-job, and the job of the demonstration that shows the same; null where none is so alike. */
const statuses: Readonly<Record<string, string | null>> = {
  'apigw-v3-status-abandoned': '20000000017',
  'apigw-v3-status-biz-id-compat-off': null,
  'apigw-v3-status-biz-set-scope': null,
  'apigw-v3-status-confirm-terminated': '20000000016',
  'apigw-v3-status-file-step': '20000000014',
  'apigw-v3-status-forced-skip': '20000000015',
  'apigw-v3-status-id-above-2pow53': '9007199254740993',
  'apigw-v3-status-ignore-error': '20000000018',
  'apigw-v3-status-ipv6-only-host': '20000000008',
  'apigw-v3-status-not-started': '20000000001',
  'apigw-v3-status-not-started-with-hosts': '20000000001',
  'apigw-v3-status-partial-failure': '20000000004',
  'apigw-v3-status-retried-step': '20000000006',
  'apigw-v3-status-retry-transition': '20000000019',
  'apigw-v3-status-rolling-duplicate-hosts': '20000000007',
  'apigw-v3-status-running-with-hosts': null,
  'apigw-v3-status-sql-step': '20000000012',
  'apigw-v3-status-stopping': '20000000020',
  'apigw-v3-status-success-summary': '20000000013',
  'apigw-v3-status-terminated': '20000000005',
  'apigw-v3-status-unknown-codes': '20000000010',
  'apigw-v3-status-waiting-confirm-step': '20000000003',
  'esb-status-success': null,
};

/** How a failure is brought about. */
interface Failure {
  /** What is asked, in place of what the sample asks. */
  readonly asked?: Asked;
  readonly prepare?: (simulator: Simulator) => void;
  readonly fault?: SimulatorFault;
}

const credentials = { bk_app_code: 'demo_app', bk_app_secret: 'demo_secret', bk_token: 'alice' };
const ungranted = { bk_app_code: 'other_app', bk_app_secret: 'other_secret', bk_token: 'alice' };
const withoutSecret = { bk_app_code: 'demo_app', bk_token: 'alice' };
const english: Asked = { headers: { 'Blueking-Language': 'en' } };
const business2: SimulatedScope = { type: 'biz', id: '2' };

/** alice may enter the scope, and see no jobs of others there. */
const deniesHistory =
  (...scopes: string[]) =>
  (to: Simulator) => {
    to.world.setUser('alice', { accessBusiness: scopes, viewHistory: [] });
    addJobOfOthers(to, scopes[0] === 'biz:2' ? business2 : { type: 'biz_set', id: '9991001' });
  };

function addJobOfOthers({ world }: Simulator, scope: SimulatedScope): void {
  world.addJob({ ...aJob, scope });
  world.setScope(scope, scope.type === 'biz' ? 'demo-biz' : 'all-biz');
}

const aJob: SimulatedJob = {
  scope: business2,
  jobInstanceId: '20003456789',
  statusCode: 3,
  operator: 'someone',
  steps: [{ stepInstanceId: '20009876541', statusCode: 3, hosts: [] }],
};

const failures: Readonly<Record<string, Failure>> = {
  'apigw-400-app-code-empty': { asked: { credentials: {} } },
  'apigw-400-app-secret-incorrect': {
    asked: { credentials: { ...credentials, bk_app_secret: 'another' } },
  },
  'apigw-400-user-token-invalid': { asked: { token: 'expired' } },
  'apigw-400-username-not-verified': {
    asked: { credentials: { bk_app_code: 'demo_app', bk_app_secret: 'demo_secret', bk_username: 'alice' } },
  },
  'apigw-403-app-no-permission': {
    asked: { credentials: { bk_app_code: 'demo_app', bk_app_secret: 'demo_secret', bk_token: 'alice' } },
    prepare: ({ world }) => world.setApp('demo_app', { secret: 'demo_secret', granted: false }),
  },
  'apigw-403-cross-tenant': {
    fault: { kind: 'envelope', code: 1640302, message: messageOfSample('apigw-403-cross-tenant') },
  },
  'apigw-404-api-not-found': { asked: { path: gatewayPath.replace('status', 'statuz') } },
  'apigw-429-concurrency': { fault: { kind: 'envelope', code: 1642904 } },
  'apigw-429-resource-rate-limit': { fault: { kind: 'rate-limited' } },
  'apigw-429-stage-rate-limit': { fault: { kind: 'rate-limited', strategy: 'stage', resetSeconds: 37 } },
  'apigw-502-bad-gateway': {
    fault: { kind: 'envelope', code: 1650200, message: messageOfSample('apigw-502-bad-gateway') },
  },
  'apigw-502-html': { fault: { kind: 'html' } },
  'apigw-504-backend-timeout': {
    fault: { kind: 'envelope', code: 1650401, message: messageOfSample('apigw-504-backend-timeout') },
  },
  'apigw-v3-error-container-job': {
    asked: english,
    prepare: ({ world }) => world.addJob({ ...aJob, onContainers: true }),
  },
  'apigw-v3-error-illegal-job-id': { asked: english },
  'apigw-v3-error-job-not-found': {
    asked: english,
    prepare: ({ world }) => world.removeJob(business2, '20000000001'),
  },
  'apigw-v3-error-missing-job-id': { asked: english },
  'apigw-v3-error-missing-scope-get': { asked: english },
  'apigw-v3-error-permission-access-business': {
    asked: english,
    prepare: ({ world }) => world.setUser('alice', { accessBusiness: ['biz:1'], viewHistory: 'all' }),
  },
  'apigw-v3-error-permission-biz-set': { asked: english, prepare: deniesHistory('biz_set:9991001') },
  'apigw-v3-error-permission-view-history': { asked: english, prepare: deniesHistory('biz:2') },
  'apigw-v3-error-permission-zh': { prepare: deniesHistory('biz:2') },
  'apigw-v3-error-scope-not-found': { asked: english },
  'apigw-v3-error-scope-type-invalid': { asked: english },
  'apigw-v3-error-step-not-found': {
    asked: english,
    prepare: ({ world }) => world.addJob({ ...aJob, steps: [] }),
  },
  'esb-error-app-no-permission': { asked: { credentials: ungranted } },
  'esb-error-app-secret-missing': { asked: { credentials: withoutSecret } },
  'esb-error-backend-non-200': {
    fault: { kind: 'envelope', code: 1306201, message: messageOfSample('esb-error-backend-non-200') },
  },
  'esb-error-backend-timeout': {
    fault: { kind: 'envelope', code: 1306201, message: messageOfSample('esb-error-backend-timeout') },
  },
  'esb-error-gateway-auth-http200': {
    fault: { kind: 'envelope', code: 1640001, message: messageOfSample('esb-error-gateway-auth-http200') },
  },
  'esb-error-illegal-job-id': {},
  'esb-error-job-not-found': { prepare: ({ world }) => world.removeJob(business2, '20000000001') },
  'esb-error-missing-scope': {},
  'esb-error-permission-denied': { prepare: deniesHistory('biz:2') },
  'esb-error-rate-limit-http200': { fault: { kind: 'rate-limited', strategy: 'stage' } },
  'esb-error-user-auth-failed': { asked: { token: 'expired' } },
  'esb-error-user-missing': { asked: { token: null } },
  'jobgw-401-empty-body': { fault: { kind: 'empty', status: 401 } },
  'jobgw-401-missing-user': {
    asked: { ...english, path: gatewayPath.replace('/v3/', '/v3/system/') },
    fault: { kind: 'envelope', code: 1247002 },
  },
  'jobgw-500-spring-default': {
    fault: {
      kind: 'status',
      status: 500,
      headers: { 'Content-Type': 'application/json', 'X-Bk-Job-Request-Id': '0'.repeat(32) },
      body: JSON.stringify({
        timestamp: '2026-01-01T00:00:00.000+00:00',
        path: '/api/job/v3/job-execute/get_job_instance_status',
        status: 500,
        error: 'Internal Server Error',
        requestId: '00000000-1',
      }),
    },
  },
};

/** Samples that the simulator has nothing to say to, by reason. */
const notSpoken: Readonly<Record<string, readonly string[]>> = {
  'the simulator has no v4': [
    'apigw-v4-batch-log-file',
    'apigw-v4-batch-log-script',
    'apigw-v4-error-constraint-violation',
    'apigw-v4-error-internal',
    'apigw-v4-error-missing-param',
    'apigw-v4-error-not-found',
    'apigw-v4-error-permission-denied',
    'apigw-v4-error-resource-exhausted',
    'apigw-v4-error-scope-not-found',
    'apigw-v4-error-scope-type-invalid',
    'apigw-v4-job-list',
    'apigw-v4-status-containers',
    'apigw-v4-status-hosts',
    'apigw-v4-status-not-started',
    'apigw-v4-status-running',
  ],
  'the simulator has no endpoint but get_job_instance_status': [
    'apigw-v3-batch-log-confirm-step',
    'apigw-v3-batch-log-file',
    'apigw-v3-batch-log-nothing-stored',
    'apigw-v3-batch-log-script',
    'apigw-v3-batch-log-too-many-hosts',
    'apigw-v3-error-job-list-range',
    'apigw-v3-error-operate-unsupported',
    'apigw-v3-error-step-status-confirm',
    'apigw-v3-execute-success',
    'apigw-v3-global-vars',
    'apigw-v3-ip-log-empty',
    'apigw-v3-ip-log-file',
    'apigw-v3-ip-log-script',
    'apigw-v3-job-list',
    'apigw-v3-job-list-empty',
    'apigw-v3-operate-job-success',
    'apigw-v3-plan-list',
    'apigw-v3-step-detail-script',
    'apigw-v3-step-status-grouped',
    'apigw-v3-step-status-not-started',
  ],
  'bk-job is the client there': ['callback-job-finished'],
};

/** Asks what the sample asks. */
function askAs({ transport, request }: WireSample, asked: Asked = {}): Promise<HttpAnswer> {
  const parameters = Object.entries(request.query ?? request.body ?? {})
    .filter(([name]) => !/^bk_(app_|token)/.test(name))
    .map(([name, value]) => [name, isLosslessNumber(value) ? value.value : value]);
  return ask(simulator, {
    frontDoor: transport === 'esb' ? 'esb' : 'apigw-v3',
    parameters: Object.fromEntries(parameters) as NonNullable<Asked['parameters']>,
    ...asked,
  });
}

/** A body with the values that differ from request to request replaced by what they are made of. */
function withoutChance(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const patterns = {
    job_request_id: /^[0-9a-f]{32}$/,
    request_id: /^[0-9a-f]{32}$/,
    requestId: /^[0-9a-f]{8}-\d+$/,
    timestamp: /^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/,
  };
  return Object.fromEntries(
    Object.entries(body).map(([name, value]: [string, unknown]) => {
      const pattern = patterns[name as keyof typeof patterns] as RegExp | undefined;
      return [name, pattern?.test(String(value)) === true ? String(pattern) : value];
    }),
  );
}

/** Headers of a sample as an answer is to have them: the same, but for ids and for the words of an error. */
function expectHeaders(sample: WireSample, { headers }: HttpAnswer): void {
  for (const [name, value] of Object.entries(sample.response.headers ?? {})) {
    const got = headers[name.toLowerCase()] ?? `no header ${name}`;
    if (name.endsWith('Request-Id'))
      expect(got).toMatch(value.includes('-') ? /^[0-9a-f-]{36}$/ : /^[0-9a-f]{32}$/);
    else if (name === 'X-Bkapi-Error-Message') expect(got.startsWith(value)).toBe(true);
    else expect([name, got]).toEqual([name, value]);
  }
}

/** What a status is made of: its codes, and of every other member the type. Hosts and numbers of hosts aside. */
function outlineOf(data: Json): unknown {
  const { step_instance_list: steps, ...rest } = data as { step_instance_list: readonly Json[] };
  const job = outline(rest, ['status', 'finished']);
  return { job, steps: steps.map((step) => outline(step, ['status', 'type', 'execute_count'])) };
}

function outline(value: unknown, exact: readonly string[]): unknown {
  if (Array.isArray(value)) return value.length === 0 ? 'empty list' : 'list';
  if (isLosslessNumber(value)) return 'number';
  if (typeof value !== 'object' || value === null) return value === null ? null : typeof value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => [
      name,
      exact.includes(name) ? String(member) : outline(member, exact),
    ]),
  );
}

function rowsOf(data: Json): readonly Json[] {
  const steps = data['step_instance_list'] as readonly Json[];
  return steps.flatMap((step) => (step['step_ip_result_list'] ?? []) as readonly Json[]);
}

const dataOf = ({ text }: HttpAnswer) => (parse(text) as { data: Json }).data;

describe('a status', () => {
  it.each(Object.keys(statuses))('is sent as bk-job sends it, member by member: %s', async (name) => {
    const sample = sampleNamed(name);
    const body = sample.response.body!;
    simulator.world.addJob(jobOf(body['data'] as Json));
    const answer = await askAs(sample);
    expect(answer.status).toBe(200);
    expectHeaders(sample, answer);
    expect(withoutChance(parse(answer.text))).toEqual(withoutChance(body));
  });

  it.each(Object.entries(statuses).filter(([, id]) => id !== null))(
    'is shown by a job of the demonstration: %s by %s',
    async (name, jobInstanceId) => {
      const sample = sampleNamed(name);
      const data = sample.response.body!['data'] as Json;
      const parameters = { ...sample.request.query, job_instance_id: jobInstanceId! };
      const answer = await ask(simulator, { parameters: parameters });
      const shown = dataOf(answer);
      expect(outlineOf(shown)).toEqual(outlineOf(data));
      const outlines = new Set(rowsOf(shown).map((row) => JSON.stringify(outline(row, []))));
      if (rowsOf(data).length > 0) {
        expect(outlines).toContain(JSON.stringify(outline(rowsOf(data)[0], [])));
      }
    },
  );
});

describe('a failure', () => {
  it.each(Object.keys(failures))('is told as bk-job and its front doors tell it: %s', async (name) => {
    const sample = sampleNamed(name);
    const { asked, prepare, fault } = failures[name]!;
    prepare?.(simulator);
    if (fault !== undefined) simulator.faults.inject({ fault });
    const answer = await askAs(sample, asked);
    expect(answer.status).toBe(Number(sample.response.status));
    expectHeaders(sample, answer);
    const { body, bodyText } = sample.response;
    if (body === undefined) expect(answer.text).toBe(bodyText);
    else expect(withoutChance(parse(answer.text))).toEqual(withoutChance(body));
    expect(simulator.calls.all()).toHaveLength(1);
  });
});

it('every sample is spoken, or named with the reason why it is not', () => {
  const spoken = [...Object.keys(statuses), ...Object.keys(failures)];
  const listed = [...spoken, ...Object.values(notSpoken).flat()];
  expect(listed.toSorted()).toEqual(sampleNames.toSorted());
});

it('no sample of get_job_instance_status by a front door that the simulator has is left out', () => {
  const status = /\/(?:v3|jobv3)\/(?:system\/)?get_job_instance_status\/?$/;
  const leftOut = Object.values(notSpoken).flat();
  expect(leftOut.filter((name) => status.test(sampleNamed(name).request.path))).toEqual([]);
  expect([esbPath, gatewayPath].every((path) => status.test(path))).toBe(true);
});
