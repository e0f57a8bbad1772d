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
import { documentedCodes, documentedPhase, hostPhases, jobPhases } from '../../support/documented-codes.ts';

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

describe.each([
  ['a job', jobInstancePhase, jobPhases],
  ['a step', stepInstancePhase, { ...jobPhases, FAILED: [...jobPhases['FAILED']!, 12] }],
  ['a host', ipResultPhase, hostPhases],
] as const)('the phase of %s', (_subject, phaseOf, phases) => {
  it('is as documented for every code, and UNRECOGNIZED where there is none', () => {
    expect(everyCode.map((code) => [code, phaseOf(code)])).toEqual(
      everyCode.map((code) => [code, documentedPhase(phases, code)]),
    );
  });
});
