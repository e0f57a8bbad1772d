import { parseDocument } from 'yaml';
import type { FaultList } from './fault-list.ts';

/** What a file holds: sections by name, not checked yet. */
export type Sections = Readonly<Record<string, unknown>>;

const source = 'BKJOB_GQL_CONFIG (--config)';

/**
 * The parser warns of odd names in words of its own, which repeat them. They are refused like all names that do not
 * exist. Tags make of sections what is none: `!!omap` and `!!set` would be taken for sections without settings.
 */
const plainYaml = { logLevel: 'error', resolveKnownTags: false } as const;

/**
 * Reads the sections of a YAML file; null where it cannot be read. What is wrong is told by place and by the parser's code only: the parser's own
 * words repeat the lines around a fault, which may hold a secret.
 */
export function readSettingsFile(
  path: string,
  readFile: (path: string) => string,
  faults: FaultList,
): Sections | null {
  try {
    const document = parseDocument(readFile(path), plainYaml);
    const [fault] = [...document.errors, ...document.warnings];
    if (fault === undefined) {
      const content: unknown = document.toJS() ?? {};
      if (isSection(content)) return content;
      faults.add(`${source}: the file ${path} must hold sections of settings`);
    } else {
      const { line, col } = fault.linePos?.[0] ?? { line: 1, col: 1 };
      const place = `line ${String(line)}, column ${String(col)}`;
      faults.add(`${source}: the file ${path} is no YAML that can be read, at ${place} (${fault.code})`);
    }
  } catch (error) {
    const code = error instanceof Error && ('code' in error ? String(error.code) : error.name);
    faults.add(
      code === 'ENOENT'
        ? `${source}: there is no file ${path}`
        : `${source}: the file ${path} cannot be read (${String(code)})`,
    );
  }
  return null;
}

/** Whether a value is a section: names with values. */
export function isSection(value: unknown): value is Sections {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
