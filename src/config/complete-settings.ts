import { completeCache } from './complete-cache.ts';
import { completeSubscription } from './complete-subscription.ts';
import type { FaultList } from './fault-list.ts';
import { completeDemand, completeHealthCheck, completeTraffic } from './complete-traffic.ts';
import type { FoundSettings } from './model.ts';
import { completePaths } from './server-paths.ts';
import type {
  CircuitBreakerSettings,
  ConnectionSettings,
  RetrySettings,
  ServerSettings,
  Settings,
  UpstreamLimits,
  UpstreamSettings,
} from './settings.ts';

const second = 1000;
const mebibyte = 1024 ** 2;

/** Puts defaults in and checks what settings ask of each other. Null where a fault leaves nothing to put together. */
export function completeSettings(
  found: FoundSettings,
  production: boolean,
  faults: FaultList,
): Settings | null {
  const server = completeServer(found, production, faults);
  const upstream = completeUpstream(found.upstream, production, faults);
  if (upstream === null) return null;
  return {
    server,
    upstream,
    links: {
      jobWebUrl: found.links.job_web_url ?? null,
      permissionApplyUrl: found.links.permission_apply_url ?? null,
    },
    schema: completeSchema(found),
    simulator: { port: found.simulator.port ?? 0, seed: found.simulator.seed ?? 1 },
    identity: {
      guestProof: upstream.kind === 'embedded' && !production ? { kind: 'bk_token', value: 'alice' } : null,
    },
    limits: {
      maxRequestBytes: found.limits.http_max_request_bytes ?? mebibyte,
      maxRequestHeaders: found.limits.http_max_request_headers ?? 100,
      maxHeaderBytes: found.limits.max_header_bytes ?? 16 * 1024,
      maxDocumentBytes: found.limits.max_document_bytes ?? 64 * 1024,
      parserMaxTokens: found.limits.parser_max_tokens ?? 1000,
      maxCost: found.demand_control.max ?? 50_000,
    },
    cache: completeCache(found, faults),
    trafficShaping: {
      ...completeTraffic(found, faults),
      retry: completeRetry(found.traffic_shaping.upstream.retry, faults),
      circuitBreaker: completeCircuitBreaker(found.traffic_shaping.upstream.circuit_breaker),
    },
    demandControl: { perIdentity: completeDemand(found, faults) },
    healthCheck: completeHealthCheck(found, faults),
    subscription: completeSubscription(found, faults),
    shutdown: {
      drainDelay: found.shutdown.drain_delay ?? 0,
      gracePeriod: found.shutdown.grace_period ?? 20 * second,
    },
    telemetry: completeTelemetry(found, production, faults),
    log: { level: found.log.level ?? 'info', buffer: found.log.buffer ?? 4 * mebibyte },
  };
}

function completeTelemetry(
  { telemetry: { metrics }, health_check: healthCheck }: FoundSettings,
  production: boolean,
  faults: FaultList,
): Settings['telemetry'] {
  const usual = production ? { host: '127.0.0.1', port: 9090 } : null;
  const listen = metrics.listen === undefined ? usual : metrics.listen;
  const path = metrics.path ?? '/metrics';
  if (path === (healthCheck.path ?? '/health')) {
    faults.addOf('telemetry.metrics.path', 'must differ from health_check.path');
  }
  return { metrics: { listen, path } };
}

/** Puts defaults into what shapes the schema. */
export function completeSchema({ schema, subscription }: FoundSettings): Settings['schema'] {
  return { node: schema.node ?? true, subscription: subscription.enabled ?? true };
}

function completeServer(
  { server: found, subscription }: FoundSettings,
  production: boolean,
  faults: FaultList,
): ServerSettings {
  const paths = completePaths(found);
  const { path, graphiqlPath, watchPath } = paths;
  if (path === graphiqlPath && !faults.isFaulty('server.path') && !faults.isFaulty('server.graphiql_path')) {
    faults.addOf('server.graphiql_path', 'must differ from server.path');
  }
  if ([path, graphiqlPath].includes(watchPath) && !faults.isFaulty('server.watch_path')) {
    faults.addOf('server.watch_path', 'must differ from server.path and server.graphiql_path');
  }
  const canFollow = subscription.enabled ?? true;
  if (found.watch === true && !canFollow) {
    faults.addOf('server.watch', 'must be off where subscription.enabled is');
  }
  return {
    host: found.host ?? '127.0.0.1',
    port: found.port ?? 4000,
    ...paths,
    allowedOrigins: found.allowed_origins ?? [],
    allowGet: found.allow_get ?? !production,
    connections: completeConnections(found, faults),
    introspection: found.introspection ?? !production,
    sandbox: found.sandbox ?? !production,
    graphiql: found.graphiql ?? !production,
    watch: found.watch ?? (!production && canFollow),
  };
}

/** Headers are part of a request, so the time for them is never longer than that for all of it. */
function completeConnections(found: FoundSettings['server'], faults: FaultList): ConnectionSettings {
  const requestReadTimeout = found.request_read_timeout ?? 30 * second;
  if (found.header_read_timeout !== undefined && found.header_read_timeout > requestReadTimeout) {
    faults.addOf('server.header_read_timeout', 'must not be longer than request_read_timeout');
  }
  return {
    headerReadTimeout: found.header_read_timeout ?? Math.min(15 * second, requestReadTimeout),
    requestReadTimeout,
    writeStallTimeout: found.write_stall_timeout ?? 30 * second,
    keepAliveTimeout: found.keep_alive_timeout ?? 65 * second,
    maxConnections: found.max_connections ?? 15_000,
  };
}

