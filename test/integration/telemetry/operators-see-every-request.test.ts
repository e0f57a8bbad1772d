import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startTestService, type LogLine, type TestService } from '../../support/start-test-service.ts';

const document = 'query Phase { jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { phase } }';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service[Symbol.asyncDispose]());

/** Waits for the line of the request with this number: it is written when the answer has gone out. */
function lineOf(requestId: string): Promise<LogLine> {
  return eventually(() => {
    const line = service.logged.find((one) => one['requestId'] === requestId && one['msg'] === 'request');
    if (line === undefined) throw new Error(`There is no line of ${requestId} yet.`);
    return line;
  });
}

const numberOf = (headers: Readonly<Record<string, unknown>>) => String(headers['x-request-id']);

async function metrics({ metricsUrl } = service): Promise<readonly string[]> {
  const response = await fetch(metricsUrl);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return (await response.text()).split('\n');
}

/** Value of the metric with these labels; 0 where it has none yet. */
async function valueOf(metric: string, asked = service): Promise<number> {
  const line = (await metrics(asked)).find((one) => one.startsWith(`${metric} `));
  return Number(line?.slice(metric.length) ?? 0);
}

/** Asks for a job on a connection of its own while bk-job hangs, and perhaps for something else right behind it. */
async function askInVain(requestId: string, behind = ''): Promise<Socket> {
  const { hostname, port } = new URL(service.graphqlUrl);
  service.simulator.faults.inject({ fault: { kind: 'hang' } });
  const before = service.simulator.calls.all().length;
  const body = JSON.stringify({ query: document });
  const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nx-request-id: ${requestId}\r\ncontent-type: application/json`;
  const authorization = 'x-bkapi-authorization: {"bk_token":"alice"}';
  const socket = connect(Number(port), hostname);
  socket.write(
    `${head}\r\n${authorization}\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}${behind}`,
  );
  await eventually(() => {
    expect(service.simulator.calls.all().length).toBeGreaterThan(before);
  });
  return socket;
}

describe('a request', () => {
  it('is a line of the log that tells what was asked and what became of it', async () => {
    const { headers } = await service.query(document);
    expect(await lineOf(numberOf(headers))).toEqual({
      level: 30,
      time: expect.any(String),
      msg: 'request',
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
      transport: 'http',
      operation: 'query',
      name: 'Phase',
      code: 'ok',
      status: 200,
      durationMs: expect.any(Number),
      calls: expect.any(Number),
      joined: 0,
      cached: 0,
      caller: expect.stringMatching(/^[\w-]{10}$/),
    });
  });

  it('has the code of its first error', async () => {
    const missing = document.replace('20000000004', '20000000999');
    const { headers } = await service.query(missing, { headers: { 'x-request-id': 'job-that-is-missing' } });
    expect(numberOf(headers)).toBe('job-that-is-missing');
    expect(await lineOf('job-that-is-missing')).toMatchObject({
      code: 'NOT_FOUND',
      status: 200,
      name: 'Phase',
    });
  });

  it.each([
    ['that does not parse', '{', {}, { code: 'GRAPHQL_PARSE_FAILED', status: 400, operation: null }],
    ['that does not fit', '{ no }', {}, { code: 'GRAPHQL_VALIDATION_FAILED', status: 400, operation: null }],
    ['of nobody', document, { token: null }, { code: 'UNAUTHENTICATED', status: 401, caller: null }],
    [
      'whose sign-in cannot be',
      document,
      { headers: { 'x-bkapi-authorization': '{' } },
      { code: 'BAD_USER_INPUT', status: 400, caller: null },
    ],
  ])('%s is told, too', async (_case, query, request, expected) => {
    const { headers } = await service.query(query, request);
    expect(await lineOf(numberOf(headers))).toMatchObject(expected);
  });

  it('that HTTP refuses is told with the number that its client got', async () => {
    const response = await fetch(service.graphqlUrl, { method: 'PUT' });
    await response.arrayBuffer();
    const line = await lineOf(response.headers.get('x-request-id') ?? '');
    expect(line).toMatchObject({ code: 'BAD_USER_INPUT', status: 405, operation: null, name: null });
  });

  it('whose path cannot be read is told, and counted, like others', async () => {
    const metric =
      'http_server_request_duration_seconds_count{transport="http",http_response_status_code="400"}';
    const before = await valueOf(metric);
    const headers = { 'x-request-id': 'path-of-no-letters' };
    const response = await fetch(new URL('/%zz', service.graphqlUrl), { headers });
    await response.arrayBuffer();
    expect(response.headers.get('x-request-id')).toBe('path-of-no-letters');
    const line = await lineOf('path-of-no-letters');
    expect(line).toMatchObject({ code: 'BAD_USER_INPUT', status: 400, operation: null, name: null });
    expect(await valueOf(metric)).toBe(before + 1);
  });

  it('whose path cannot be read ends with its connection, also while it waits for an answer before it', async () => {
    const behind = 'GET /%zz HTTP/1.1\r\nhost: x\r\nx-request-id: path-behind-another\r\n\r\n';
    const socket = await askInVain('before-another', behind);
    socket.destroy();
    expect(await lineOf('path-behind-another')).toMatchObject({ status: 499 });
    service.simulator.faults.clear();
  });

  it('for health is none of them', async () => {
    await using asked = await startTestService();
    const response = await fetch(asked.healthUrl);
    await response.arrayBuffer();
    expect(response.headers.get('x-request-id')).toBeNull();
    expect(asked.logged).toEqual([]);
  });

  it('whose client leaves before the answer has status 499, and is not counted as one that is ok', async () => {
    const socket = await askInVain('gone-too-early');
    socket.destroy();
    await once(socket, 'close');
    service.simulator.faults.clear();
    expect(await lineOf('gone-too-early')).toMatchObject({ name: 'Phase', status: 499, code: 'cancelled' });
    const cancelled = 'operation_type="query",operation_name="Phase",code="cancelled"';
    expect(await service.telemetry.metricsPage()).toContain(`bkjob_gql_operations_total{${cancelled}} `);
  });
});

describe('the number of a request', () => {
  const isOwn = /^[0-9a-f]{32}$/;

  it.each(['0123e567-e89b-12d3-a456-426614174000', 'build_7.step:3', '7'.repeat(64)])(
    'is the client’s where it is one: %s',
    async (id) => {
      const { headers } = await service.query('{ __typename }', { headers: { 'x-request-id': id } });
      expect(numberOf(headers)).toBe(id);
    },
  );

  it.each(['short', 'a'.repeat(65), 'with a space', 'quote"quote', '{"bk_token"}'])(
    'is made here where the client’s is none: %s',
    async (id) => {
      const { headers } = await service.query('{ __typename }', { headers: { 'x-request-id': id } });
      expect(numberOf(headers)).toMatch(isOwn);
    },
  );

  it('is never a part of the sign-in, however it is written', async () => {
    const token = 'aZ3kQ9xT7mB2nV5c-userTok';
    const bytes = Buffer.from(token);
    const forms = [
      token,
      token.slice(0, 12),
      `id.${token.slice(3, 20)}`,
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase().slice(0, 24),
      bytes.toString('base64url'),
      Buffer.from(`{"t":"${token}"}`).toString('base64url'),
    ];
    for (const id of forms) {
      const { headers } = await service.query('{ __typename }', { token, headers: { 'x-request-id': id } });
      expect(numberOf(headers), id).toMatch(isOwn);
    }
  });
});

describe('metrics', () => {
  it('count operations by kind, name and code', async () => {
    const metric =
      'bkjob_gql_operations_total{operation_type="query",operation_name="Counted",code="NOT_FOUND"}';
    const missing = document.replace('Phase', 'Counted').replace('20000000004', '20000000999');
    for (let count = 0; count < 3; count += 1) await service.query(missing);
    await eventually(async () => {
      expect(await valueOf(metric)).toBe(3);
    });
  });

  it('tell how long requests took, by status', async () => {
    const metric =
      'http_server_request_duration_seconds_count{transport="http",http_response_status_code="400"}';
    await using asked = await startTestService();
    await asked.query('{');
    await eventually(async () => {
      expect(await valueOf(metric, asked)).toBe(1);
    });
  });

  it('tell which documents were known', async () => {
    const metric = (result: string) => `bkjob_gql_document_store_lookups_total{result="${result}"}`;
    await using asked = await startTestService();
    for (const name of ['First', 'First', 'Second']) await asked.query(`query ${name} { __typename }`);
    expect(await valueOf(metric('hit'), asked)).toBe(1);
    expect(await valueOf(metric('miss'), asked)).toBe(2);
  });

  it('name so many operations and no more, whatever clients think of', async () => {
    await using asked = await startTestService();
    for (let count = 0; count < 250; count += 1) {
      await asked.query(`query Made${String(count)} { __typename }`);
    }
    const labels = (await metrics(asked)).filter((line) => line.startsWith('bkjob_gql_operations_total'));
    const names = new Set(labels.map((line) => /operation_name="([^"]*)"/.exec(line)?.[1]));
    expect(names.size).toBeLessThanOrEqual(202);
    expect(names).toContain('(others)');
  });

  it('are read at their own address and nowhere else', async () => {
    const { origin } = new URL(service.metricsUrl);
    for (const url of [`${origin}/`, `${origin}/graphql`, new URL('/metrics', service.graphqlUrl)]) {
      const response = await fetch(url);
      await response.arrayBuffer();
      expect(response.status).toBe(404);
    }
  });
});

describe('a call of bk-job', () => {
  it('is a line, a part of the request’s, and carries its number and its place in a trace', async () => {
    await using asked = await startTestService();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await asked.query(document, { headers: { 'x-request-id': 'nightly-7', traceparent } });
    await eventually(() => {
      expect(asked.logged.map((line) => line['msg'])).toEqual(['upstream call', 'request']);
    });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    expect(asked.logged).toMatchObject([
      {
        level: 20,
        requestId: 'nightly-7',
        traceId,
        endpoint: 'get_job_instance_status',
        hostDetail: false,
        outcome: 'ok',
        upstreamCode: null,
        attempt: 1,
        upstreamRequestId: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
      { requestId: 'nightly-7', traceId, calls: 1, joined: 0 },
    ]);
    expect(asked.simulator.calls.all()).toMatchObject([
      { headers: { 'x-request-id': 'nightly-7', traceparent } },
    ]);
    const labels = 'endpoint="get_job_instance_status",host_detail="false",outcome="ok"';
    expect(await valueOf(`http_client_request_duration_seconds_count{${labels}}`, asked)).toBe(1);
  });

  it('that fails is a line of level info, with how it failed', async () => {
    await using asked = await startTestService();
    await asked.query(document, { token: 'nobody' });
    await eventually(() => {
      expect(asked.logged).toMatchObject([
        { level: 30, msg: 'upstream call', outcome: 'UNAUTHENTICATED' },
        { level: 30, msg: 'request', code: 'UNAUTHENTICATED', status: 200, calls: 1 },
      ]);
    });
  });

  it('that bk-job answers with a failure of its own is told with its number of that', async () => {
    await using asked = await startTestService();
    asked.simulator.faults.inject({ fault: { kind: 'envelope', code: 1_240_002 } });
    await asked.query(document);
    await eventually(() => {
      expect(asked.logged).toMatchObject([
        { level: 30, msg: 'upstream call', outcome: 'UPSTREAM_ERROR', upstreamCode: 1_240_002 },
        { level: 30, msg: 'request', code: 'UPSTREAM_ERROR' },
      ]);
    });
  });

  it('that several requests of one caller share is begun for one of them', async () => {
    await using asked = await startTestService();
    asked.simulator.faults.inject({ fault: { kind: 'delay', ms: 100 }, times: 1 });
    await Promise.all([1, 2, 3].map(() => asked.query(document)));
    await eventually(() => {
      const requests = asked.logged.filter((line) => line['msg'] === 'request');
      expect(requests.map(({ calls, joined }) => [calls, joined]).toSorted()).toEqual([
        [0, 1],
        [0, 1],
        [1, 0],
      ]);
    });
    const labels = 'endpoint="get_job_instance_status",host_detail="false"';
    expect(await valueOf(`bkjob_gql_upstream_reads_joined_total{${labels}}`, asked)).toBe(2);
  });
});
