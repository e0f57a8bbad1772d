import { expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/start-test-service.ts';

const statusOf = (id: string): string => `query Status {
  jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "${id}") { jobInstanceId name }
  ${' '.repeat(id.length)}missing: jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "9${id}") { name }
}`;

it('documents that differ in ids alone are read once, and each is answered and blamed as itself', async () => {
  await using service = await startTestService();
  const ids = ['20000000004', '20000000009', '20000001001', '20000001002'];
  for (const id of ids) {
    const { body } = await service.query(statusOf(id));
    const line = statusOf(id).split('\n')[2]!;
    expect(body.data).toMatchObject({ jobInstance: { jobInstanceId: id }, missing: null });
    expect(body.errors).toMatchObject([
      {
        path: ['missing'],
        locations: [{ line: 3, column: line.indexOf('missing') + 1 }],
        extensions: { code: 'NOT_FOUND' },
      },
    ]);
  }
  expect(service.simulator.calls.all()).toHaveLength(2 * ids.length);
  const metrics = await (await fetch(service.metricsUrl)).text();
  // Twice: the text as it came first, and the one that all others share.
  expect(metrics).toContain('bkjob_gql_document_store_lookups_total{result="miss"} 2\n');
});

/** Asks for one job by a URL, with variables as they stand. */
function askByUrl(service: TestService, parameters: Readonly<Record<string, string>>): Promise<Response> {
  const query =
    'query ($id: ID!) { jobInstance(scope: {bkBizId: "2"}, jobInstanceId: $id) { jobInstanceId } }';
  const url = new URL(service.graphqlUrl);
  url.search = new URLSearchParams({ query, ...parameters }).toString();
  const headers = { 'x-bkapi-authorization': '{"bk_token":"alice"}', 'apollo-require-preflight': 'x' };
  return fetch(url, { headers });
}

it.each(['9007199254740993', '"9007199254740993"'])(
  'an id that a URL holds as %s reaches bk-job digit by digit',
  async (id) => {
    await using service = await startTestService();
    const response = await askByUrl(service, { variables: `{"id": ${id}}` });
    expect(await response.json()).toEqual({ data: { jobInstance: { jobInstanceId: '9007199254740993' } } });
    expect(service.simulator.calls.all().map(({ jobInstanceId }) => jobInstanceId)).toEqual([
      '9007199254740993',
    ]);
  },
);

it.each([
  ['variables that are no JSON', { variables: '{"id": 9007199254740993x}' }],
  ['variables that are no object', { variables: '9007199254740993' }],
  [
    'variables deeper than those of a body',
    { variables: `{"id": 1, "a": ${'['.repeat(100)}${']'.repeat(100)}}` },
  ],
  ['extensions that are no JSON', { variables: '{"id": 1}', extensions: '{' }],
  [
    'extensions deeper than those of a body',
    { variables: '{"id": 1}', extensions: `{"a": ${'['.repeat(100)}${']'.repeat(100)}}` },
  ],
])('%s are refused in a URL, and bk-job is not asked', async (_case, parameters) => {
  await using service = await startTestService();
  const response = await askByUrl(service, parameters);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  expect(service.simulator.calls.all()).toEqual([]);
});
