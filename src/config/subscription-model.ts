import { z } from 'zod';
import { setting } from './setting.ts';
import { duration, onOff, size, urlPath, whole } from './value-types.ts';

const hour = 3_600_000;
const mebibyte = 1024 ** 2;

/** Following jobs: the section `subscription`. */
export const subscriptionModel = z.strictObject({
  enabled: setting(onOff(), {
    meaning:
      'Whether jobs can be followed (WebSocket, server-sent events, multipart), and the schema says so.',
    fallback: 'on',
  }),
  max_opened_subscriptions: setting(whole({ min: 1, max: 1_000_000 }), {
    meaning: 'Streams that may be open at a time, all together.',
    fallback: '12000',
  }),
  max_per_connection: setting(whole({ min: 1, max: 100_000 }), {
    meaning: 'Streams on one WebSocket.',
    fallback: '50',
  }),
  max_per_identity: setting(whole({ min: 1, max: 1_000_000 }), {
    meaning: 'Streams of one caller, and its WebSockets.',
    fallback: '200',
  }),
  max_asked_bytes: setting(size({ min: 4096, max: 4096 * mebibyte }), {
    meaning: 'Texts, variables and large documents of all streams, which are kept; of one caller a quarter.',
    fallback: '32MiB; four of `max_payload` if more',
  }),
  max_held_bytes: setting(size({ min: mebibyte, max: 65_536 * mebibyte }), {
    meaning:
      'Hosts and messages that all streams keep from one message to the next; of one caller a quarter.',
    fallback: '128MiB',
  }),
  max_age: setting(duration({ min: 1000, max: 24 * hour }), {
    meaning: 'Age at which a WebSocket is told to connect again, give or take a tenth.',
    fallback: '60m',
  }),
  poll: z.strictObject({
    max_polls_per_second: setting(whole({ min: 1, max: 100_000 }), {
      meaning: 'Reads of followed jobs that begin within a second, all together.',
      fallback: '50',
    }),
    large_job_hosts: setting(whole({ min: 1, max: 10_000_000 }), {
      meaning: 'Hosts from which on a job is read less often while its hosts are followed.',
      fallback: '5000',
    }),
    large_job_min_interval: setting(duration({ min: 1000, max: hour }), {
      meaning: 'How often at most, then.',
      fallback: '5s',
    }),
  }),
  websocket: z.strictObject({
    path: setting(urlPath(), { meaning: 'Path of the WebSocket endpoint.', fallback: '/ws' }),
    connection_init_timeout: setting(duration({ min: 10, max: hour }), {
      meaning: 'Time for a client to say who it is.',
      fallback: '3s',
    }),
    keep_alive: setting(duration({ min: 100, max: hour }), {
      meaning:
        'Time between two signs of life on a stream; a WebSocket that answers none by the next is gone.',
      fallback: '12s',
    }),
    max_payload: setting(size({ min: 1024, max: 64 * mebibyte }), {
      meaning: 'Largest message of a client, and what a stream over HTTP may be asked for by.',
      fallback: '64KiB',
    }),
    max_messages_per_second: setting(whole({ min: 1, max: 1_000_000 }), {
      meaning: 'Messages of one client within a second.',
      fallback: '50',
    }),
    write_stall_timeout: setting(duration({ min: 10, max: hour }), {
      meaning: 'Time that a client may take nothing of what is sent to it.',
      fallback: '15s',
    }),
    max_buffered_bytes: setting(size({ min: 1024, max: 1024 * mebibyte }), {
      meaning: 'What may wait for a client longer than a second; of answers to pings and refusals a quarter.',
      fallback: '1MiB',
    }),
  }),
});
