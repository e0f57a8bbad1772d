import { readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';

/** Enums whose descriptions begin with the numbers that they stand for. */
export type DocumentedEnum =
  'JobInstanceStatus' | 'StepInstanceStatus' | 'StepType' | 'IpResultStatus' | 'IpErrorCode';

/** Words by number, read from the descriptions in schema/status.graphql: what users are promised. */
export function documentedCodes(enumName: DocumentedEnum): ReadonlyMap<number, string> {
  const sdl = parse(readFileSync(new URL('../../schema/status.graphql', import.meta.url), 'utf8'));
  const codes = new Map<number, string>();
  for (const definition of sdl.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== enumName) continue;
    for (const { name, description } of definition.values ?? []) {
      const numbers = /^([^:]*\d[^:]*):/.exec(description?.value ?? '')?.[1] ?? '';
      for (const [, first, last] of numbers.matchAll(/(\d+)(?: to (\d+))?/g)) {
        for (let code = Number(first); code <= Number(last ?? first); code += 1) codes.set(code, name.value);
      }
    }
  }
  return codes;
}

/** Phases of jobs and steps by number (schema.md 3); 12 is of steps only. */
export const jobPhases: Readonly<Record<string, readonly number[]>> = {
  PENDING: [1],
  RUNNING: [2, 10, 15],
  BLOCKED: [7],
  SUCCEEDED: [3],
  FAILED: [4, 9, 14],
  STOPPED: [8, 11, 13],
  NEUTRAL: [5, 6],
};

/** Phases of hosts by number (schema.md 3). */
export const hostPhases: Readonly<Record<string, readonly number[]>> = {
  PENDING: [5],
  RUNNING: [7],
  SUCCEEDED: [3, 9],
  STOPPED: [103, 403, 500],
  FAILED: [
    0, 1, 2, 11, 12, 13, 15, 16, 17, 18, 101, 102, 104, 202, 203, 301, 303, 310, 311, 312, 320, 321, 329, 399,
    404,
  ],
};

/** The phase of a number; UNRECOGNIZED where no phase has it. */
export function documentedPhase(phases: Readonly<Record<string, readonly number[]>>, code: number): string {
  return Object.keys(phases).find((phase) => phases[phase]!.includes(code)) ?? 'UNRECOGNIZED';
}
