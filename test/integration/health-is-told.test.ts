import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/start-test-service.ts';

it.each([{}, { BKJOB_GQL__HEALTH_CHECK__PATH: '/healthz', NODE_ENV: 'production' }])(
  'the service says that it lives and is ready, to anybody, without asking bk-job: %j',
  async (environment) => {
    await using service = await startTestService({ environment });
    service.simulator.faults.inject({ fault: { kind: 'reset' } });
    for (const query of ['', '?live', '?ready']) {
      const response = await fetch(`${service.healthUrl}${query}`);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status: 'UP' });
      expect(response.headers.get('cache-control')).toBe('private, no-store');
    }
    expect(service.simulator.calls.all()).toEqual([]);
  },
);

it('a service that is told to end is not ready, and alive', async () => {
  await using service = await startTestService();
  service.stopBeingReady();
  const ready = await fetch(`${service.healthUrl}?ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ status: 'DOWN' });
  expect((await fetch(service.healthUrl)).status).toBe(200);
  expect((await service.query('{ __typename }')).status).toBe(200);
});

/** Where health is told: where GraphQL is, at an address of its own, and where metrics are. */
const places: readonly [string, Readonly<Record<string, string>>, (service: TestService) => string][] = [
  ['where GraphQL is', {}, ({ healthUrl }) => healthUrl],
  [
    'at an address of its own',
    { BKJOB_GQL__HEALTH_CHECK__LISTEN: '127.0.0.1:0' },
    ({ healthUrl }) => healthUrl,
  ],
  ['where metrics are', {}, ({ metricsUrl }) => new URL('/health', metricsUrl).href],
];

it.each(places)('%s whether it is ready is told in any case, and by HEAD', async (_, environment, urlOf) => {
  await using service = await startTestService({ environment });
  const url = urlOf(service);
  const statusOf = async (query: string, method: string) => {
    const response = await fetch(`${url}${query}`, { method });
    return [response.status, await response.text()];
  };
  service.stopBeingReady();
  for (const query of ['', '?live', '?LIVE']) {
    expect(await statusOf(query, 'GET')).toEqual([200, '{"status":"UP"}']);
    expect(await statusOf(query, 'HEAD')).toEqual([200, '']);
  }
  for (const query of ['?ready', '?READY', '?Ready=1']) {
    expect(await statusOf(query, 'GET')).toEqual([503, '{"status":"DOWN"}']);
    expect(await statusOf(query, 'HEAD')).toEqual([503, '']);
  }
});

it('balancers that ask in HTTP/1.0 need no host', async () => {
  await using service = await startTestService();
  const { hostname, port } = new URL(service.healthUrl);
  for (const [version, status] of [
    ['1.0', 200],
    ['1.1', 400],
  ] as const) {
    const client = connect(Number(port), hostname);
    client.write(`GET /health HTTP/${version}\r\nconnection: close\r\n\r\n`);
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(answer.toString()).toContain(`HTTP/1.1 ${String(status)} `);
    client.destroy();
  }
});

/** The exit code of the health check of the image, in this environment. */
async function healthCheckOfImage(environment: Readonly<Record<string, string>>): Promise<number | null> {
  const image = await readFile(new URL('../../Dockerfile', import.meta.url), 'utf8');
  const [, command = ''] = /^HEALTHCHECK .*?CMD (\[[^]*?\])\n[A-Z]/m.exec(image) ?? [];
  const [, ...args] = JSON.parse(command.replaceAll('\\\n', '')) as string[];
  const checking = execFile(process.execPath, args, { env: environment });
  const [code] = (await once(checking, 'close')) as [number | null];
  return code;
}

it('the image is healthy wherever health is told', async () => {
  for (const [, environment, urlOf] of places.slice(0, 2)) {
    await using service = await startTestService({ environment });
    const { host, port } = new URL(urlOf(service));
    const isAlone = environment['BKJOB_GQL__HEALTH_CHECK__LISTEN'] !== undefined;
    const told = isAlone
      ? { BKJOB_GQL__HEALTH_CHECK__LISTEN: host, PORT: new URL(service.graphqlUrl).port }
      : { BKJOB_GQL__HEALTH_CHECK__LISTEN: 'off', PORT: port };
    expect(await healthCheckOfImage(told)).toBe(0);
    expect(await healthCheckOfImage({ ...told, BKJOB_GQL__HEALTH_CHECK__PATH: '/nowhere' })).toBe(1);
  }
});
