import { z } from 'zod';
import { setting } from './setting.ts';
import { duration, listenAddress, onOff, urlPath, whole } from './value-types.ts';

const minute = 60_000;
const hour = 60 * minute;

/** How much at a time, and how long: the section `traffic_shaping`, in the words of Apollo Router. */
export const trafficShapingModel = z.strictObject({
  router: z.strictObject({
    timeout: setting(duration({ min: 10, max: hour }), {
      meaning: 'Time for a request, four fifths for hosts; what is late is UPSTREAM_TIMEOUT, field by field.',
      fallback: '25s',
    }),
    concurrency_limit: setting(whole({ min: 1, max: 100_000 }), {
      meaning: 'Operations without hosts under way at a time; of those with hosts a quarter as many, apart.',
      fallback: '256',
    }),
    per_identity_concurrency: setting(whole({ min: 1, max: 100_000 }), {
      meaning: 'Operations of one caller under way at a time.',
      fallback: '24',
    }),
    queue: z.strictObject({
      max: setting(whole({ min: 0, max: 100_000 }), {
        meaning:
          'Operations that may wait for a place, with hosts four times as many; a quarter of it per caller.',
        fallback: '256',
      }),
      max_wait: setting(duration({ min: 1, max: minute }), {
        meaning: 'How long they may wait before they are turned away.',
        fallback: '250ms',
      }),
    }),
    adaptive: z.strictObject({
      enabled: setting(onOff(), {
        meaning: 'Whether the limit shrinks while the event loop comes round late, and grows again after.',
        fallback: 'on',
      }),
      min: setting(whole({ min: 1, max: 100_000 }), {
        meaning: 'What the limit does not shrink below.',
        fallback: '64; `concurrency_limit` if less',
      }),
    }),
    max_event_loop_lag: setting(duration({ min: 10, max: minute }), {
      meaning:
        'Lag that turns away operations with hosts; 1.5 times of it what follows or waits, twice of it all.',
      fallback: '200ms',
    }),
  }),
  upstream: z.strictObject({
    retry: z.strictObject({
      max_attempts: setting(whole({ min: 1, max: 5 }), {
        meaning: 'How often a read is tried where bk-job cannot be reached; 1 never tries again.',
        fallback: '3',
      }),
      base: setting(duration({ min: 1, max: hour }), {
        meaning: 'Longest pause before the second attempt; each is drawn from nothing up to it.',
        fallback: '100ms; `max` if less',
      }),
      max: setting(duration({ min: 1, max: hour }), {
        meaning: 'Longest pause before any attempt, however often it has doubled.',
        fallback: '1s',
      }),
      budget: z.strictObject({
        percent: setting(whole({ min: 0, max: 100 }), {
          meaning: 'Share of reads tried again, in percent, with plain reads after failed ones with hosts.',
          fallback: '20',
        }),
        min_per_second: setting(whole({ min: 0, max: 10_000 }), {
          meaning:
            'How many may be in a second, however few reads there are; with both 0 only such plain reads are.',
          fallback: '10',
        }),
      }),
    }),
    circuit_breaker: z.strictObject({
      request_threshold: setting(whole({ min: 1, max: 1_000_000 }), {
        meaning: 'Calls that there must have been before bk-job is left alone.',
        fallback: '20',
      }),
      min_identities: setting(whole({ min: 1, max: 1000 }), {
        meaning: 'Users to whom calls must have failed, since one can have troubles of his own.',
        fallback: '3',
      }),
      error_threshold_percentage: setting(whole({ min: 1, max: 100 }), {
        meaning: 'Share of calls that must have failed, in percent.',
        fallback: '50',
      }),
      rolling_duration: setting(duration({ min: 1000, max: hour }), {
        meaning: 'Time that these are counted over.',
        fallback: '30s',
      }),
      sleep_window: setting(duration({ min: 10, max: hour }), {
        meaning: 'Time that bk-job is left alone before one call tries it.',
        fallback: '1s',
      }),
    }),
  }),
});

/** What callers may spend: the section `demand_control`. */
export const demandControlModel = z.strictObject({
  max: setting(whole({ min: 1, max: 1_000_000_000 }), {
    meaning: 'What one operation may cost by `@cost` and `@listSize`, priced before anything is read.',
    fallback: '50000',
  }),
  per_identity: z.strictObject({
    capacity: setting(whole({ min: 1, max: 1_000_000_000 }), {
      meaning:
        'What one caller may spend at once, in the prices of `demand_control.max`; no limit if left out.',
      fallback: 'none',
    }),
    refill_per_second: setting(whole({ min: 1, max: 1_000_000_000 }), {
      meaning: 'What comes back of it each second.',
      fallback: '100; only with capacity',
    }),
  }),
});

/** What balancers are told, and where: the section `health_check`. */
export const healthCheckModel = z.strictObject({
  listen: setting(listenAddress(), {
    meaning: 'Address and port for health alone, such as 127.0.0.1:8088; `off` for where GraphQL is.',
    fallback: 'off',
  }),
  path: setting(urlPath(), {
    meaning: 'Path that tells health: `?live`, `?ready`.',
    fallback: '/health',
  }),
  readiness: z.strictObject({
    allowed: setting(whole({ min: 0, max: 1_000_000_000 }), {
      meaning: 'Requests that may be turned away for the load within an interval before it is not ready.',
      fallback: '100',
    }),
    interval: z.strictObject({
      sampling: setting(duration({ min: 10, max: hour }), {
        meaning: 'Length of such an interval.',
        fallback: '5s',
      }),
      unready: setting(duration({ min: 10, max: hour }), {
        meaning: 'How long it is not ready then.',
        fallback: '10s',
      }),
    }),
  }),
});
