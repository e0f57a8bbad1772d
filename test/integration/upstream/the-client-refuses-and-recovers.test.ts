import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import type { JobReference } from '../../../src/domain/scope.ts';
import { quietObserver } from '../../../src/upstream/upstream-observer.ts';
import type { Upstream as Client, UpstreamOptions } from '../../../src/upstream/upstream.ts';
import { createUpstream } from '../../../src/upstream/upstream.ts';
import { upstreamOptions } from '../../support/upstream-options.ts';
import { failureOf } from '../../support/failure-of.ts';

const caller: Caller = {
  proof: { kind: 'bk_token', value: 'planted-token' },
  tenantId: 'planted-tenant',
  language: 'en',
  fingerprint: 'fingerprint',
  account: 'fingerprint',
};
const job: JobReference = { scope: { kind: 'biz', id: '2' }, jobInstanceId: '20003456789' };

const answerText = (jobInstanceId: string, rows: string) =>
  `{"result":true,"job_request_id":"request-1","data":{"finished":true,` +
  `"job_instance":{"job_instance_id":${jobInstanceId},"name":"job","status":3},` +
  `"step_instance_list":[{"step_instance_id":9223372036854775807,"name":"step","status":3,"type":1,` +
  `"execute_count":0,"step_ip_result_list":${rows}}]}}`;

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

interface Upstream {
  readonly origin: string;
  readonly connections: () => number;
}

