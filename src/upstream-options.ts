import type { Settings } from './config/settings.ts';
import type { UpstreamOptions } from './upstream/upstream.ts';

/** What the embedded bk-job knows this service by (simulator/README.md). */
const demonstrationApp = { appCode: 'demo_app', appSecret: 'demo_secret' };

/** How bk-job is to be asked. `simulatorUrl` is the embedded bk-job's; null where a real one is asked. */
export function toUpstreamOptions(settings: Settings, simulatorUrl: string | null): UpstreamOptions {
  const { upstream, links } = settings;
  const shared = {
    timeouts: {
      statusMs: upstream.timeout,
      hostDetailMs: upstream.hostDetailTimeout,
    },
    connectMs: upstream.connectTimeout,
    maxResponseBytes: upstream.maxResponseBytes,
    maxInflightResponseBytes: upstream.maxInflightResponseBytes,
    connections: upstream.connections,
    hostDetailConnections: upstream.hostDetailConnections,
    maxQueuedReads: upstream.maxQueuedReads,
    cache: settings.cache,
    retry: settings.trafficShaping.retry,
    circuitBreaker: settings.trafficShaping.circuitBreaker,
    permissionApplyUrl: links.permissionApplyUrl,
    scopeParameters: upstream.scopeParameters,
    now: Date.now,
  };
  if (upstream.kind === 'embedded') {
    return {
      ...shared,
      ...demonstrationApp,
      frontDoor: { kind: 'apigw-v3', baseUrl: `${simulatorUrl ?? ''}/api/bk-job/prod` },
    };
  }
  return {
    ...shared,
    appCode: upstream.appCode,
    appSecret: upstream.appSecret,
    frontDoor:
      upstream.kind === 'esb'
        ? { kind: 'esb', baseUrl: upstream.baseUrl, credentialsIn: upstream.esbCredentials }
        : { kind: 'apigw-v3', baseUrl: upstream.baseUrl },
  };
}
