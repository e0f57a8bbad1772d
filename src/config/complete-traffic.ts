import { completePaths } from './server-paths.ts';
import type { FaultList } from './fault-list.ts';
import type { FoundSettings } from './model.ts';
import type { HealthCheckSettings, Settings, TrafficSettings } from './settings.ts';

const second = 1000;

/** Puts defaults into what may be asked at a time. */
export function completeTraffic(
  { traffic_shaping: { router } }: FoundSettings,
  faults: FaultList,
): Omit<TrafficSettings, 'retry' | 'circuitBreaker'> {
  const concurrencyLimit = router.concurrency_limit ?? 256;
  if (router.adaptive.min !== undefined && router.adaptive.min > concurrencyLimit) {
    faults.addOf('traffic_shaping.router.adaptive.min', 'must not be more than concurrency_limit');
  }
  return {
    timeout: router.timeout ?? 25 * second,
    concurrencyLimit,
    perIdentityConcurrency: router.per_identity_concurrency ?? 24,
    queue: { max: router.queue.max ?? 256, maxWait: router.queue.max_wait ?? 250 },
    adaptive: {
      enabled: router.adaptive.enabled ?? true,
      min: router.adaptive.min ?? Math.min(64, concurrencyLimit),
    },
    maxEventLoopLag: router.max_event_loop_lag ?? 200,
  };
}

/** Puts defaults into what callers may spend: null where nobody counts. */
export function completeDemand(
  { demand_control: { max, per_identity: found } }: FoundSettings,
  faults: FaultList,
): Settings['demandControl']['perIdentity'] {
  const { capacity, refill_per_second: refillPerSecond } = found;
  if (capacity === undefined) {
    if (refillPerSecond !== undefined) {
      faults.addOf('demand_control.per_identity.refill_per_second', 'has no meaning without capacity');
    }
    return null;
  }
  if (capacity < (max ?? 50_000) && !faults.isFaulty('demand_control.max')) {
    faults.addOf('demand_control.per_identity.capacity', 'must not be less than demand_control.max');
  }
  return { capacity, refillPerSecond: refillPerSecond ?? 100 };
}

/** Puts defaults into what balancers are told. */
export function completeHealthCheck(
  { health_check: found, server }: FoundSettings,
  faults: FaultList,
): HealthCheckSettings {
  const path = found.path ?? '/health';
  if (found.listen === null || found.listen === undefined) {
    const { path: endpoint, graphiqlPath, watchPath } = completePaths(server);
    if ([endpoint, graphiqlPath, watchPath].includes(path)) {
      faults.addOf('health_check.path', 'must differ from every path of the server');
    }
  }
  const { allowed, interval } = found.readiness;
  return {
    listen: found.listen ?? null,
    path,
    readiness: {
      allowed: allowed ?? 100,
      sampling: interval.sampling ?? 5 * second,
      unready: interval.unready ?? 10 * second,
    },
  };
}
