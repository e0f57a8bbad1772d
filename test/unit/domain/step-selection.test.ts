import { expect, it } from 'vitest';
import { selectSteps, type StepConditions } from '../../../src/domain/step-selection.ts';
import { buildJob, stepData } from '../../support/build-job.ts';

const job = buildJob({
  steps: [3, 4, 12, 1, 77].map((statusCode, index) =>
    stepData({ statusCode, stepInstanceId: String(index + 1) }),
  ),
});

it.each<[StepConditions, readonly string[]]>([
  [{}, ['1', '2', '3', '4', '5']],
  [{ status: null, phase: null }, ['1', '2', '3', '4', '5']],
  [{ status: ['FAILED'] }, ['2']],
  [{ phase: ['FAILED'] }, ['2', '3']],
  [{ phase: ['FAILED'], status: ['STOP_FAILED', 'SUCCEEDED'] }, ['3']],
  [{ status: ['UNRECOGNIZED'] }, ['5']],
  [{ phase: ['PENDING', 'SUCCEEDED'] }, ['1', '4']],
  [{ status: [] }, []],
  [{ phase: [] }, []],
])('of the steps of a job %j keeps %j', (conditions, expected) => {
  expect(selectSteps(job, conditions).map(({ stepInstanceId }) => stepInstanceId)).toEqual(expected);
});
