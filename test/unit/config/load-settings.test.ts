import { describe, expect, it } from 'vitest';
import { loadSchemaSettings, loadSettings } from '../../../src/config/load-settings.ts';
import { usualSubscription } from './subscription-examples.ts';
import { faultsOf, loadFile, noFile } from '../../support/load-settings.ts';

const esb = {
  BKJOB_GQL__UPSTREAM__KIND: 'esb',
  BKJOB_GQL__UPSTREAM__BASE_URL: 'https://esb.example.com',
  BKJOB_GQL__UPSTREAM__APP_CODE: 'app',
  BKJOB_GQL__UPSTREAM__APP_SECRET: 'secret',
};
const apigw = {
  ...esb,
  BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3',
  BKJOB_GQL__UPSTREAM__BASE_URL: 'https://bkapi.example.com/api/bk-job/',
};

describe('without settings', () => {
  it('listens on 127.0.0.1:4000 at /graphql and asks the embedded bk-job as alice', () => {
    expect(loadSettings({}, noFile)).toEqual({
      server: {
        host: '127.0.0.1',
        port: 4000,
        path: '/graphql',
        allowedOrigins: [],
        allowGet: true,
        connections: {
          headerReadTimeout: 15_000,
          requestReadTimeout: 30_000,
          writeStallTimeout: 30_000,
          keepAliveTimeout: 65_000,
          maxConnections: 15_000,
        },
        introspection: true,
        sandbox: true,
        graphiql: true,
        graphiqlPath: '/graphiql',
        watch: true,
        watchPath: '/watch',
      },
      upstream: {
        kind: 'embedded',
        scopeParameters: 'scope',
        connectTimeout: 3000,
        timeout: 10_000,
        hostDetailTimeout: 30_000,
        maxResponseBytes: 33_554_432,
        maxInflightResponseBytes: 268_435_456,
        maxHeldHostBytes: 268_435_456,
        connections: 64,
        hostDetailConnections: 32,
        maxQueuedReads: 1000,
        maxParallelReads: 8,
      },
      links: { jobWebUrl: null, permissionApplyUrl: null },
      schema: { node: true, subscription: true },
      simulator: { port: 0, seed: 1 },
      identity: { guestProof: { kind: 'bk_token', value: 'alice' } },
      limits: {
        maxRequestBytes: 1_048_576,
        maxRequestHeaders: 100,
        maxHeaderBytes: 16_384,
        maxDocumentBytes: 65_536,
        parserMaxTokens: 1000,
        maxCost: 50_000,
      },
      cache: null,
      trafficShaping: {
        timeout: 25_000,
        retry: { maxAttempts: 3, base: 100, max: 1000, budgetPercent: 20, budgetMinPerSecond: 10 },
        circuitBreaker: {
          rollingDuration: 30_000,
          requestThreshold: 20,
          callerThreshold: 3,
          errorThreshold: 0.5,
          sleepWindow: 1000,
        },
        concurrencyLimit: 256,
        perIdentityConcurrency: 24,
        queue: { max: 256, maxWait: 250 },
        adaptive: { enabled: true, min: 64 },
        maxEventLoopLag: 200,
      },
      demandControl: { perIdentity: null },
      healthCheck: {
        listen: null,
        path: '/health',
        readiness: { allowed: 100, sampling: 5000, unready: 10_000 },
      },
      subscription: usualSubscription,
      shutdown: { drainDelay: 0, gracePeriod: 20_000 },
      telemetry: { metrics: { listen: null, path: '/metrics' } },
      log: { level: 'info', buffer: 4_194_304 },
    });
  });

  it('counts an empty variable as not set, whatever its name', () => {
    const empty = { PORT: '', BKJOB_GQL_CONFIG: '', BKJOB_GQL__SERVER__HOST: '', BKJOB_GQL__NO__SUCH: '' };
    expect(loadSettings(empty, noFile)).toEqual(loadSettings({}, noFile));
  });
});

