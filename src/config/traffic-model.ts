import { z } from 'zod';
import { setting } from './setting.ts';
import { duration } from './value-types.ts';

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
});
