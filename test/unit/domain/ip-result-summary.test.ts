import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepInstanceData } from '../../../src/domain/create-job-instance.ts';
import { summarizeJob, summarizeStep } from '../../../src/domain/ip-result-summary.ts';
import { arbitraryHostRows } from '../../support/arbitrary-hosts.ts';
import { buildJob, buildStep, hostRow, stepData } from '../../support/build-job.ts';

const rowsOfEveryPhase = [5, 5, 7, 9, 3, 9, 11, 104, 310, 1, 403, 777].map((statusCode, index) =>
  hostRow({ statusCode, bkHostId: String(index + 1) }),
);

describe('a summary of hosts', () => {
  it('counts each coarse state by itself', () => {
    expect(summarizeStep(buildStep(rowsOfEveryPhase))).toEqual({
      total: 12,
      pending: 2,
      running: 1,
      succeeded: 3,
      failed: 4,
      stopped: 1,
      unrecognized: 1,
      availability: 'AVAILABLE',
    });
  });

  it('of a job counts a host once for each step that ran on it', () => {
    const job = buildJob({
      steps: [
        stepData({ ipResults: [hostRow()] }),
        stepData({ ipResults: [hostRow(), hostRow({ statusCode: 11 })] }),
      ],
    });
    expect(summarizeJob(job)).toMatchObject({ total: 3, succeeded: 2, failed: 1 });
  });

  it('adds up to its total', () => {
    fc.assert(
      fc.property(fc.array(arbitraryHostRows, { minLength: 1, maxLength: 3 }), (rowsOfSteps) => {
        const job = buildJob({ steps: rowsOfSteps.map((ipResults) => stepData({ ipResults })) });
        const { total, availability: _availability, ...counts } = summarizeJob(job);
        expect(total).toBe(rowsOfSteps.flat().length);
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(total);
      }),
    );
  });
});

const confirm: Partial<StepInstanceData> = { typeCode: 3 };
const notStarted: Partial<StepInstanceData> = { startTime: null };
const withRows: Partial<StepInstanceData> = { ipResults: [hostRow()] };
const empty: Partial<StepInstanceData> = {};

describe('the availability of hosts', () => {
  it.each([
    ['of a confirmation step', { ...confirm, ...notStarted }, false, 'NOT_APPLICABLE'],
    ['of a confirmation step that has started', confirm, true, 'NOT_APPLICABLE'],
    ['of a step that has not started', notStarted, false, 'NOT_STARTED'],
    ['of a step that was never reached', notStarted, true, 'NOT_STARTED'],
    ['of a step whose hosts are entered', withRows, false, 'AVAILABLE'],
    ['of a step that has just started or is being retried', empty, false, 'PREPARING'],
    ['of a step without hosts in a job that is over', empty, true, 'AVAILABLE'],
  ])('%s: %j, finished %s, is %s', (_case, step, finished, availability) => {
    const job = buildJob({ finished, steps: [stepData(step)] });
    expect(summarizeStep(job.steps[0]!).availability).toBe(availability);
    expect(summarizeJob(job).availability).toBe(availability);
  });

  it.each([
    [[withRows, empty, notStarted, confirm], 'PREPARING'],
    [[confirm, notStarted, withRows], 'AVAILABLE'],
    [[confirm, notStarted], 'NOT_STARTED'],
    [[confirm, confirm], 'NOT_APPLICABLE'],
  ])('of a job is the first that one of its steps has: %j is %s', (steps, availability) => {
    const job = buildJob({ finished: false, steps: steps.map(stepData) });
    expect(summarizeJob(job).availability).toBe(availability);
  });
});