describe('the port', () => {
  it('is moved by PORT alone', () => {
    const { server, ...others } = loadSettings({ PORT: '5000' }, noFile);
    const { server: usual, ...usualOthers } = loadSettings({}, noFile);
    expect(server).toEqual({ ...usual, port: 5000 });
    expect(others).toEqual(usualOthers);
  });

  it('is taken from its own variable before PORT, and from PORT before the file', () => {
    const file = 'server: { port: 3 }';
    expect(loadFile(file).server.port).toBe(3);
    expect(loadFile(file, { PORT: '2' }).server.port).toBe(2);
    expect(loadFile(file, { PORT: '2', BKJOB_GQL__SERVER__PORT: '1' }).server.port).toBe(1);
  });

  it('names PORT where PORT is wrong, and its own variable where that is', () => {
    const fault = 'must be a whole number from 0 to 65535';
    expect(faultsOf(() => loadSettings({ PORT: 'http' }, noFile))).toEqual([`PORT (server.port): ${fault}`]);
    expect(faultsOf(() => loadSettings({ PORT: '1', BKJOB_GQL__SERVER__PORT: '65536' }, noFile))).toEqual([
      `BKJOB_GQL__SERVER__PORT (server.port): ${fault}`,
    ]);
  });
});

describe('the kind of upstream', () => {
  it('esb carries credentials in the body unless told otherwise', () => {
    expect(loadSettings(esb, noFile).upstream).toMatchObject({
      kind: 'esb',
      baseUrl: 'https://esb.example.com',
      appCode: 'app',
      appSecret: 'secret',
      esbCredentials: 'body',
    });
    const header = { ...esb, BKJOB_GQL__UPSTREAM__ESB_CREDENTIALS: 'header' };
    expect(loadSettings(header, noFile).upstream).toMatchObject({ esbCredentials: 'header' });
  });

  it('apigw-v3 appends its stage, prod unless told otherwise', () => {
    expect(loadSettings(apigw, noFile).upstream).toMatchObject({
      baseUrl: 'https://bkapi.example.com/api/bk-job/prod',
    });
    const staged = { ...apigw, BKJOB_GQL__UPSTREAM__STAGE: 'test' };
    expect(loadSettings(staged, noFile).upstream).toMatchObject({
      baseUrl: 'https://bkapi.example.com/api/bk-job/test',
    });
  });

  it.each([esb, apigw])('$BKJOB_GQL__UPSTREAM__KIND has no guest', (environment) => {
    expect(loadSettings(environment, noFile).identity.guestProof).toBeNull();
  });

  it.each(['esb', 'apigw-v3'])('%s wants an address, an application and its secret', (kind) => {
    expect(faultsOf(() => loadSettings({ BKJOB_GQL__UPSTREAM__KIND: kind }, noFile))).toEqual([
      `BKJOB_GQL__UPSTREAM__BASE_URL (upstream.base_url): must be set with kind ${kind}`,
      `BKJOB_GQL__UPSTREAM__APP_CODE (upstream.app_code): must be set with kind ${kind}`,
      `BKJOB_GQL__UPSTREAM__APP_SECRET (upstream.app_secret): must be set with kind ${kind}`,
    ]);
  });

  it.each([
    [
      'embedded',
      { ...apigw, BKJOB_GQL__UPSTREAM__STAGE: 'prod', BKJOB_GQL__UPSTREAM__ESB_CREDENTIALS: 'body' },
      ['base_url', 'app_code', 'app_secret', 'esb_credentials', 'stage'],
    ],
    ['esb', { ...esb, BKJOB_GQL__UPSTREAM__STAGE: 'prod' }, ['stage']],
    ['apigw-v3', { ...apigw, BKJOB_GQL__UPSTREAM__ESB_CREDENTIALS: 'body' }, ['esb_credentials']],
  ])('%s refuses what only another kind has', (kind, environment, names) => {
    const faults = faultsOf(() => loadSettings({ ...environment, BKJOB_GQL__UPSTREAM__KIND: kind }, noFile));
    expect(faults).toEqual(
      names.map(
        (name) =>
          `BKJOB_GQL__UPSTREAM__${name.toUpperCase()} (upstream.${name}): has no meaning with kind ${kind}`,
      ),
    );
  });

  it('that does not exist leaves the rest of the upstream unjudged', () => {
    const environment = { BKJOB_GQL__UPSTREAM__KIND: 'rest', BKJOB_GQL__UPSTREAM__STAGE: 'prod' };
    expect(faultsOf(() => loadSettings(environment, noFile))).toEqual([
      'BKJOB_GQL__UPSTREAM__KIND (upstream.kind): must be embedded, esb or apigw-v3',
    ]);
  });
});

