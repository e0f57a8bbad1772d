import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/start-test-service.ts';

const jobQuery = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { name } }';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    environment: {
      BKJOB_GQL__LINKS__PERMISSION_APPLY_URL: 'https://iam.example.com/apply',
      BKJOB_GQL__UPSTREAM__TIMEOUT: '300ms',
      BKJOB_GQL__UPSTREAM__HOST_DETAIL_TIMEOUT: '1500ms',
      BKJOB_GQL__UPSTREAM__MAX_RESPONSE_BYTES: '64KiB',
      BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__RETRY__MAX_ATTEMPTS: '1',
    },
  });
});
afterEach(() => {
  service.simulator.faults.clear();
});
afterAll(() => service[Symbol.asyncDispose]());

describe('a denial', () => {
  it('tells what is missing, on what, and where to apply', async () => {
    const { body } = await service.query(jobQuery, { token: 'bob', headers: { 'blueking-language': 'en' } });
    expect(body.data).toEqual({ jobInstance: null });
    expect(body.errors).toMatchObject([
      {
        path: ['jobInstance'],
        message: expect.stringMatching(/^User \(bob\) permission not allowed/),
        extensions: {
          code: 'PERMISSION_DENIED',
          retryable: false,
          upstreamCode: 9900403,
          requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
          permission: {
            systemId: 'bk_job',
            applyUrl: 'https://iam.example.com/apply',
            actions: [
              {
                id: 'view_history',
                name: 'View History',
                resources: [{ type: 'biz', id: '2', name: 'demo-biz' }],
              },
            ],
          },
        },
      },
    ]);
  });

  it('is the same as data where jobs are looked up together', async () => {
    const { body } = await service.query(
      `{ jobInstancesById(scope: {bkBizId: "2"}, jobInstanceIds: ["20000000004", "20000000013"]) {
        jobInstanceId
        jobInstance { name }
        error { code retryable upstreamCode permission { systemId applyUrl actions { id resources { id } } } }
      } }`,
      { token: 'bob' },
    );
    expect(body.errors).toBeUndefined();
    expect(body.data).toEqual({
      jobInstancesById: [
        {
          jobInstanceId: '20000000004',
          jobInstance: null,
          error: {
            code: 'PERMISSION_DENIED',
            retryable: false,
            upstreamCode: 9900403,
            permission: {
              systemId: 'bk_job',
              applyUrl: 'https://iam.example.com/apply',
              actions: [{ id: 'view_history', resources: [{ id: '2' }] }],
            },
          },
        },
        { jobInstanceId: '20000000013', jobInstance: { name: 'query of bob' }, error: null },
      ],
    });
  });
});

describe('a lookup of several jobs', () => {
  it('keeps the order, the repetitions and each failure to itself', async () => {
    const { body } = await service.query(
      `{ jobInstancesById(scope: {bkBizId: "2"}, jobInstanceIds: ["20000000011", "20000000999", "x", "20000000011", "9007199254740993"]) {
        jobInstanceId jobInstance { jobInstanceId } error { code message }
      } }`,
    );
    expect(body.errors).toBeUndefined();
    expect(body.data?.['jobInstancesById']).toMatchObject([
      { jobInstanceId: '20000000011', jobInstance: { jobInstanceId: '20000000011' }, error: null },
      { jobInstanceId: '20000000999', jobInstance: null, error: { code: 'NOT_FOUND' } },
      { jobInstanceId: 'x', jobInstance: null, error: { code: 'BAD_USER_INPUT' } },
      { jobInstanceId: '20000000011', jobInstance: { jobInstanceId: '20000000011' }, error: null },
      { jobInstanceId: '9007199254740993', jobInstance: { jobInstanceId: '9007199254740993' }, error: null },
    ]);
  });

  it('of more than 50 is refused whole, before anything is read', async () => {
    service.simulator.calls.clear();
    const ids = Array.from({ length: 51 }, (_, index) => String(index + 1));
    const { body } = await service.query(
      'query ($ids: [ID!]!) { jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: $ids) { jobInstanceId } }',
      { variables: { ids } },
    );
    expect(body.data).toEqual({ jobInstancesById: null });
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(service.simulator.calls.all()).toEqual([]);
  });
});