type FoundUpstream = FoundSettings['upstream'];

/** Settings that make sense with one kind of upstream only, and those that it cannot do without. */
const platformNames = ['base_url', 'app_code', 'app_secret'] as const;
const namesOfKind = { esb: ['esb_credentials'], 'apigw-v3': ['stage'] } as const;

function completeUpstream(
  found: FoundUpstream,
  production: boolean,
  faults: FaultList,
): UpstreamSettings | null {
  const limits = completeLimits(found, faults);
  if (faults.isFaulty('upstream.kind')) return null;
  const kind = found.kind ?? 'embedded';
  if (found.kind === undefined && production) {
    faults.addOf('upstream.kind', 'must be set in production: embedded is a demonstration');
  }
  for (const name of superfluousNames(kind)) {
    if (found[name] !== undefined) faults.addOf(`upstream.${name}`, `has no meaning with kind ${kind}`);
  }
  if (kind === 'embedded') return { kind, ...limits };
  const platform = completePlatform(found, kind, faults);
  if (platform === null) return null;
  if (kind === 'esb')
    return { kind, ...limits, ...platform, esbCredentials: found.esb_credentials ?? 'body' };
  return { kind, ...limits, ...platform, baseUrl: `${platform.baseUrl}/${found.stage ?? 'prod'}` };
}

/** A connection is part of a read, so the time for it is never longer than that for a read. */
function completeLimits(found: FoundUpstream, faults: FaultList): UpstreamLimits {
  const timeout = found.timeout ?? 10 * second;
  const hostDetailTimeout = found.host_detail_timeout ?? 30 * second;
  const shortest = Math.min(timeout, hostDetailTimeout);
  if (found.connect_timeout !== undefined && found.connect_timeout > shortest) {
    faults.addOf('upstream.connect_timeout', 'must not be longer than timeout and host_detail_timeout');
  }
  const connections = found.connections ?? 64;
  if (found.host_detail_connections !== undefined && found.host_detail_connections > connections) {
    faults.addOf('upstream.host_detail_connections', 'must not be more than connections');
  }
  const maxResponseBytes = found.max_response_bytes ?? 32 * mebibyte;
  if (
    found.max_inflight_response_bytes !== undefined &&
    found.max_inflight_response_bytes < maxResponseBytes
  ) {
    faults.addOf('upstream.max_inflight_response_bytes', 'must not be less than max_response_bytes');
  }
  return {
    scopeParameters: found.scope_parameters ?? 'scope',
    connectTimeout: found.connect_timeout ?? Math.min(3 * second, shortest),
    timeout,
    hostDetailTimeout,
    maxResponseBytes,
    maxInflightResponseBytes: found.max_inflight_response_bytes ?? Math.max(256 * mebibyte, maxResponseBytes),
    maxHeldHostBytes: found.max_held_host_bytes ?? 256 * mebibyte,
    connections,
    hostDetailConnections: found.host_detail_connections ?? Math.ceil(connections / 2),
    maxQueuedReads: found.max_queued_reads ?? 1000,
    maxParallelReads: found.max_parallel_reads ?? 8,
  };
}

type FoundShaping = FoundSettings['traffic_shaping']['upstream'];

function completeRetry(found: FoundShaping['retry'], faults: FaultList): RetrySettings {
  const max = found.max ?? second;
  if (found.base !== undefined && found.base > max) {
    faults.addOf('traffic_shaping.upstream.retry.base', 'must not be longer than max');
  }
  return {
    maxAttempts: found.max_attempts ?? 3,
    base: found.base ?? Math.min(100, max),
    max,
    budgetPercent: found.budget.percent ?? 20,
    budgetMinPerSecond: found.budget.min_per_second ?? 10,
  };
}

function completeCircuitBreaker(found: FoundShaping['circuit_breaker']): CircuitBreakerSettings {
  return {
    rollingDuration: found.rolling_duration ?? 30 * second,
    requestThreshold: found.request_threshold ?? 20,
    callerThreshold: found.min_identities ?? 3,
    errorThreshold: (found.error_threshold_percentage ?? 50) / 100,
    sleepWindow: found.sleep_window ?? second,
  };
}

function superfluousNames(kind: UpstreamSettings['kind']): readonly (keyof FoundUpstream)[] {
  const { esb, 'apigw-v3': apigw } = namesOfKind;
  if (kind === 'embedded') return [...platformNames, ...esb, ...apigw];
  return kind === 'esb' ? apigw : esb;
}

function completePlatform(
  found: FoundUpstream,
  kind: UpstreamSettings['kind'],
  faults: FaultList,
): { readonly baseUrl: string; readonly appCode: string; readonly appSecret: string } | null {
  const { base_url: baseUrl, app_code: appCode, app_secret: appSecret } = found;
  for (const name of platformNames) {
    if (found[name] === undefined && !faults.isFaulty(`upstream.${name}`)) {
      faults.addOf(`upstream.${name}`, `must be set with kind ${kind}`);
    }
  }
  if (baseUrl === undefined || appCode === undefined || appSecret === undefined) return null;
  return { baseUrl, appCode, appSecret };
}
