import { expect } from 'vitest';
import { loadSettings, type Environment } from '../../src/config/load-settings.ts';
import { SettingsError, type Settings } from '../../src/config/settings.ts';

/** The reader of files of an environment that names none. */
export function noFile(): string {
  throw new Error('No file was asked for.');
}

/** Settings of a file with this content, the environment over it. */
export function loadFile(content: string, environment: Environment = {}): Settings {
  return loadSettings({ BKJOB_GQL_CONFIG: 'settings.yaml', ...environment }, () => content);
}

/** The faults that loading tells, line by line; none where it tells none. */
export function faultsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    expect(error.message).toBe(error.faults.join('\n'));
    return error.faults;
  }
  return [];
}
