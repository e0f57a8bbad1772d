import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { settingsReference } from '../../../src/config/model.ts';
import type { Settings } from '../../../src/config/settings.ts';
import { faultsOf, noFile } from '../../support/load-settings.ts';
import { trafficExamples, type Environment, type Example } from './traffic-examples.ts';
import { subscriptionExamples } from './subscription-examples.ts';

const esb: Environment = {
  BKJOB_GQL__UPSTREAM__KIND: 'esb',
  BKJOB_GQL__UPSTREAM__BASE_URL: 'https://esb.example.com',
  BKJOB_GQL__UPSTREAM__APP_CODE: 'app',
  BKJOB_GQL__UPSTREAM__APP_SECRET: 'secret',
};
const apigw: Environment = { ...esb, BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3' };

const ofUpstream =
  (name: string) =>
  ({ upstream }: Settings): unknown =>
    Object.entries(upstream).find(([key]) => key === name)?.[1];

/** For each setting a value that is not its default, and where it arrives. */
const examples: Readonly<Record<string, Example>> = {
  'server.host': { value: '::1', read: ({ server }) => server.host, expected: '::1' },
  'server.port': { value: '8080', read: ({ server }) => server.port, expected: 8080 },
  'server.path': { value: '/api', read: ({ server }) => server.path, expected: '/api' },
  'limits.http_max_request_bytes': {
    value: '2MiB',
    read: ({ limits }) => limits.maxRequestBytes,
    expected: 2_097_152,
  },
  'server.allowed_origins': {
    value: 'https://a.example.com,https://b.example.com',
    read: ({ server }) => server.allowedOrigins,
    expected: ['https://a.example.com', 'https://b.example.com'],
  },
  'server.allow_get': { value: 'off', read: ({ server }) => server.allowGet, expected: false },
  'server.header_read_timeout': {
    value: '2s',
    read: ({ server }) => server.connections.headerReadTimeout,
    expected: 2000,
  },
  'server.request_read_timeout': {
    value: '1m',
    read: ({ server }) => server.connections.requestReadTimeout,
    expected: 60_000,
  },
  'server.write_stall_timeout': {
    value: '10s',
    read: ({ server }) => server.connections.writeStallTimeout,
    expected: 10_000,
  },
  'server.keep_alive_timeout': {
    value: '5s',
    read: ({ server }) => server.connections.keepAliveTimeout,
    expected: 5000,
  },
  'server.max_connections': {
    value: '100',
    read: ({ server }) => server.connections.maxConnections,
    expected: 100,
  },
  'server.introspection': { value: 'off', read: ({ server }) => server.introspection, expected: false },
  'server.sandbox': { value: 'false', read: ({ server }) => server.sandbox, expected: false },
  'server.graphiql': { value: 'off', read: ({ server }) => server.graphiql, expected: false },
  'server.watch': { value: 'off', read: ({ server }) => server.watch, expected: false },
  'server.watch_path': { value: '/follow', read: ({ server }) => server.watchPath, expected: '/follow' },
  'server.graphiql_path': { value: '/ide', read: ({ server }) => server.graphiqlPath, expected: '/ide' },
  'upstream.kind': { value: 'esb', beside: esb, read: ofUpstream('kind'), expected: 'esb' },
  'upstream.base_url': {
    value: 'http://esb.example.org',
    beside: esb,
    read: ofUpstream('baseUrl'),
    expected: 'http://esb.example.org',
  },
  'upstream.stage': {
    value: 'test',
    beside: apigw,
    read: ofUpstream('baseUrl'),
    expected: 'https://esb.example.com/test',
  },
  'upstream.app_code': { value: 'other', beside: esb, read: ofUpstream('appCode'), expected: 'other' },
  'upstream.app_secret': { value: 'x', beside: esb, read: ofUpstream('appSecret'), expected: 'x' },
  'upstream.esb_credentials': {
    value: 'header',
    beside: esb,
    read: ofUpstream('esbCredentials'),
    expected: 'header',
  },
  'upstream.scope_parameters': {
    value: 'bk_biz_id',
    read: ofUpstream('scopeParameters'),
    expected: 'bk_biz_id',
  },
  'upstream.connect_timeout': { value: '1s', read: ofUpstream('connectTimeout'), expected: 1000 },
  'upstream.timeout': { value: '5s', read: ofUpstream('timeout'), expected: 5000 },
  'upstream.host_detail_timeout': { value: '1m', read: ofUpstream('hostDetailTimeout'), expected: 60_000 },
  'upstream.max_response_bytes': { value: '1KiB', read: ofUpstream('maxResponseBytes'), expected: 1024 },
  'upstream.max_inflight_response_bytes': {
    value: '64MiB',
    read: ofUpstream('maxInflightResponseBytes'),
    expected: 67_108_864,
  },
  'upstream.max_held_host_bytes': {
    value: '64MiB',
    read: ofUpstream('maxHeldHostBytes'),
    expected: 67_108_864,
  },
  'upstream.host_detail_connections': {
    value: '8',
    read: ofUpstream('hostDetailConnections'),
    expected: 8,
  },
  'upstream.max_queued_reads': { value: '9', read: ofUpstream('maxQueuedReads'), expected: 9 },
  'upstream.connections': { value: '2', read: ofUpstream('connections'), expected: 2 },
  'upstream.max_parallel_reads': { value: '1', read: ofUpstream('maxParallelReads'), expected: 1 },
  'links.job_web_url': {
    value: 'https://job.example.com/',
    read: ({ links }) => links.jobWebUrl,
    expected: 'https://job.example.com',
  },
  'links.permission_apply_url': {
    value: 'https://iam.example.com/apply#/x',
    read: ({ links }) => links.permissionApplyUrl,
    expected: 'https://iam.example.com/apply#/x',
  },
  'schema.node': { value: 'off', read: ({ schema }) => schema.node, expected: false },
  'simulator.port': { value: '8081', read: ({ simulator }) => simulator.port, expected: 8081 },
  'simulator.seed': { value: '7', read: ({ simulator }) => simulator.seed, expected: 7 },
  'limits.http_max_request_headers': {
    value: '50',
    read: ({ limits }) => limits.maxRequestHeaders,
    expected: 50,
  },
  'limits.max_header_bytes': {
    value: '32KiB',
    read: ({ limits }) => limits.maxHeaderBytes,
    expected: 32_768,
  },
  'limits.max_document_bytes': {
    value: '1MiB',
    read: ({ limits }) => limits.maxDocumentBytes,
    expected: 1_048_576,
  },
  'limits.parser_max_tokens': { value: '5000', read: ({ limits }) => limits.parserMaxTokens, expected: 5000 },
  'demand_control.max': { value: '99', read: ({ limits }) => limits.maxCost, expected: 99 },
  'cache.memory.ttl': { value: '2s', read: ({ cache }) => cache?.ttl, expected: 2000 },
  'cache.memory.terminal_ttl': { value: '1m', read: ({ cache }) => cache?.terminalTtl, expected: 60_000 },
  'cache.memory.max_bytes': {
    value: '2MiB',
    beside: { BKJOB_GQL__CACHE__MEMORY__TTL: '1s' },
    read: ({ cache }) => cache?.maxBytes,
    expected: 2_097_152,
  },
  ...trafficExamples,
  ...subscriptionExamples,
  'shutdown.drain_delay': { value: '5s', read: ({ shutdown }) => shutdown.drainDelay, expected: 5_000 },
  'shutdown.grace_period': { value: '0', read: ({ shutdown }) => shutdown.gracePeriod, expected: 0 },
  'shutdown.websocket_drain_window': {
    value: '3s',
    read: ({ subscription }) => subscription.drainWindow,
    expected: 3_000,
  },
  'telemetry.metrics.listen': {
    value: '[::1]:9464',
    read: ({ telemetry }) => telemetry.metrics.listen,
    expected: { host: '::1', port: 9464 },
  },
  'telemetry.metrics.path': {
    value: '/-/metrics',
    read: ({ telemetry }) => telemetry.metrics.path,
    expected: '/-/metrics',
  },
  'log.buffer': { value: '1MiB', read: ({ log }) => log.buffer, expected: 1_048_576 },
  'log.level': { value: 'silent', read: ({ log }) => log.level, expected: 'silent' },
};

/** The setting of this path as it stands in a file. */
function inFile(path: string, value: string): string {
  const names = path.split('.');
  return names
    .map((name, depth) => `${'  '.repeat(depth)}${name}:`)
    .join('\n')
    .concat(` ${value}\n`);
}

const reference = settingsReference();

describe('the reference of settings', () => {
  it('has every setting that there is, each under one variable made from its path', () => {
    expect(reference.map(({ path }) => path).toSorted()).toEqual(Object.keys(examples).toSorted());
    for (const { variable, path } of reference) {
      expect(variable).toBe(`BKJOB_GQL__${path.replaceAll('.', '__').toUpperCase()}`);
    }
  });

  it('says in a sentence what each is for', () => {
    for (const { meaning } of reference) expect(meaning).toMatch(/^[A-Z].*\.$/);
  });

  it('calls the secret of the application a secret, and nothing else', () => {
    expect(reference.filter(({ secret }) => secret === true).map(({ path }) => path)).toEqual([
      'upstream.app_secret',
    ]);
  });

  it.each(reference.filter(({ fallback }) => !fallback.startsWith('none')))(
    'names the default of $path as it is: $fallback',
    ({ variable, path, fallback }) => {
      const [plain = ''] = fallback.split(';');
      const beside = examples[path]?.beside ?? {};
      const { [variable]: _set, ...unset } = beside;
      if (path === 'upstream.kind') {
        expect(loadSettings({ [variable]: plain }, noFile)).toEqual(loadSettings({}, noFile));
      } else {
        expect(loadSettings({ ...beside, [variable]: plain }, noFile)).toEqual(loadSettings(unset, noFile));
      }
    },
  );

  it.each(Object.entries(examples))('holds: %s can be set by variable and in a file', (path, example) => {
    const { value, beside = {}, read, expected } = example;
    const variable = reference.find((one) => one.path === path)?.variable ?? '';
    const { [variable]: _set, ...others } = beside;
    expect(read(loadSettings({ ...others, [variable]: value }, noFile))).toEqual(expected);
    const file = inFile(path, `"${value}"`);
    const fromFile = loadSettings({ ...others, BKJOB_GQL_CONFIG: 'settings.yaml' }, () => file);
    expect(read(fromFile)).toEqual(expected);
    expect(read(loadSettings(path === 'upstream.kind' ? {} : beside, noFile))).not.toEqual(expected);
  });
});

describe('a fault', () => {
  it.each(reference)('of $path is told by both of its names', ({ variable, path }) => {
    const wrong = '\n';
    const { [variable]: _set, ...others } = examples[path]?.beside ?? {};
    const faults = faultsOf(() => loadSettings({ ...others, [variable]: wrong }, noFile));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${variable} \\(${path.replaceAll('.', '\\.')}\\): must `));
  });

  it('is told for each setting that has one, all in one go', () => {
    const settings = reference.filter(({ path }) => path !== 'upstream.kind');
    fc.assert(
      fc.property(fc.subarray(settings, { minLength: 1 }), (wrong) => {
        const environment = Object.fromEntries(wrong.map(({ variable }) => [variable, '\n']));
        const faults = faultsOf(() => loadSettings({ ...apigw, ...environment }, noFile));
        const named = faults.map((fault) => / \((.*?)\): /.exec(fault)?.[1]);
        expect(named.toSorted()).toEqual(wrong.map(({ path }) => path).toSorted());
      }),
    );
  });
});

describe('what was set', () => {
  // Long and with signs that no text of ours has, so that finding it means that it was repeated.
  const marked = fc
    .string({
      unit: fc.constantFrom('Q', 'X', '~', '^', '$', '#', '@', ':', '\\', '"', "'", '{', '[', '\n', ' ', 'é'),
      minLength: 6,
      maxLength: 60,
    })
    .map((value) => `~${value}~`);

  it('is never repeated by a fault, wherever it stood', () => {
    fc.assert(
      fc.property(fc.constantFrom(...reference), marked, ({ variable, path }, value) => {
        const [section = ''] = path.split('.');
        const loads = [
          () => loadSettings({ [variable]: value, PORT: value }, noFile),
          () => loadSettings({ BKJOB_GQL_CONFIG: 'f' }, () => `${inFile(path, value)}  x y`),
          () => loadSettings({ BKJOB_GQL_CONFIG: 'f' }, () => `${section}:\n  ? ${JSON.stringify(value)}\n`),
          () => loadSettings({ BKJOB_GQL_CONFIG: 'f' }, () => `${section}: ${JSON.stringify(value)}`),
          () => loadSettings({ BKJOB_GQL_CONFIG: 'f' }, () => inFile(path, JSON.stringify(value))),
          () =>
            loadSettings({ BKJOB_GQL_CONFIG: 'f' }, () => JSON.stringify({ [value]: { [value]: value } })),
        ];
        for (const load of loads) expect(faultsOf(load).join('\n')).not.toContain(value);
      }),
      { numRuns: 300 },
    );
  });
});
