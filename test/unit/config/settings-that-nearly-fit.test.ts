import { expect, it } from 'vitest';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { faultsOf, noFile } from '../../support/load-settings.ts';

it.each(['prod', 'Production', 'production '])('NODE_ENV "%s" starts no demonstration', (nodeEnv) => {
  expect(faultsOf(() => loadSettings({ NODE_ENV: nodeEnv }, noFile))).toEqual([
    'NODE_ENV: must be production, to the letter, where that is meant',
  ]);
});

it.each(['', 'development', 'test', 'staging'])('NODE_ENV "%s" is none of its business', (nodeEnv) => {
  expect(faultsOf(() => loadSettings({ NODE_ENV: nodeEnv }, noFile))).toEqual([]);
});

it('metrics are not served where health is told', () => {
  const environment = { BKJOB_GQL__TELEMETRY__METRICS__PATH: '/health' };
  expect(faultsOf(() => loadSettings(environment, noFile))).toEqual([
    'BKJOB_GQL__TELEMETRY__METRICS__PATH (telemetry.metrics.path): must differ from health_check.path',
  ]);
});
