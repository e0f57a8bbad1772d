import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { jobOperation } from '../support/expected-answer.ts';
import { startTestService } from '../support/start-test-service.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { startService } from '../../src/service.ts';

const doors = [
  { frontDoor: 'apigw-v3' },
  { frontDoor: 'esb', esbCredentials: 'body' },
  { frontDoor: 'esb', esbCredentials: 'header' },
] as const;

const jobs = [
  [{ bkBizId: '2' }, '20000000004'],
  [{ bkBizId: '2' }, '9007199254740993'],
  [{ bkBizSetId: '9' }, '20000000030'],
  [{ bkTenantSetId: '7' }, '20000000031'],
] as const;

describe.each(['scope', 'bk_biz_id'])('with scopes named by %s', (scopeParameters) => {
  it('every door gives the same answer', async () => {
    const answers = await Promise.all(
      doors.map(async (door) => {
        await using service = await startTestService({
          ...door,
          simulator: { now: () => 1_790_000_000_000 },
          environment: { BKJOB_GQL__UPSTREAM__SCOPE_PARAMETERS: scopeParameters },
        });
        const asked = jobs.map(([scope, job]) =>
          service.query(jobOperation, { variables: { scope, job, hosts: true } }),
        );
        return (await Promise.all(asked)).map(({ body }) => body);
      }),
    );
    for (const { errors, data } of answers.flat()) {
      expect(errors).toBeUndefined();
      expect(data?.['jobInstance']).not.toBeNull();
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });
});

interface SeenRequest {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a service sends for one question, taken down word by word. */
async function requestOf(environment: Readonly<Record<string, string>>): Promise<SeenRequest> {
  const seen: SeenRequest[] = [];
  const platform = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      seen.push({ line: `${request.method!} ${request.url!}`, headers: request.headers, body });
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"result":false,"code":1244006,"message":"-"}');
    });
  });
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
  const { port } = platform.address() as AddressInfo;
  const settings = loadSettings(
    {
      BKJOB_GQL__SERVER__PORT: '0',
      BKJOB_GQL__UPSTREAM__BASE_URL: `http://127.0.0.1:${String(port)}/base/`,
      BKJOB_GQL__UPSTREAM__APP_CODE: 'my_app',
      BKJOB_GQL__UPSTREAM__APP_SECRET: 'my_"secret"',
      ...environment,
    },
    () => '',
  );
  const service = await startService(settings, { report: () => undefined });
  await fetch(service.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-bkapi-authorization': '{"bk_ticket":"t\\"icket"}' },
    body: JSON.stringify({
      query: '{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: 9007199254740993) { name } }',
    }),
  });
  await service.close();
  platform.closeAllConnections();
  await new Promise((resolve) => platform.close(resolve));
  expect(seen).toHaveLength(1);
  return seen[0]!;
}

const credentials = { bk_app_code: 'my_app', bk_app_secret: 'my_"secret"', bk_ticket: 't"icket' };

describe('what is sent', () => {
  it('to the API gateway is a GET with the credentials in its header', async () => {
    const { line, headers, body } = await requestOf({
      BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3',
      BKJOB_GQL__UPSTREAM__STAGE: 'stag',
    });
    expect(line).toBe(
      'GET /base/stag/api/v3/get_job_instance_status?bk_scope_type=biz&bk_scope_id=2&job_instance_id=9007199254740993&return_ip_result=false',
    );
    expect(JSON.parse(String(headers['x-bkapi-authorization']))).toEqual(credentials);
    expect(body).toBe('');
  });

  it('to ESB is a POST with everything in its body, ids as whole numbers', async () => {
    const { line, headers, body } = await requestOf({
      BKJOB_GQL__UPSTREAM__KIND: 'esb',
      BKJOB_GQL__UPSTREAM__SCOPE_PARAMETERS: 'bk_biz_id',
    });
    expect(line).toBe('POST /base/api/c/compapi/v2/jobv3/get_job_instance_status/');
    expect(headers['x-bkapi-authorization']).toBeUndefined();
    expect(body).toContain('"bk_biz_id":2,"job_instance_id":9007199254740993,"return_ip_result":false');
    expect(JSON.parse(body)).toMatchObject(credentials);
  });

  it('to ESB in its other form has the credentials in the header and none in the body', async () => {
    const { headers, body } = await requestOf({
      BKJOB_GQL__UPSTREAM__KIND: 'esb',
      BKJOB_GQL__UPSTREAM__ESB_CREDENTIALS: 'header',
    });
    expect(JSON.parse(String(headers['x-bkapi-authorization']))).toEqual(credentials);
    expect(body).toBe(
      '{"bk_scope_type":"biz","bk_scope_id":"2","job_instance_id":9007199254740993,"return_ip_result":false}',
    );
  });
});
