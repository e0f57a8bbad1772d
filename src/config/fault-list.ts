/** What is wrong with settings, a line each, in the order in which it was found. */
export interface FaultList {
  readonly lines: readonly string[];
  /** A fault of one setting, by its path in the file; the line has its variable, too. */
  addOf(path: string, message: string): void;
  /** A fault of something that is no setting. */
  add(line: string): void;
  /** Whether the setting of this path has a fault already: then nothing can be said of how it goes with others. */
  isFaulty(path: string): boolean;
}

/** Makes an empty list. `variableOf` names the variable of a path. */
export function createFaultList(variableOf: (path: string) => string): FaultList {
  const lines: string[] = [];
  const faulty = new Set<string>();
  return {
    lines,
    addOf: (path, message) => {
      faulty.add(path);
      lines.push(`${variableOf(path)} (${path}): ${message}`);
    },
    add: (line) => {
      lines.push(line);
    },
    isFaulty: (path) => faulty.has(path),
  };
}
