import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { UpstreamCall } from '../../src/upstream/upstream-observer.ts';
import { createTelemetry, type Telemetry } from '../../src/telemetry/telemetry.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** Names and labels of metrics as README.md lists them. */
function documented(): Readonly<Record<string, readonly string[]>> {
  const rows = [...readme.matchAll(/^\| `((?:http|bkjob_gql)_\w+)` +\| ([^|]*)\|/gm)];
  return Object.fromEntries(
    rows.map(([, name = '', labels = '']) => [
      name,
      [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label).toSorted(),
    ]),
  );
}

/** Tells everything there is to tell, once. */
function tellAll(telemetry: Telemetry): void {
  const { requests, execution, upstream, admission, live, heldHosts, log } = telemetry;
  const request = requests.begin({ transport: 'http', headers: {} });
  request.resolved({ kind: 'query', name: 'Some' });
  request.answered([]);
  request.ended({ status: 200, complete: true });
  requests.connectionRefused('malformed');
  execution.documentLookedUp(true);
  execution.fastPathTaken();
  execution.fastPathLeft('reason');
  const started = { endpoint: 'get_job_instance_status', hostDetail: true } as const;
  const call: UpstreamCall = {
    ...started,
    attempt: 2,
    outcome: 'ok',
    upstreamCode: null,
    durationMs: 1,
    requestId: null,
  };
  upstream.callEnded(call);
  upstream.readJoined(true);
  upstream.cacheLookedUp(true, false);
  upstream.readRefused(true, 'queue');
  upstream.retryDenied(true);
  upstream.scanGivenUp();
  upstream.gaugesOpened({
    pool: () => ({ connected: 1, free: 1, pending: 0, running: 0 }),
    retryBudget: () => 10,
    cachedBytes: () => 0,
  });
  admission.classOpened('query', { running: () => 1, waiting: () => 0 });
  admission.admitted('query', 1);
  admission.shed('query', 'queue');
  live.subscriptionOpened('sse');
  live.subscriptionOpened('sse');
  live.subscriptionEnded('sse', 'over');
  live.subscriptionRejected('limit');
  live.readerStarted();
  live.memoryOpened(() => 1);
  live.published(1);
  heldHosts.gaugeOpened(() => 1);
  heldHosts.refused();
  log.fault(new Error('a fault'));
}

it('README.md lists every metric of the service with its labels, and no other', async () => {
  const destination = { write: () => undefined };
  const telemetry = createTelemetry({ level: 'silent', destination, secrets: [], ofProcess: false });
  tellAll(telemetry);
  const page = await telemetry.metricsPage();
  const names = [...page.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);
  const told = Object.fromEntries(
    names.map((name) => {
      const sample = new RegExp(`^${name}(?:_count)?(?:\\{([^}]*)\\})? `, 'm').exec(page);
      expect(sample, name).not.toBeNull();
      return [name, [...(sample?.[1] ?? '').matchAll(/(\w+)="/g)].map(([, label]) => label).toSorted()];
    }),
  );
  expect(told).toEqual(documented());
});

it('the process is measured where it is asked for', async () => {
  const destination = { write: () => undefined };
  const telemetry = createTelemetry({ level: 'silent', destination, secrets: [], ofProcess: true });
  const page = await telemetry.metricsPage();
  for (const [, name = ''] of readme.matchAll(/`((?:nodejs|process)_\w+)`/g)) {
    expect(page).toContain(`# TYPE ${name.replace('_p99', '')}`.slice(0, 20));
    expect(page).toContain(name);
  }
});

it('queries of README.md name metrics that there are', () => {
  const known = Object.keys(documented());
  for (const [, query = ''] of readme.matchAll(/```promql\n(.*?)```/gs)) {
    for (const [name] of query.matchAll(/\b(?:http|bkjob_gql)_\w+/g)) {
      if (name === 'http_response_status_code') continue;
      expect(known).toContain(name.replace(/_(?:bucket|count|sum)$/, ''));
    }
  }
});
