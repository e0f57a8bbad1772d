import type { Settings } from '../../../src/config/settings.ts';

/** Variables of a process. */
export type Environment = Readonly<Record<string, string>>;

/** A value of a setting, and where it arrives. */
export interface Example {
  readonly value: string;
  /** What else must be set. */
  readonly beside?: Environment;
  readonly read: (settings: Settings) => unknown;
  readonly expected: unknown;
}

/** For each setting of how much is asked at a time a value that is not its default. */
export const trafficExamples: Readonly<Record<string, Example>> = {
  'traffic_shaping.router.timeout': {
    value: '5s',
    read: ({ trafficShaping }) => trafficShaping.timeout,
    expected: 5000,
  },
  'traffic_shaping.upstream.retry.max_attempts': {
    value: '1',
    read: ({ trafficShaping }) => trafficShaping.retry.maxAttempts,
    expected: 1,
  },
  'traffic_shaping.upstream.retry.base': {
    value: '50ms',
    read: ({ trafficShaping }) => trafficShaping.retry.base,
    expected: 50,
  },
  'traffic_shaping.upstream.retry.max': {
    value: '2s',
    read: ({ trafficShaping }) => trafficShaping.retry.max,
    expected: 2000,
  },
  'traffic_shaping.upstream.retry.budget.percent': {
    value: '5',
    read: ({ trafficShaping }) => trafficShaping.retry.budgetPercent,
    expected: 5,
  },
  'traffic_shaping.upstream.retry.budget.min_per_second': {
    value: '0',
    read: ({ trafficShaping }) => trafficShaping.retry.budgetMinPerSecond,
    expected: 0,
  },
  'traffic_shaping.upstream.circuit_breaker.request_threshold': {
    value: '10',
    read: ({ trafficShaping }) => trafficShaping.circuitBreaker.requestThreshold,
    expected: 10,
  },
  'traffic_shaping.upstream.circuit_breaker.min_identities': {
    value: '1',
    read: ({ trafficShaping }) => trafficShaping.circuitBreaker.callerThreshold,
    expected: 1,
  },
  'traffic_shaping.upstream.circuit_breaker.error_threshold_percentage': {
    value: '80',
    read: ({ trafficShaping }) => trafficShaping.circuitBreaker.errorThreshold,
    expected: 0.8,
  },
  'traffic_shaping.upstream.circuit_breaker.rolling_duration': {
    value: '10s',
    read: ({ trafficShaping }) => trafficShaping.circuitBreaker.rollingDuration,
    expected: 10_000,
  },
  'traffic_shaping.upstream.circuit_breaker.sleep_window': {
    value: '500ms',
    read: ({ trafficShaping }) => trafficShaping.circuitBreaker.sleepWindow,
    expected: 500,
  },
  'traffic_shaping.router.concurrency_limit': {
    value: '99',
    read: ({ trafficShaping }) => trafficShaping.concurrencyLimit,
    expected: 99,
  },
  'traffic_shaping.router.per_identity_concurrency': {
    value: '3',
    read: ({ trafficShaping }) => trafficShaping.perIdentityConcurrency,
    expected: 3,
  },
  'traffic_shaping.router.queue.max': {
    value: '0',
    read: ({ trafficShaping }) => trafficShaping.queue.max,
    expected: 0,
  },
  'traffic_shaping.router.queue.max_wait': {
    value: '1s',
    read: ({ trafficShaping }) => trafficShaping.queue.maxWait,
    expected: 1000,
  },
  'traffic_shaping.router.adaptive.enabled': {
    value: 'off',
    read: ({ trafficShaping }) => trafficShaping.adaptive.enabled,
    expected: false,
  },
  'traffic_shaping.router.adaptive.min': {
    value: '4',
    read: ({ trafficShaping }) => trafficShaping.adaptive.min,
    expected: 4,
  },
  'traffic_shaping.router.max_event_loop_lag': {
    value: '1s',
    read: ({ trafficShaping }) => trafficShaping.maxEventLoopLag,
    expected: 1000,
  },
  'demand_control.per_identity.capacity': {
    value: '60000',
    read: ({ demandControl }) => demandControl.perIdentity?.capacity,
    expected: 60_000,
  },
  'demand_control.per_identity.refill_per_second': {
    value: '7',
    beside: { BKJOB_GQL__DEMAND_CONTROL__PER_IDENTITY__CAPACITY: '60000' },
    read: ({ demandControl }) => demandControl.perIdentity?.refillPerSecond,
    expected: 7,
  },
  'health_check.listen': {
    value: '[::1]:8088',
    read: ({ healthCheck }) => healthCheck.listen,
    expected: { host: '::1', port: 8088 },
  },
  'health_check.readiness.allowed': {
    value: '0',
    read: ({ healthCheck }) => healthCheck.readiness.allowed,
    expected: 0,
  },
  'health_check.readiness.interval.sampling': {
    value: '1s',
    read: ({ healthCheck }) => healthCheck.readiness.sampling,
    expected: 1000,
  },
  'health_check.readiness.interval.unready': {
    value: '30s',
    read: ({ healthCheck }) => healthCheck.readiness.unready,
    expected: 30_000,
  },
  'health_check.path': {
    value: '/healthz',
    read: ({ healthCheck }) => healthCheck.path,
    expected: '/healthz',
  },
};