describe('in production', () => {
  const production = { NODE_ENV: 'production' };

  it('serves metrics to this machine alone, unless they are switched off or moved', () => {
    const listenOf = (environment: Readonly<Record<string, string>>) =>
      loadSettings({ ...production, ...esb, ...environment }, noFile).telemetry.metrics.listen;
    expect(listenOf({})).toEqual({ host: '127.0.0.1', port: 9090 });
    expect(listenOf({ BKJOB_GQL__TELEMETRY__METRICS__LISTEN: 'off' })).toBeNull();
    expect(listenOf({ BKJOB_GQL__TELEMETRY__METRICS__LISTEN: '0.0.0.0:9464' })).toEqual({
      host: '0.0.0.0',
      port: 9464,
    });
  });

  it('explorers, introspection and queries in a URL are off unless they are switched on', () => {
    expect(loadSettings({ ...production, ...esb }, noFile).server).toMatchObject({
      allowGet: false,
      introspection: false,
      sandbox: false,
      graphiql: false,
      watch: false,
    });
    const on = {
      BKJOB_GQL__SERVER__ALLOW_GET: 'true',
      BKJOB_GQL__SERVER__INTROSPECTION: 'true',
      BKJOB_GQL__SERVER__SANDBOX: 'on',
      BKJOB_GQL__SERVER__GRAPHIQL: 'true',
      BKJOB_GQL__SERVER__WATCH: 'on',
    };
    expect(loadSettings({ ...production, ...esb, ...on }, noFile).server).toMatchObject({
      allowGet: true,
      introspection: true,
      sandbox: true,
      graphiql: true,
      watch: true,
    });
  });

  it('the demonstration is refused unless it is asked for, and has no guest then', () => {
    expect(faultsOf(() => loadSettings(production, noFile))).toEqual([
      'BKJOB_GQL__UPSTREAM__KIND (upstream.kind): must be set in production: embedded is a demonstration',
    ]);
    const asked = loadSettings({ ...production, BKJOB_GQL__UPSTREAM__KIND: 'embedded' }, noFile);
    expect(asked.upstream.kind).toBe('embedded');
    expect(asked.identity.guestProof).toBeNull();
  });
});

describe('settings that do not go together', () => {
  it('one path for GraphQL and GraphiQL', () => {
    expect(faultsOf(() => loadSettings({ BKJOB_GQL__SERVER__PATH: '/graphiql' }, noFile))).toEqual([
      'BKJOB_GQL__SERVER__GRAPHIQL_PATH (server.graphiql_path): must differ from server.path',
    ]);
  });

  it('one path for the page that follows a job and anything else', () => {
    expect(faultsOf(() => loadSettings({ BKJOB_GQL__SERVER__WATCH_PATH: '/graphiql' }, noFile))).toEqual([
      'BKJOB_GQL__SERVER__WATCH_PATH (server.watch_path): must differ from server.path and server.graphiql_path',
    ]);
    expect(faultsOf(() => loadSettings({ BKJOB_GQL__HEALTH_CHECK__PATH: '/watch' }, noFile))).toEqual([
      'BKJOB_GQL__HEALTH_CHECK__PATH (health_check.path): must differ from every path of the server',
    ]);
  });

  it('less room for what streams are asked for by than one caller needs for one', () => {
    const long = { BKJOB_GQL__SUBSCRIPTION__WEBSOCKET__MAX_PAYLOAD: '16MiB' };
    const little = { ...long, BKJOB_GQL__SUBSCRIPTION__MAX_ASKED_BYTES: '63MiB' };
    expect(faultsOf(() => loadSettings(little, noFile))).toEqual([
      'BKJOB_GQL__SUBSCRIPTION__MAX_ASKED_BYTES (subscription.max_asked_bytes): must hold four times websocket.max_payload',
    ]);
    expect(loadSettings(long, noFile).subscription.maxAskedBytes).toBe(67_108_864);
  });

  it('headers that may take longer than the whole request', () => {
    const short = { BKJOB_GQL__SERVER__REQUEST_READ_TIMEOUT: '1s' };
    expect(
      faultsOf(() => loadSettings({ ...short, BKJOB_GQL__SERVER__HEADER_READ_TIMEOUT: '1001ms' }, noFile)),
    ).toEqual([
      'BKJOB_GQL__SERVER__HEADER_READ_TIMEOUT (server.header_read_timeout): must not be longer than request_read_timeout',
    ]);
    expect(loadSettings(short, noFile).server.connections.headerReadTimeout).toBe(1000);
  });

  it.each([
    [
      'UPSTREAM__HOST_DETAIL_CONNECTIONS',
      '9',
      { UPSTREAM__CONNECTIONS: '8' },
      'must not be more than connections',
    ],
    ['UPSTREAM__MAX_INFLIGHT_RESPONSE_BYTES', '32767KiB', {}, 'must not be less than max_response_bytes'],
    ['TRAFFIC_SHAPING__UPSTREAM__RETRY__BASE', '1001ms', {}, 'must not be longer than max'],
    ['CACHE__MEMORY__TERMINAL_TTL', '999ms', { CACHE__MEMORY__TTL: '1s' }, 'must not be shorter than ttl'],
  ])('%s of %s', (name, value, others: Readonly<Record<string, string>>, fault) => {
    const environment = Object.fromEntries(
      Object.entries({ ...others, [name]: value }).map(([key, set]) => [`BKJOB_GQL__${key}`, set]),
    );
    const path = name.toLowerCase().replaceAll('__', '.');
    expect(faultsOf(() => loadSettings(environment, noFile))).toEqual([
      `BKJOB_GQL__${name} (${path}): ${fault}`,
    ]);
  });

  it.each(['TIMEOUT', 'HOST_DETAIL_TIMEOUT'])('a connection that may take longer than %s', (name) => {
    const short = { [`BKJOB_GQL__UPSTREAM__${name}`]: '1s' };
    expect(
      faultsOf(() => loadSettings({ ...short, BKJOB_GQL__UPSTREAM__CONNECT_TIMEOUT: '1001ms' }, noFile)),
    ).toEqual([
      'BKJOB_GQL__UPSTREAM__CONNECT_TIMEOUT (upstream.connect_timeout): must not be longer than timeout and host_detail_timeout',
    ]);
    const equal = { ...short, BKJOB_GQL__UPSTREAM__CONNECT_TIMEOUT: '1000' };
    expect(loadSettings(equal, noFile).upstream.connectTimeout).toBe(1000);
    expect(loadSettings(short, noFile).upstream.connectTimeout).toBe(1000);
  });
});

