import { readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  ipErrorCode,
  ipResultPhase,
  ipResultStatus,
  jobInstancePhase,
  jobInstanceStatus,
  stepInstancePhase,
  stepInstanceStatus,
  stepType,
} from '../../../src/domain/status-codes.ts';

/** Words by number, read from the descriptions that users see: each begins with its numbers. */
function documentedCodes(enumName: string): ReadonlyMap<number, string> {
  const sdl = parse(readFileSync(new URL('../../../schema/status.graphql', import.meta.url), 'utf8'));
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

const everyCode = Array.from({ length: 1_500 }, (_, index) => index - 20);

describe.each([
  ['JobInstanceStatus', jobInstanceStatus, 14],
  ['StepInstanceStatus', stepInstanceStatus, 15],
  ['StepType', stepType, 4],
  ['IpResultStatus', ipResultStatus, 32],
  ['IpErrorCode', ipErrorCode, 50],
] as const)('%s', (enumName, decode, size) => {
  const documented = documentedCodes(enumName);

  it('has the documented word for every documented number', () => {
    expect(documented.size).toBe(size);
    expect([...documented.keys()].map((code) => [code, decode(code)])).toEqual([...documented]);
  });

  it('is UNRECOGNIZED for every other number', () => {
    const others = everyCode.filter((code) => !documented.has(code));
    expect(new Set(others.map(decode))).toEqual(new Set(['UNRECOGNIZED']));
    expect(decode(2 ** 31 - 1)).toBe('UNRECOGNIZED');
    expect(decode(Number.NaN)).toBe('UNRECOGNIZED');
  });
});

it('an error number that was not sent has no meaning', () => {
  expect(ipErrorCode(null)).toBeNull();
});

const jobPhases = {
  PENDING: [1],
  RUNNING: [2, 10, 15],
  BLOCKED: [7],
  SUCCEEDED: [3],
  FAILED: [4, 9, 14],
  STOPPED: [8, 11, 13],
  NEUTRAL: [5, 6],
};

const hostPhases = {
  PENDING: [5],
  RUNNING: [7],
  SUCCEEDED: [3, 9],
  STOPPED: [103, 403, 500],
  FAILED: [
    0, 1, 2, 11, 12, 13, 15, 16, 17, 18, 101, 102, 104, 202, 203, 301, 303, 310, 311, 312, 320, 321, 329, 399,
    404,
  ],
};

describe.each([
  ['a job', jobInstancePhase, jobPhases],
  ['a step', stepInstancePhase, { ...jobPhases, FAILED: [...jobPhases.FAILED, 12] }],
  ['a host', ipResultPhase, hostPhases],
] as const)('the phase of %s', (_subject, phaseOf, codesByPhase) => {
  const phases = new Map(
    Object.entries(codesByPhase).flatMap(([phase, codes]) => codes.map((code) => [code, phase] as const)),
  );

  it('is as documented for every code, and UNRECOGNIZED where there is none', () => {
    expect(everyCode.map((code) => [code, phaseOf(code)])).toEqual(
      everyCode.map((code) => [code, phases.get(code) ?? 'UNRECOGNIZED']),
    );
  });
});
