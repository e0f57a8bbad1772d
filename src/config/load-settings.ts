import { completeSchema, completeSettings } from './complete-settings.ts';
import { createFaultList, type FaultList } from './fault-list.ts';
import {
  settingsModel,
  settingsReference,
  subsectionOf,
  variableOf,
  type FoundSettings,
  type SectionModel,
} from './model.ts';
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
  const production = isProduction(environment['NODE_ENV'] ?? '', faults);
  // What stands in a file that cannot be read must not be said to be missing.
  const settings = isWhole ? completeSettings(found, production, faults) : null;
  if (settings === null || faults.lines.length > 0) throw new SettingsError(faults.lines);
  return settings;
}

/** What is nearly the word would start a service that is open to all. */
function isProduction(nodeEnv: string, faults: FaultList): boolean {
  if (nodeEnv !== 'production' && ['prod', 'production'].includes(nodeEnv.trim().toLowerCase())) {
    faults.add('NODE_ENV: must be production, to the letter, where that is meant');
  }
  return nodeEnv === 'production';
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
  const sections = merge(file ?? {}, collectVariables(environment, faults), settingsModel.shape);
  return { found: validate(sections, faults), faults, isWhole: file !== null };
}

function collectVariables(environment: Environment, faults: FaultList): Sections {
  const known = new Map(settingsReference().map(({ variable, path }) => [variable, path]));
  const port = environment['PORT'];
  const sections: Tree = port ? { server: { port } } : {};
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || value === undefined || value === '') continue;
    const path = known.get(variable);
    if (path === undefined) {
      faults.add(
        `${shownName(variable)}: there is no such setting${suggestionFor(variable, [...known.keys()])}`,
      );
    } else put(sections, path.split('.'), value);
  }
  return sections;
}

interface Tree {
  [name: string]: unknown;
}

/** Sections on the way are made where they are missing. */
function put(tree: Tree, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    tree[name] = value;
  } else {
    const section = tree[name];
    const next: Tree = isSection(section) ? { ...section } : {};
    put(next, rest, value);
    tree[name] = next;
  }
}

/** Every section that there can be, with the variables over the file. What is no section is left for the check to refuse. */
function merge(file: unknown, variables: unknown, model: SectionModel): unknown {
  if (!isSection(file)) return file;
  const over = isSection(variables) ? variables : {};
  const names = new Set([...Object.keys(model), ...Object.keys(file)]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const subsection = subsectionOf(model, name);
      if (subsection !== null) return [[name, merge(ownOf(file, name) ?? {}, ownOf(over, name), subsection)]];
      const value = ownOf(over, name) ?? ownOf(file, name);
      return isEmpty(value) && Object.hasOwn(model, name) ? [] : [[name, value]];
    }),
  );
}

/** A name without a value is null in YAML. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** What stands under a name, never what every object inherits under one. */
function ownOf(sections: Sections, name: string): unknown {
  return Object.hasOwn(sections, name) ? sections[name] : undefined;
}

/** What is right of the sections; the rest is left out, so that what is right can be checked further. */
function validate(sections: unknown, faults: FaultList): FoundSettings {
  const result = settingsModel.safeParse(sections);
  if (result.success) return result.data;
  const rest = structuredClone(sections) as Tree;
  for (const { path, message, ...issue } of result.error.issues) {
    const names = path.map(String);
    const section = sectionAt(names);
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        addUnknown([...names, key], valueAt(sections, [...names, key]), faults);
        remove(rest, [...names, key]);
      }
    } else if (section !== null) {
      faults.add(`${names.join('.')}: must be a section of settings`);
      put(rest, names, merge({}, {}, section));
    } else {
      faults.addOf(names.slice(0, settingDepth(names)).join('.'), message);
      remove(rest, names.slice(0, settingDepth(names)));
    }
  }
  return settingsModel.parse(rest);
}

/** The section that this path leads to; null where it leads to a setting or nowhere. */
function sectionAt(path: readonly string[]): SectionModel | null {
  let section: SectionModel | null = settingsModel.shape;
  for (const name of path) section = section === null ? null : subsectionOf(section, name);
  return section;
}

/** How many names of a path lead to the setting: what follows is a place within its value. */
function settingDepth(path: readonly string[]): number {
  const sections = path.findIndex((_name, index) => sectionAt(path.slice(0, index + 1)) === null);
  return sections + 1;
}

function valueAt(sections: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (isSection(at) ? ownOf(at, name) : undefined), sections);
}

function remove(tree: Tree, path: readonly string[]): void {
  const section = valueAt(tree, path.slice(0, -1));
  if (isSection(section)) Reflect.deleteProperty(section, path.at(-1) ?? '');
}

/** Of `{ app_secret: half, other half }` the second is a name without a value: none is shown that is like no setting's. */
function addUnknown(path: readonly string[], value: unknown, faults: FaultList): void {
  const known =
    path.length === 1 ? Object.keys(settingsModel.shape) : settingsReference().map((one) => one.path);
  const suggestion = suggestionFor(path.join('.'), known);
  const isHidden = isEmpty(value) && suggestion === '';
  const shown = (isHidden ? [...path.slice(0, -1), ''] : path).map(shownName).join('.');
  faults.add(`${shown}: there is no such setting${suggestion}`);
}
