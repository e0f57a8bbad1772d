import { expect, it } from 'vitest';
import { loadSchemaSettings, loadSettings } from '../../../src/config/load-settings.ts';

const off = { BKJOB_GQL__SUBSCRIPTION__ENABLED: 'off' };
const noFile = () => '';

it('leaves subscriptions out of the schema, also of the one that is printed', () => {
  expect(loadSettings(off, noFile).schema).toEqual({ node: true, subscription: false });
  expect(loadSchemaSettings(off, noFile)).toEqual({ node: true, subscription: false });
});

it('takes the page along that follows a job, and is told where somebody wants it all the same', () => {
  expect(loadSettings({}, noFile).server.watch).toBe(true);
  expect(loadSettings(off, noFile).server.watch).toBe(false);
  expect(() => loadSettings({ ...off, BKJOB_GQL__SERVER__WATCH: 'on' }, noFile)).toThrow(
    'BKJOB_GQL__SERVER__WATCH (server.watch): must be off where subscription.enabled is',
  );
});
