import { z } from 'zod';
import { setting } from './setting.ts';
import { duration, whole } from './value-types.ts';

const hour = 3_600_000;

/** How much at a time, and how long: the section `traffic_shaping`, in the words of Apollo Router. */
export const trafficShapingModel = z.strictObject({
  router: z.strictObject({
    timeout: setting(duration({ min: 10, max: hour }), {
      meaning:
        'Time for a request; what is not there by then is answered as UPSTREAM_TIMEOUT, field by field.',
      fallback: '25s',
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
        fallback: '100ms',
      }),
      max: setting(duration({ min: 1, max: hour }), {
        meaning: 'Longest pause before any attempt, however often it has doubled.',
        fallback: '1s',
      }),
      budget: z.strictObject({
        percent: setting(whole({ min: 0, max: 100 }), {
          meaning: 'Share of reads that may be tried again, in percent.',
          fallback: '20',
        }),
        min_per_second: setting(whole({ min: 0, max: 10_000 }), {
          meaning: 'How many may be tried again in a second, however few reads there are.',
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