async function serve(listener: RequestListener): Promise<Upstream> {
  let connections = 0;
  const server = createServer(listener);
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ended.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${String(port)}`, connections: () => connections };
}

function clientOf(origin: string, changes: Partial<UpstreamOptions> = {}): Client {
  const client = createUpstream(upstreamOptions(origin, changes), { observer: quietObserver });
  ended.push(() => client.close());
  return client;
}

const detailed = { hostDetail: true };
const plain = { hostDetail: false };

/** The status of a failed answer, its headers and its body. */
function answering(text: string, status = 200, headers: Readonly<Record<string, string>> = {}) {
  return serve((_request, response) => {
    response.writeHead(status, headers).end(text);
  });
}

describe('a status', () => {
  it('comes back tied together, with 64-bit numbers as they are', async () => {
    const seen: IncomingMessage[] = [];
    const row = `{"bk_host_id":9007199254740993,"status":9,"bk_cloud_id":0}`;
    const { origin } = await serve((request, response) => {
      seen.push(request);
      response.end(answerText('20003456789', `[${row},${row}]`));
    });
    const read = await clientOf(origin).fetchJobInstanceStatus(caller, job, detailed);
    expect(read).toMatchObject({ ...job, hostDetail: { kind: 'read' } });
    const step = read.steps[0]!;
    expect(step).toMatchObject({ stepInstanceId: '9223372036854775807', position: 0 });
    expect(step.jobInstance).toBe(read);
    expect(step.ipResults).toHaveLength(2);
    for (const result of step.ipResults) {
      expect(result.bkHostId).toBe('9007199254740993');
      expect(result.step).toBe(step);
    }
    expect(Array.from(step.ipResults, ({ occurrence }) => occurrence).sort()).toEqual([0, 1]);
    expect(seen[0]).toMatchObject({
      method: 'GET',
      url: '/api/bk-job/prod/api/v3/get_job_instance_status?bk_scope_type=biz&bk_scope_id=2&job_instance_id=20003456789&return_ip_result=true',
    });
  });

  it('asked for through ESB comes the same way, below whatever path ESB has', async () => {
    const urls: string[] = [];
    const { origin } = await serve((request, response) => {
      urls.push(`${request.method!} ${request.url!}`);
      request.resume().on('end', () => response.end(answerText('20003456789', 'null')));
    });
    for (const credentialsIn of ['body', 'header'] as const) {
      const client = clientOf(origin, {
        frontDoor: { kind: 'esb', baseUrl: `${origin}/paas`, credentialsIn },
      });
      const read = await client.fetchJobInstanceStatus(caller, job, plain);
      expect(read).toMatchObject({ ...job, hostDetail: { kind: 'not-read' } });
    }
    const line = 'POST /paas/api/c/compapi/v2/jobv3/get_job_instance_status/';
    expect(urls).toEqual([line, line]);
  });

  it('of another job is refused, with the id of the request', async () => {
    const { origin } = await answering(answerText('20003456780', '[]'));
    expect(await failureOf(clientOf(origin).fetchJobInstanceStatus(caller, job, detailed))).toMatchObject({
      code: 'UPSTREAM_BAD_RESPONSE',
      requestId: 'request-1',
      message: new JobApiError('UPSTREAM_BAD_RESPONSE').message,
      cause: expect.objectContaining({ message: 'The answer is about another job.' }) as Error,
    });
  });

  it('without hosts is no longer than such an answer can be', async () => {
    const { origin } = await answering(answerText('20003456789', '[]') + ' '.repeat(4 * 1024 * 1024));
    const room = 8 * 1024 * 1024;
    const client = clientOf(origin, { maxResponseBytes: room, maxInflightResponseBytes: room });
    expect(await failureOf(client.fetchJobInstanceStatus(caller, job, plain))).toMatchObject({
      code: 'UPSTREAM_BAD_RESPONSE',
      cause: expect.objectContaining({ message: 'The answer is larger than 4194304 bytes.' }) as Error,
    });
    expect(await failureOf(client.fetchJobInstanceStatus(caller, job, detailed))).toMatchObject({
      code: 'UPSTREAM_BAD_RESPONSE',
      cause: expect.objectContaining({
        message: 'More than 4194304 bytes of the answer are none of hosts.',
      }) as Error,
    });
  });

  it('that is denied tells what is missing and where to ask for it', async () => {
    const permission = { system_id: 'bk_job', actions: [{ id: 'view_history', name: 'View History' }] };
    const { origin } = await answering(
      JSON.stringify({ result: false, code: 9900403, message: 'denied', permission }),
    );
    expect(await failureOf(clientOf(origin).fetchJobInstanceStatus(caller, job, plain))).toMatchObject({
      code: 'PERMISSION_DENIED',
      message: 'denied',
      upstreamCode: 9900403,
      permission: {
        systemId: 'bk_job',
        applyUrl: 'https://iam.example.com',
        actions: [{ id: 'view_history', name: 'View History', resources: [] }],
      },
    });
  });
});

describe('the time that a read may take', () => {
  it.each([
    ['with hosts', detailed, { statusMs: 10_000, hostDetailMs: 30 }],
    ['without hosts', plain, { statusMs: 30, hostDetailMs: 10_000 }],
  ])('is its own %s', async (_which, read, timeouts) => {
    const { origin } = await serve(() => undefined);
    const client = clientOf(origin, { timeouts: { ...timeouts } });
    expect((await failureOf(client.fetchJobInstanceStatus(caller, job, read))).code).toBe('UPSTREAM_TIMEOUT');
  });

  it('is not spent on other reads', async () => {
    const { origin } = await serve((request, response) => {
      if (request.url!.includes('return_ip_result=false')) response.end(answerText('20003456789', 'null'));
    });
    const client = clientOf(origin, {
      timeouts: { statusMs: 10_000, hostDetailMs: 30 },
    });
    const [detail, status] = await Promise.all([
      failureOf(client.fetchJobInstanceStatus(caller, job, detailed)),
      client.fetchJobInstanceStatus(caller, job, plain),
    ]);
    expect(detail.code).toBe('UPSTREAM_TIMEOUT');
    expect(status.jobInstanceId).toBe(job.jobInstanceId);
  });
});

describe('before a connection is made', () => {
  const frontDoors = (origin: string): readonly UpstreamOptions['frontDoor'][] => [
    { kind: 'apigw-v3', baseUrl: origin },
    { kind: 'esb', baseUrl: origin, credentialsIn: 'body' },
    { kind: 'esb', baseUrl: origin, credentialsIn: 'header' },
  ];

  it.each<[string, Partial<Caller>]>([
    ['proof', { proof: { kind: 'access_token', value: 'a\r\nX-Bk-Username: admin' } }],
    ['tenant', { tenantId: 'a\nb' }],
    ['language', { language: 'en\0' }],
    ['language', { language: '中文' }],
  ])('a %s that could break a header is refused', async (_what, changes) => {
    const { origin, connections } = await serve((_request, response) => response.end());
    for (const frontDoor of frontDoors(origin)) {
      const answer = clientOf(origin, { frontDoor }).fetchJobInstanceStatus(
        { ...caller, ...changes },
        job,
        plain,
      );
      expect((await failureOf(answer)).code).toBe('BAD_USER_INPUT');
    }
    expect(connections()).toBe(0);
  });

  it('an id that is none and an application that cannot be sent are refused', async () => {
    const { origin, connections } = await serve((_request, response) => response.end());
    for (const frontDoor of frontDoors(origin)) {
      const evil = { ...job, jobInstanceId: '1,"bk_username":"admin"' };
      expect(
        (await failureOf(clientOf(origin, { frontDoor }).fetchJobInstanceStatus(caller, evil, plain))).code,
      ).toBe('BAD_USER_INPUT');
      const broken = clientOf(origin, { frontDoor, appSecret: 'a\r\nb' });
      expect((await failureOf(broken.fetchJobInstanceStatus(caller, job, plain))).code).toBe(
        'SERVICE_MISCONFIGURED',
      );
    }
    expect(connections()).toBe(0);
  });
});

describe('failures', () => {
  const echo = (text: string) => JSON.stringify({ result: false, code: 1244006, message: text });

  it.each<[string, () => Promise<Upstream>]>([
    ['an answer of another job', () => answering(answerText('1', '[]'))],
    ['an answer that is too large', () => answering('x'.repeat(1_000_001))],
    ['an answer that is no JSON', () => answering('planted-secret')],
    ['a redirect', () => answering('', 302, { location: 'http://127.0.0.1/planted-path' })],
    ['a text that repeats the secret', () => answering(echo('planted-secret is wrong'))],
    [
      'a text of the inside',
      () => answering(JSON.stringify({ result: false, code: 1240002, message: 'planted' })),
    ],
    ['a connection that is cut', () => serve((request) => request.socket.destroy())],
    ['a silent upstream', () => serve(() => undefined)],
  ])('hold nothing secret: %s', async (_what, upstream) => {
    const { origin } = await upstream();
    const client = clientOf(origin, { timeouts: { statusMs: 300, hostDetailMs: 300 } });
    const error = await failureOf(client.fetchJobInstanceStatus(caller, job, detailed));
    const everything = `${inspect(error, { depth: Infinity, showHidden: true })} ${JSON.stringify(error)}`;
    expect(everything).not.toMatch(/planted|127\.0\.0\.1|get_job_instance_status|20003456789/);
  });

  it('twenty in a row cost no connection for good', async () => {
    let healthy = false;
    let requests = 0;
    const faults: readonly RequestListener[] = [
      (request) => request.socket.destroy(),
      (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end('moved'),
      () => undefined,
      (_request, response) => response.writeHead(200, { 'content-length': '5000000' }).write('{'),
      (_request, response) => response.writeHead(200, { 'content-length': '50' }).write('{'),
      (_request, response) => response.end('x'.repeat(2_000_000)),
      (_request, response) => response.writeHead(502).end('<html></html>'),
    ];
    const { origin } = await serve((request, response) => {
      if (healthy) response.end(answerText('20003456789', '[]'));
      else faults[requests++ % faults.length]!(request, response);
    });
    const client = clientOf(origin, { timeouts: { statusMs: 10_000, hostDetailMs: 100 } });
    const codes = new Set<string>();
    for (let attempt = 0; attempt < 20; attempt += 1) {
      codes.add((await failureOf(client.fetchJobInstanceStatus(caller, job, detailed))).code);
    }
    expect(requests).toBe(20);
    expect([...codes].sort()).toEqual(['UPSTREAM_BAD_RESPONSE', 'UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE']);
    healthy = true;
    expect((await client.fetchJobInstanceStatus(caller, job, plain)).jobInstanceId).toBe('20003456789');
  });

  it('of an upstream that announces too much come before its bytes', async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '5000000' }).write('{');
    });
    const { code } = await failureOf(clientOf(origin).fetchJobInstanceStatus(caller, job, detailed));
    expect(code).toBe('UPSTREAM_BAD_RESPONSE');
  });
});

it('a client that is closed lets reads end and takes no more', async () => {
  const { origin } = await serve((_request, response) => response.end(answerText('20003456789', '[]')));
  const client = clientOf(origin);
  const underWay = client.fetchJobInstanceStatus(caller, job, detailed);
  ended.pop();
  await client.close();
  expect((await underWay).jobInstanceId).toBe('20003456789');
  expect((await failureOf(client.fetchJobInstanceStatus(caller, job, detailed))).code).toBe(
    'UPSTREAM_UNAVAILABLE',
  );
});
