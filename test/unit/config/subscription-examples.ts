import type { Example } from './traffic-examples.ts';

/** What following jobs may take without settings. */
export const usualSubscription = {
  enabled: true,
  maxOpened: 12_000,
  maxPerConnection: 50,
  maxPerIdentity: 200,
  maxAskedBytes: 33_554_432,
  maxHeldBytes: 134_217_728,
  drainWindow: 10_000,
  poll: { maxPollsPerSecond: 50, largeJobHosts: 5000, largeJobMinInterval: 5000 },
  websocket: {
    path: '/ws',
    maxPayload: 65_536,
    maxAge: 3_600_000,
    connectionInitTimeout: 3000,
    keepAlive: 12_000,
    maxMessagesPerSecond: 50,
    writeStallTimeout: 15_000,
    maxBufferedBytes: 1_048_576,
  },
};

/** For each setting of `subscription` a value that is not its default. */
export const subscriptionExamples: Readonly<Record<string, Example>> = {
  'subscription.enabled': { value: 'off', read: ({ subscription }) => subscription.enabled, expected: false },
  'subscription.max_opened_subscriptions': {
    value: '5',
    read: ({ subscription }) => subscription.maxOpened,
    expected: 5,
  },
  'subscription.max_per_connection': {
    value: '6',
    read: ({ subscription }) => subscription.maxPerConnection,
    expected: 6,
  },
  'subscription.max_per_identity': {
    value: '7',
    read: ({ subscription }) => subscription.maxPerIdentity,
    expected: 7,
  },
  'subscription.max_asked_bytes': {
    value: '1MiB',
    read: ({ subscription }) => subscription.maxAskedBytes,
    expected: 1_048_576,
  },
  'subscription.max_held_bytes': {
    value: '2MiB',
    read: ({ subscription }) => subscription.maxHeldBytes,
    expected: 2_097_152,
  },
  'subscription.max_age': {
    value: '5m',
    read: ({ subscription }) => subscription.websocket.maxAge,
    expected: 300_000,
  },
  'subscription.poll.max_polls_per_second': {
    value: '8',
    read: ({ subscription }) => subscription.poll.maxPollsPerSecond,
    expected: 8,
  },
  'subscription.poll.large_job_hosts': {
    value: '9',
    read: ({ subscription }) => subscription.poll.largeJobHosts,
    expected: 9,
  },
  'subscription.poll.large_job_min_interval': {
    value: '9s',
    read: ({ subscription }) => subscription.poll.largeJobMinInterval,
    expected: 9_000,
  },
  'subscription.websocket.path': {
    value: '/sockets',
    read: ({ subscription }) => subscription.websocket.path,
    expected: '/sockets',
  },
  'subscription.websocket.connection_init_timeout': {
    value: '4s',
    read: ({ subscription }) => subscription.websocket.connectionInitTimeout,
    expected: 4_000,
  },
  'subscription.websocket.keep_alive': {
    value: '20s',
    read: ({ subscription }) => subscription.websocket.keepAlive,
    expected: 20_000,
  },
  'subscription.websocket.max_payload': {
    value: '32KiB',
    read: ({ subscription }) => subscription.websocket.maxPayload,
    expected: 32_768,
  },
  'subscription.websocket.max_messages_per_second': {
    value: '60',
    read: ({ subscription }) => subscription.websocket.maxMessagesPerSecond,
    expected: 60,
  },
  'subscription.websocket.write_stall_timeout': {
    value: '16s',
    read: ({ subscription }) => subscription.websocket.writeStallTimeout,
    expected: 16_000,
  },
  'subscription.websocket.max_buffered_bytes': {
    value: '2MiB',
    read: ({ subscription }) => subscription.websocket.maxBufferedBytes,
    expected: 2_097_152,
  },
};
