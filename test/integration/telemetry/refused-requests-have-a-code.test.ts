import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { startTestService, type LogLine, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service[Symbol.asyncDispose]());

const query = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { name } }';
const following = `subscription { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { name } }`;

interface Asked {
  readonly method?: 'GET' | 'PUT';
  readonly path?: string;
  readonly search?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a text as it stands. */
  readonly body?: unknown;
}

const preflight = { 'apollo-require-preflight': 'x' };
const stream = { accept: 'text/event-stream' };

const refused: Readonly<Record<string, readonly [asked: Asked, status: number, code: string]>> = {
  'a credential in the URL': [{ search: { bk_token: 'x' }, body: { query } }, 400, 'BAD_USER_INPUT'],
  'a body of nothing': [{ body: {} }, 400, 'BAD_USER_INPUT'],
  'a body that is a list': [{ body: [{ query }] }, 400, 'BAD_USER_INPUT'],
  'a body that is no JSON': [{ body: '{' }, 400, 'BAD_USER_INPUT'],
  'a body beyond what may be': [{ body: ' '.repeat(2 ** 20 + 1) }, 413, 'BAD_USER_INPUT'],
  'a body that is plain text': [{ headers: { 'content-type': 'text/plain' } }, 415, 'BAD_USER_INPUT'],
  'no document': [{ body: { variables: {} } }, 400, 'BAD_USER_INPUT'],
  'a document that is a number': [{ body: { query: 1 } }, 400, 'BAD_USER_INPUT'],
  'a document of 100,000 letters': [{ body: { query: query.padEnd(1e5) } }, 400, 'OPERATION_TOO_COMPLEX'],
  'a document that does not parse': [{ body: { query: '{' } }, 400, 'GRAPHQL_PARSE_FAILED'],
  'variables that are a text': [{ body: { query, variables: '{}' } }, 400, 'BAD_USER_INPUT'],
  'variables that are a list': [{ body: { query, variables: [] } }, 400, 'BAD_USER_INPUT'],
  'extensions that are a text': [{ body: { query, extensions: '{}' } }, 400, 'BAD_USER_INPUT'],
  'a name of an operation that is a number': [{ body: { query, operationName: 1 } }, 400, 'BAD_USER_INPUT'],
  'a name of no operation': [{ body: { query, operationName: 'A' } }, 400, 'OPERATION_RESOLUTION_FAILURE'],
  'a document to be stored': [
    { body: { query, extensions: { persistedQuery: { version: 1, sha256Hash: '00' } } } },
    200,
    'PERSISTED_QUERY_NOT_SUPPORTED',
  ],
  'an answer of another type': [
    { headers: { accept: 'text/plain' }, body: { query } },
    406,
    'BAD_USER_INPUT',
  ],
  'a stream of a query': [{ headers: stream, body: { query } }, 406, 'BAD_USER_INPUT'],
  'a stream with variables that are a list': [
    { headers: stream, body: { query: following, variables: [] } },
    400,
    'BAD_USER_INPUT',
  ],
  'a stream that is asked for by more than it may be': [
    { headers: stream, body: { query: following, variables: { undeclared: ' '.repeat(2 ** 16) } } },
    413,
    'BAD_USER_INPUT',
  ],
  'a stream with a sign-in that is none': [
    { headers: { ...stream, 'x-bkapi-authorization': '' }, body: { query: following } },
    400,
    'BAD_USER_INPUT',
  ],
  'GET that a page can send': [{ method: 'GET', search: { query } }, 400, 'BAD_USER_INPUT'],
  'GET of a stream that a page can send': [
    {
      method: 'GET',
      headers: { ...stream, origin: 'https://elsewhere.example.com' },
      search: { query: following },
    },
    400,
    'BAD_USER_INPUT',
  ],
  'GET of nothing': [{ method: 'GET', headers: preflight }, 400, 'BAD_USER_INPUT'],
  'GET of a subscription': [
    { method: 'GET', headers: preflight, search: { query: following } },
    405,
    'BAD_USER_INPUT',
  ],
  'GET with variables that are none': [
    { method: 'GET', headers: preflight, search: { query, variables: 'x' } },
    400,
    'BAD_USER_INPUT',
  ],
  'GET with extensions deeper than may be': [
    { method: 'GET', headers: preflight, search: { query, extensions: '['.repeat(200) } },
    400,
    'BAD_USER_INPUT',
  ],
  'GET of a type that is none': [
    { method: 'GET', headers: { ...preflight, 'content-type': 'text/css' }, search: { query } },
    415,
    'BAD_USER_INPUT',
  ],
  'another method': [{ method: 'PUT' }, 405, 'BAD_USER_INPUT'],
  'a path of nobody': [{ path: '/admin' }, 404, 'NOT_FOUND'],
};

function ask({ method, path, search, headers, body }: Asked): Promise<Response> {
  const url = new URL(path ?? service.graphqlUrl, service.graphqlUrl);
  url.search = new URLSearchParams(search).toString();
  const type = method === 'GET' ? {} : { 'content-type': 'application/json' };
  return fetch(url, {
    method: method ?? 'POST',
    headers: { 'x-bkapi-authorization': '{"bk_token":"alice"}', ...type, ...headers },
    ...(method !== 'GET' && { body: typeof body === 'string' ? body : JSON.stringify(body ?? {}) }),
  });
}

/** Waits for the line of the request with this number: it is written when the answer has gone out. */
function lineOf(requestId: string | null): Promise<LogLine> {
  return eventually(() => {
    const line = service.logged.find((one) => one['requestId'] === requestId && one['msg'] === 'request');
    if (line === undefined) throw new Error(`There is no line of ${String(requestId)} yet.`);
    return line;
  });
}

it.each(Object.entries(refused))('%s is told of and counted with its code', async (_name, wanted) => {
  const [asked, status, code] = wanted;
  const response = await ask(asked);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  expect(response.status).toBe(status);
  const line = await lineOf(response.headers.get('x-request-id'));
  expect(line).toMatchObject({ status, code, calls: 0 });
  expect(await service.telemetry.metricsPage()).not.toMatch(/^bkjob_gql_operations_total\{.*code="ok"/m);
});
