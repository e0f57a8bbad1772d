import type { UpstreamOptions } from '../../src/upstream/upstream.ts';

/** A client of bk-job with one connection that tries nothing twice, unless a test wants it otherwise. */
export function upstreamOptions(origin: string, changes: Partial<UpstreamOptions> = {}): UpstreamOptions {
  return {
    frontDoor: { kind: 'apigw-v3', baseUrl: `${origin}/api/bk-job/prod/` },
    appCode: 'my_app',
    appSecret: 'planted-secret',
    connectMs: 1_000,
    timeouts: { statusMs: 10_000, hostDetailMs: 10_000 },
    maxResponseBytes: 1_000_000,
    maxInflightResponseBytes: 10_000_000,
    connections: 1,
    hostDetailConnections: 1,
    maxQueuedReads: 100,
    cache: null,
    now: Date.now,
    permissionApplyUrl: 'https://iam.example.com',
    scopeParameters: 'scope',
    retry: { maxAttempts: 1, base: 1, max: 1, budgetPercent: 20, budgetMinPerSecond: 10 },
    circuitBreaker: {
      rollingDuration: 30_000,
      requestThreshold: 20,
      callerThreshold: 3,
      errorThreshold: 0.5,
      sleepWindow: 1_000,
    },
    ...changes,
  };
}