describe('hosts that cannot be read', () => {
  const document = `query ($job: ID!) { jobInstance(scope: {bkBizId: "2"}, jobInstanceId: $job) {
    name ipResults { ip } steps { name ipResultSummary { total } ipResultConnection { totalCount } ipResultGroups { count } } } }`;

  it.each([
    ['a job on containers', '20000000021', null, 'UPSTREAM_ERROR'],
    ['bk-job never answers', '20000000011', { kind: 'hang' }, 'UPSTREAM_TIMEOUT'],
    ['bk-job cuts the connection', '20000000011', { kind: 'reset' }, 'UPSTREAM_UNAVAILABLE'],
    [
      'rows of hosts have wrong types',
      '20000000011',
      { kind: 'wrong-types', members: ['exit_code'] },
      'UPSTREAM_BAD_RESPONSE',
    ],
    ['there are too many to hold', '20000000009', null, 'UPSTREAM_BAD_RESPONSE'],
  ] as const)('leave the job and its steps: %s', async (_case, job, fault, code) => {
    if (fault !== null) service.simulator.faults.inject({ match: { returnIpResult: true }, fault });
    service.simulator.calls.clear();
    const { status, body } = await service.query(document, { variables: { job } });
    expect(status).toBe(200);
    const answered = body.data?.['jobInstance'] as {
      name: string;
      ipResults: null;
      steps: Record<string, unknown>[];
    };
    expect(answered.name).not.toBe('');
    expect(answered.ipResults).toBeNull();
    expect(answered.steps.length).toBeGreaterThan(0);
    for (const step of answered.steps) {
      expect(step).toMatchObject({ ipResultSummary: null, ipResultConnection: null, ipResultGroups: null });
    }
    expect(body.errors).toHaveLength(1 + 3 * answered.steps.length);
    for (const error of body.errors!) expect(error.extensions['code']).toBe(code);
    expect(service.simulator.calls.all().map(({ returnIpResult }) => returnIpResult)).toEqual([true, false]);
  });
});

describe('an upstream that misbehaves', () => {
  it.each([
    [{ kind: 'hang' }, 'UPSTREAM_TIMEOUT'],
    [{ kind: 'slow-drip', bytesPerTick: 1, tickMs: 20 }, 'UPSTREAM_TIMEOUT'],
    [{ kind: 'reset' }, 'UPSTREAM_UNAVAILABLE'],
    [{ kind: 'truncated' }, 'UPSTREAM_UNAVAILABLE'],
    [{ kind: 'html' }, 'UPSTREAM_UNAVAILABLE'],
    [{ kind: 'empty', status: 200 }, 'UPSTREAM_BAD_RESPONSE'],
    [{ kind: 'empty', status: 504 }, 'UPSTREAM_TIMEOUT'],
    [{ kind: 'not-json' }, 'UPSTREAM_BAD_RESPONSE'],
    [{ kind: 'oversized', bytes: 100_000 }, 'UPSTREAM_BAD_RESPONSE'],
    [{ kind: 'wrong-types', members: ['status'] }, 'UPSTREAM_BAD_RESPONSE'],
    [{ kind: 'wrong-types', members: ['finished'] }, 'UPSTREAM_BAD_RESPONSE'],
    [{ kind: 'envelope', code: 1250001, message: 'redis at 10.0.0.5 is down' }, 'UPSTREAM_UNAVAILABLE'],
  ] as const)('%j is %s, and nobody is told more', async (fault, code) => {
    service.simulator.faults.inject({ fault, times: 1 });
    const { body } = await service.query(jobQuery);
    expect(body.data).toEqual({ jobInstance: null });
    expect(body.errors).toHaveLength(1);
    expect(body.errors![0]!.extensions['code']).toBe(code);
    expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|10\.0\.0\.5|demo_secret|html|at .*\.ts/i);
    const { body: next } = await service.query(jobQuery);
    expect(next.errors).toBeUndefined();
  });
});

describe('a request that is none', () => {
  it.each([
    ['{ jobInstance {', 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      '{ jobInstance(scope: {bkBizId: 2, bkBizSetId: 1}, jobInstanceId: 1) { name } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['{ jobInstance(scope: {}, jobInstanceId: 1) { name } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'query ($job: ID!) { jobInstance(scope: {bkBizId: 2}, jobInstanceId: $job) { name } }',
      'BAD_USER_INPUT',
    ],
    ['query A { __typename } query B { __typename }', 'OPERATION_RESOLUTION_FAILURE'],
    ['mutation { retry }', 'BAD_USER_INPUT'],
    ['mutation { __typename }', 'BAD_USER_INPUT'],
    ['subscription { __typename }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { jobInstanceUpdated(scope: {bkBizId: 2}, jobInstanceId: 1) { name } }', 'BAD_USER_INPUT'],
  ])('%s is refused as %s, and is no fault of the service', async (document, code) => {
    const { status, body } = await service.query(document);
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
    expect(body.errors).toMatchObject([{ extensions: { code, retryable: false } }]);
    expect(service.reported).toEqual([]);
  });

  it.each([
    ['{"query": "{ __typename }"', 'application/json', 400],
    ['[{"query": "{ __typename }"}]', 'application/json', 400],
    [`{"query": "{ __typename }", "padding": "${'x'.repeat(2 ** 20)}"}`, 'application/json', 413],
    ['<query/>', 'application/xml', 415],
  ])('is refused in the shape of an answer: %.30s', async (body, type, status) => {
    const response = await fetch(service.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { retryable: false } }] });
    expect(service.reported).toEqual([]);
  });
});

