import { parse as parseYaml } from 'yaml';
import { completeSettings } from './complete-settings.ts';
import { settingsModel, settingsReference, variableOf, type FoundSettings } from './model.ts';
import { SettingsError, type Settings } from './settings.ts';

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

type Section = Readonly<Record<string, unknown>>;
type Sections = Readonly<Record<string, unknown>>;

const prefix = 'BKJOB_GQL__';
const fileVariable = 'BKJOB_GQL_CONFIG';

/**
 * Reads all settings: those of the file that BKJOB_GQL_CONFIG names, over them those of the environment, over nothing
 * the defaults. An empty variable counts as not set. Throws a `SettingsError` that lists every fault.
 */
export function loadSettings(environment: Environment, readFile: (path: string) => string): Settings {
  const faults: string[] = [];
  const file = readSections(environment[fileVariable] ?? '', readFile, faults);
  const variables = collectVariables(environment, faults);
  const found = validate(merge(file, variables), faults);
  const settings =
    found === null ? null : completeSettings(found, environment['NODE_ENV'] === 'production', faults);
  if (settings === null || faults.length > 0) throw new SettingsError(faults);
  return settings;
}

function readSections(path: string, readFile: (path: string) => string, faults: string[]): Sections {
  if (path === '') return {};
  try {
    const content: unknown = parseYaml(readFile(path)) ?? {};
    if (isSection(content)) return content;
    faults.push(`${fileVariable}: the file must hold sections of settings`);
  } catch (error) {
    // The parser's own words repeat the lines around a fault, which may hold a secret.
    const reason =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'is not there'
        : 'cannot be read';
    faults.push(`${fileVariable}: the file ${reason}`);
  }
  return {};
}

function collectVariables(environment: Environment, faults: string[]): Readonly<Record<string, Section>> {
  const known = new Map(settingsReference().map(({ variable, path }) => [variable, path]));
  const port = environment['PORT'];
  const sections: Record<string, Record<string, unknown>> = port ? { server: { port } } : {};
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || value === undefined || value === '') continue;
    const [section, name] = known.get(variable)?.split('.') ?? [];
    if (section === undefined || name === undefined) faults.push(`${variable}: there is no such setting`);
    else sections[section] = { ...sections[section], [name]: value };
  }
  return sections;
}

function merge(file: Sections, variables: Readonly<Record<string, Section>>): Sections {
  const names = new Set([...Object.keys(settingsModel.shape), ...Object.keys(file)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const section = file[name] ?? {};
      return [name, isSection(section) ? { ...withoutNulls(section), ...variables[name] } : section];
    }),
  );
}

/** A name without a value in YAML is null: not set. */
function withoutNulls(section: Section): Section {
  return Object.fromEntries(Object.entries(section).filter(([, value]) => value !== null));
}

function validate(sections: Sections, faults: string[]): FoundSettings | null {
  const result = settingsModel.safeParse(sections);
  if (result.success) return result.data;
  for (const { path, message, ...issue } of result.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      faults.push(...issue.keys.map((key) => `${[...path, key].join('.')}: there is no such setting`));
    } else faults.push(describeFault(path.map(String), message));
  }
  return null;
}

/** A fault of one setting, by both of its names. */
function describeFault(path: readonly string[], message: string): string {
  return path.length < 2
    ? `${path.join('.')}: must be a section of settings`
    : `${variableOf(path)} (${path.join('.')}): ${message}`;
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