describe('faults', () => {
  it('are all told at once: of names, of values and of what goes together', () => {
    const environment = {
      PORT: '-1',
      BKJOB_GQL__SERVER__HSOT: 'x',
      BKJOB_GQL__SERVER__PATH: 'graphql',
      BKJOB_GQL__UPSTREAM__KIND: 'esb',
      BKJOB_GQL__UPSTREAM__STAGE: 'prod',
      BKJOB_GQL__UPSTREAM__BASE_URL: 'https://user:pass@esb.example.com',
    };
    expect(
      faultsOf(() => loadFile('log: { level: loud }\nlinks: 1\nwrong: {}', environment)).toSorted(),
    ).toEqual([
      'BKJOB_GQL__LOG__LEVEL (log.level): must be debug, info, warn, error or silent',
      'BKJOB_GQL__SERVER__HSOT: there is no such setting; did you mean BKJOB_GQL__SERVER__HOST?',
      'BKJOB_GQL__SERVER__PATH (server.path): must be a path such as /graphql, of letters, digits, _ - and .',
      'BKJOB_GQL__UPSTREAM__APP_CODE (upstream.app_code): must be set with kind esb',
      'BKJOB_GQL__UPSTREAM__APP_SECRET (upstream.app_secret): must be set with kind esb',
      'BKJOB_GQL__UPSTREAM__BASE_URL (upstream.base_url): must be an http or https address without credentials, query or fragment',
      'BKJOB_GQL__UPSTREAM__STAGE (upstream.stage): has no meaning with kind esb',
      'PORT (server.port): must be a whole number from 0 to 65535',
      'links: must be a section of settings',
      'wrong: there is no such setting',
    ]);
  });

  it('leave the environment of other programs alone', () => {
    const kubernetes = { BKJOB_GQL_PORT: 'tcp://10.0.0.1:80', BKJOB_GQL_SERVICE_HOST: '10.0.0.1', HOME: '/' };
    expect(loadSettings(kubernetes, noFile)).toEqual(loadSettings({}, noFile));
  });
});

describe('the settings of the schema', () => {
  it('need no upstream, not even in production', () => {
    const nodeless = { node: false, subscription: true };
    expect(loadSchemaSettings({ NODE_ENV: 'production' }, noFile)).toEqual({ ...nodeless, node: true });
    expect(loadSchemaSettings({ BKJOB_GQL__SCHEMA__NODE: 'off' }, noFile)).toEqual(nodeless);
    const file = () => 'schema: { node: false }';
    expect(loadSchemaSettings({ BKJOB_GQL_CONFIG: 'x' }, file)).toEqual(nodeless);
  });

  it('are refused with what is wrong', () => {
    expect(faultsOf(() => loadSchemaSettings({ BKJOB_GQL__SCHEMA__NODE: 'maybe' }, noFile))).toEqual([
      'BKJOB_GQL__SCHEMA__NODE (schema.node): must be true or false',
    ]);
  });
});
