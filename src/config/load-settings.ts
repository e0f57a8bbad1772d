import { completeSchema, completeSettings } from './complete-settings.ts';
import { createFaultList, type FaultList } from './fault-list.ts';
import { settingsModel, settingsReference, variableOf, type FoundSettings } from './model.ts';
import { isSection, readSettingsFile, type Sections } from './settings-file.ts';
import { SettingsError, type Settings } from './settings.ts';
import { shownName, suggestionFor } from './suggestion.ts';

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

type ReadFile = (path: string) => string;

/** Two underscores: the variables that Kubernetes makes for a service of this name have one. */
const prefix = 'BKJOB_GQL__';

/**
 * Reads all settings: those of the file that BKJOB_GQL_CONFIG names, over them those of the environment, below both
 * the defaults. What is empty counts as not set. Throws a `SettingsError` that lists every fault.
 */
export function loadSettings(environment: Environment, readFile: ReadFile): Settings {
  const { found, faults, isWhole } = findSettings(environment, readFile);
  // What stands in a file that cannot be read must not be said to be missing.
  const settings = isWhole ? completeSettings(found, environment['NODE_ENV'] === 'production', faults) : null;
  if (settings === null || faults.lines.length > 0) throw new SettingsError(faults.lines);
  return settings;
}

/** The settings that shape the schema: to print it, nobody has to know an upstream. Throws a `SettingsError`. */
export function loadSchemaSettings(environment: Environment, readFile: ReadFile): Settings['schema'] {
  const { found, faults } = findSettings(environment, readFile);
  if (faults.lines.length > 0) throw new SettingsError(faults.lines);
  return completeSchema(found);
}

interface Findings {
  readonly found: FoundSettings;
  readonly faults: FaultList;
  /** False where the file could not be read. */
  readonly isWhole: boolean;
}

function findSettings(environment: Environment, readFile: ReadFile): Findings {
  const isMovedByPort = Boolean(environment['PORT']) && !environment[variableOf('server.port')];
  const faults = createFaultList((path) =>
    path === 'server.port' && isMovedByPort ? 'PORT' : variableOf(path),
  );
  const path = environment['BKJOB_GQL_CONFIG'] ?? '';
  const file = path === '' ? {} : readSettingsFile(path, readFile, faults);
  const sections = merge(file ?? {}, collectVariables(environment, faults));
  return { found: validate(sections, faults), faults, isWhole: file !== null };
}

function collectVariables(environment: Environment, faults: FaultList): Readonly<Record<string, Sections>> {
  const known = new Map(settingsReference().map(({ variable, path }) => [variable, path]));
  const port = environment['PORT'];
  const sections: Record<string, Sections> = port ? { server: { port } } : {};
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || value === undefined || value === '') continue;
    const [section, name] = known.get(variable)?.split('.') ?? [];
    if (section === undefined || name === undefined) {
      faults.add(
        `${shownName(variable)}: there is no such setting${suggestionFor(variable, [...known.keys()])}`,
      );
    } else sections[section] = { ...sections[section], [name]: value };
  }
  return sections;
}

function merge(file: Sections, variables: Readonly<Record<string, Sections>>): Sections {
  const names = new Set([...Object.keys(settingsModel.shape), ...Object.keys(file)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const section = file[name] ?? {};
      return [name, isSection(section) ? { ...withoutEmpty(section), ...variables[name] } : section];
    }),
  );
}

/** A name without a value is null in YAML. */
function withoutEmpty(section: Sections): Sections {
  return Object.fromEntries(Object.entries(section).filter(([, value]) => value !== null && value !== ''));
}

/** What is right of the sections; the rest is left out, so that what is right can be checked further. */
function validate(sections: Sections, faults: FaultList): FoundSettings {
  const result = settingsModel.safeParse(sections);
  if (result.success) return result.data;
  const rest = structuredClone(sections) as Record<string, Record<string, unknown> | undefined>;
  for (const { path, message, ...issue } of result.error.issues) {
    const [section = '', name] = path.map(String);
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        addUnknown([...path.map(String), key], faults);
        if (path.length === 0) Reflect.deleteProperty(rest, key);
        else Reflect.deleteProperty(rest[section] ?? {}, key);
      }
    } else if (name === undefined) {
      faults.add(`${section}: must be a section of settings`);
      rest[section] = {};
    } else {
      faults.addOf(`${section}.${name}`, message);
      Reflect.deleteProperty(rest[section] ?? {}, name);
    }
  }
  return settingsModel.parse(rest);
}

function addUnknown(path: readonly string[], faults: FaultList): void {
  const known =
    path.length === 1 ? Object.keys(settingsModel.shape) : settingsReference().map((one) => one.path);
  const shown = path.map(shownName).join('.');
  faults.add(`${shown}: there is no such setting${suggestionFor(path.join('.'), known)}`);
}
