import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { firstOperation } from '../../../src/server/explorer/first-operation.ts';
import { startService } from '../../../src/service.ts';
import { startTestService } from '../../support/start-test-service.ts';

/** What a browser is shown at an address. */
async function open(url: string | URL) {
  const response = await fetch(url, { headers: { accept: 'text/html' } });
  const { status, headers } = response;
  const policy = headers.get('content-security-policy');
  return { status, type: headers.get('content-type'), policy, page: await response.text() };
}

describe('a browser that opens the endpoint', () => {
  it('gets Apollo Sandbox with the first operation of the demonstration in it', async () => {
    const settings = loadSettings({ BKJOB_GQL__SERVER__PORT: '0' }, () => '');
    const service = await startService(settings, { report: () => undefined });
    try {
      const { type, page } = await open(service.graphqlUrl);
      expect(type).toContain('text/html');
      const { document, variables } = firstOperation({ embeddedUpstream: true });
      expect(page).toContain('EmbeddedSandbox');
      expect(page).toContain(
        `"document":${JSON.stringify(document)},"variables":${JSON.stringify(variables)}`,
      );
      expect(page).toContain(String.raw`"X-Bkapi-Authorization":"{\"bk_token\":\"alice\"}"`);
      expect(page).toContain('"includeCookies":false');
      expect(page).toContain('"runTelemetry":false');
    } finally {
      await service.close();
    }
  });
});

it('no page of another origin may frame an explorer, in which a reader may have signed in', async () => {
  await using service = await startTestService();
  for (const url of [service.graphqlUrl, service.graphiqlUrl!, service.watchUrl!]) {
    expect((await open(url)).policy).toContain("frame-ancestors 'none'");
  }
  const { headers } = await service.query('{ __typename }');
  expect(headers['content-security-policy']).toBeUndefined();
});

describe('before a real bk-job', () => {
  it('neither explorer names a job, a user or a secret', async () => {
    await using service = await startTestService();
    const { document } = firstOperation({ embeddedUpstream: false });
    for (const { page } of [await open(service.graphqlUrl), await open(service.graphiqlUrl!)]) {
      expect(page.includes(JSON.stringify(document))).toBe(true);
      const words = ['demo_secret', 'demo_app', 'alice', '20000000004'];
      expect(words.filter((word) => page.includes(word))).toEqual([]);
    }
  });

  it('the first operation, run as it stands, asks bk-job for nothing', async () => {
    await using service = await startTestService();
    const { document, variables } = firstOperation({ embeddedUpstream: false });
    const { body } = await service.query(document, { variables });
    expect(body.errors?.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
    expect(service.simulator.calls.all()).toEqual([]);
  });
});

describe('in production', () => {
  const production = { NODE_ENV: 'production' };

  it('there is no page at the endpoint and none beside it', async () => {
    await using service = await startTestService({ environment: production });
    expect(service.graphiqlUrl).toBeNull();
    const beside = await open(new URL('/graphiql', service.graphqlUrl));
    const endpoint = await open(service.graphqlUrl);
    expect([beside.status, endpoint.status]).toEqual([404, 405]);
    expect(beside.page + endpoint.page).not.toContain('<html');
  });

  it('nobody is told the schema, which queries do not need', async () => {
    await using service = await startTestService({ environment: production });
    const asked = await service.query('{ __schema { queryType { name } } }');
    expect(asked.status).toBe(400);
    expect(asked.body.errors![0]!.message).toContain('introspection has been disabled');
    const sdl = await service.query('{ ...F } fragment F on Query { _service { sdl } }', { token: null });
    expect(sdl.status).toBe(400);
    expect(JSON.stringify(sdl.body)).not.toContain('type JobInstance');
    expect((await service.query('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });

  it('either explorer can be switched on', async () => {
    await using service = await startTestService({
      environment: { ...production, BKJOB_GQL__SERVER__GRAPHIQL: 'true', BKJOB_GQL__SERVER__SANDBOX: 'true' },
    });
    expect((await open(service.graphiqlUrl!)).status).toBe(200);
    expect((await open(service.graphqlUrl)).page).toContain('EmbeddedSandbox');
  });
});