describe('an argument that cannot be', () => {
  it.each([
    ['{ jobInstance(scope: {bkBizId: "0"}, jobInstanceId: 1) { name } }', {}, 'scope.bkBizId'],
    ['{ jobInstance(scope: {bkBizSetId: "x"}, jobInstanceId: 1) { name } }', {}, 'scope.bkBizSetId'],
    ['{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: "1e3") { name } }', {}, 'jobInstanceId'],
    [
      '{ stepInstance(scope: {bkBizId: 2}, jobInstanceId: 1, stepInstanceId: "-1") { name } }',
      {},
      'stepInstanceId',
    ],
    ['query ($b: ID) { jobInstance(scope: {bkBizId: $b}, jobInstanceId: 1) { name } }', {}, ''],
    ['query ($b: ID) { jobInstance(scope: {bkBizId: $b}, jobInstanceId: 1) { name } }', { b: null }, ''],
  ])('%s with %j is BAD_USER_INPUT and reaches nobody', async (document, variables, name) => {
    service.simulator.calls.clear();
    const { body } = await service.query(document, { variables });
    expect(body.errors).toHaveLength(1);
    expect(body.errors![0]!.extensions['code']).toMatch(/^(BAD_USER_INPUT|GRAPHQL_VALIDATION_FAILED)$/);
    expect(body.errors![0]!.message).toContain(name);
    expect(service.simulator.calls.all()).toEqual([]);
    expect(service.reported).toEqual([]);
  });

  it.each([
    'ipResults(limit: -1) { ip }',
    'ipResultConnection(first: 0) { totalCount }',
    'ipResultConnection(after: "nothing") { totalCount }',
    'ipResultGroups(limit: 1001) { count }',
    'ipResults(filter: {bkHostId: ["x"]}) { ip }',
  ])('%s is null with BAD_USER_INPUT, and costs no other field', async (field) => {
    const { body } = await service.query(
      `{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { name asked: ${field} } }`,
    );
    expect(body.data).toEqual({ jobInstance: { name: 'deploy order-service 2.8.1', asked: null } });
    expect(body.errors).toMatchObject([
      { path: ['jobInstance', 'asked'], extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });
});

it.each([
  ['a number', '9007199254740993'],
  ['a text', '"9007199254740993"'],
])('an id beyond a double is exact in variables, written as %s', async (_form, id) => {
  const document =
    'query ($job: ID!, $host: ID!) { jobInstance(scope: {bkBizId: 2}, jobInstanceId: $job) { jobInstanceId ipResults(filter: {bkHostId: [$host]}) { bkHostId } } }';
  const host = id.replace('993', '995');
  const response = await fetch(service.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-bkapi-authorization': '{"bk_token":"alice"}' },
    body: `{"query": ${JSON.stringify(document)}, "variables": {"job": ${id}, "host": ${host}}}`,
  });
  expect(await response.json()).toEqual({
    data: {
      jobInstance: { jobInstanceId: '9007199254740993', ipResults: [{ bkHostId: '9007199254740995' }] },
    },
  });
});

it('a body too deep for variables of anybody is refused before it is read', async () => {
  const deep = `${'['.repeat(100)}9007199254740993${']'.repeat(100)}`;
  const response = await fetch(service.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"query": "{ __typename }", "variables": {"deep": ${deep}}}`,
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    errors: [{ message: 'The body is nested more than 100 deep.' }],
  });
});

it('variables that do not fit are the mistake of the client, however many there are', async () => {
  const document =
    'query ($jobs: [ID!]!) { jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: $jobs) { jobInstanceId } }';
  const { status, body } = await service.query(document, {
    variables: { jobs: Array.from({ length: 25_000 }, () => ({})) },
  });
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([
    { message: expect.stringContaining('$jobs'), extensions: { code: 'BAD_USER_INPUT' } },
  ]);
  expect(service.reported).toEqual([]);
});

it('a path that cannot be read is not repeated', async () => {
  const response = await fetch(`${new URL(service.graphqlUrl).origin}/%?bk_token=planted`);
  expect(response.status).toBe(400);
  expect(response.headers.get('cache-control')).toBe('private, no-store');
  expect(await response.text()).not.toContain('planted');
});

it('an id beyond a double is exact as argument, in answers and in errors', async () => {
  const { body } = await service.query(
    `{ found: jobInstance(scope: {bkBizId: 2}, jobInstanceId: 9007199254740993) {
        id jobInstanceId steps { id stepInstanceId jobInstanceId ipResults { bkHostId host { bkHostId } } } }
      missing: jobInstancesById(scope: {bkBizId: 9007199254740993}, jobInstanceIds: [9007199254740995]) {
        jobInstanceId error { code } } }`,
  );
  expect(body.errors).toBeUndefined();
  expect(body.data).toEqual({
    found: {
      id: 'biz:2:9007199254740993',
      jobInstanceId: '9007199254740993',
      steps: [
        {
          id: 'biz:2:9007199254740993:9223372036854775807',
          stepInstanceId: '9223372036854775807',
          jobInstanceId: '9007199254740993',
          ipResults: ['9007199254740995', '9007199254740997'].map((bkHostId) => ({
            bkHostId,
            host: { bkHostId },
          })),
        },
      ],
    },
    missing: [{ jobInstanceId: '9007199254740995', error: { code: 'NOT_FOUND' } }],
  });
});
