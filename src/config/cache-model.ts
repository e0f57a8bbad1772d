import { z } from 'zod';
import { setting } from './setting.ts';
import { duration, size } from './value-types.ts';

const mebibyte = 1024 ** 2;
const minute = 60_000;

/** What of that which was read is told a second time: the section `cache`. */
export const cacheModel = z.strictObject({
  memory: z.strictObject({
    ttl: setting(duration({ min: 0, max: minute }), {
      meaning: 'How old the state of a job may be that is told again to the caller who read it; 0 for never.',
      fallback: '0s',
    }),
    terminal_ttl: setting(duration({ min: 0, max: 60 * minute }), {
      meaning: 'The same for jobs over for good, once two reads have said so; rights that end show as late.',
      fallback: '0s; that of `ttl`',
    }),
    max_bytes: setting(size({ min: mebibyte, max: 64 * 1024 * mebibyte }), {
      meaning: 'Memory that these states may take, about; those not asked for longest go first.',
      fallback: '64MiB',
    }),
  }),
});
