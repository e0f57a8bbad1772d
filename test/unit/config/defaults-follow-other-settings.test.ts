import { expect, it } from 'vitest';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { settingsReference } from '../../../src/config/model.ts';
import type { Settings } from '../../../src/config/settings.ts';

interface Following {
  readonly beside: Readonly<Record<string, string>>;
  readonly read: (settings: Settings) => unknown;
  readonly expected: unknown;
  readonly says: string;
}

const followers: Readonly<Record<string, Following>> = {
  'server.header_read_timeout': {
    beside: { BKJOB_GQL__SERVER__REQUEST_READ_TIMEOUT: '5s' },
    read: ({ server }) => server.connections.headerReadTimeout,
    expected: 5000,
    says: 'request_read_timeout',
  },
  'upstream.connect_timeout': {
    beside: { BKJOB_GQL__UPSTREAM__TIMEOUT: '1s' },
    read: ({ upstream }) => upstream.connectTimeout,
    expected: 1000,
    says: 'of a read',
  },
  'upstream.max_inflight_response_bytes': {
    beside: { BKJOB_GQL__UPSTREAM__MAX_RESPONSE_BYTES: '300MiB' },
    read: ({ upstream }) => upstream.maxInflightResponseBytes,
    expected: 300 * 1024 ** 2,
    says: 'max_response_bytes',
  },
  'shutdown.websocket_drain_window': {
    beside: { BKJOB_GQL__SHUTDOWN__GRACE_PERIOD: '6s' },
    read: ({ subscription }) => subscription.drainWindow,
    expected: 3000,
    says: 'half of `grace_period`',
  },
  'traffic_shaping.router.adaptive.min': {
    beside: { BKJOB_GQL__TRAFFIC_SHAPING__ROUTER__CONCURRENCY_LIMIT: '10' },
    read: ({ trafficShaping }) => trafficShaping.adaptive.min,
    expected: 10,
    says: 'concurrency_limit',
  },
  'traffic_shaping.upstream.retry.base': {
    beside: { BKJOB_GQL__TRAFFIC_SHAPING__UPSTREAM__RETRY__MAX: '50ms' },
    read: ({ trafficShaping }) => trafficShaping.retry.base,
    expected: 50,
    says: '`max`',
  },
};

it.each(Object.entries(followers))('the default of %s follows another setting, and says so', (path, one) => {
  expect(one.read(loadSettings(one.beside, () => ''))).toBe(one.expected);
  const [, condition = ''] = settingsReference()
    .find((setting) => setting.path === path)!
    .fallback.split(';');
  expect(condition).toContain(one.says);
});
