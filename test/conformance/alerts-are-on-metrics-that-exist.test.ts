import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const page = /## Running it in production\n[^]*?\n## /.exec(readme)?.[0] ?? '';
const named = [...page.matchAll(/\b(?:bkjob_gql|http_server|nodejs)_[a-z0-9_]+/g)].map(([name]) =>
  name.replace(/_bucket$/, ''),
);

it('every metric that the README tells to watch is one of this service', async () => {
  const destination = { write: () => undefined };
  const telemetry = createTelemetry({ level: 'silent', destination, secrets: [], ofProcess: true });
  const served = await telemetry.metricsPage();
  expect(named.length).toBeGreaterThan(5);
  expect([...new Set(named)].filter((name) => !served.includes(`# TYPE ${name} `))).toEqual([]);
});
