import type { JobInstance, StepInstance } from './job-instance.ts';
import {
  stepInstancePhase,
  stepInstanceStatus,
  type JobPhase,
  type StepInstanceStatus,
} from './status-codes.ts';

/** Which steps to keep. Null or left out does not restrict, an empty list keeps nothing. */
export interface StepConditions {
  readonly status?: readonly StepInstanceStatus[] | null | undefined;
  readonly phase?: readonly JobPhase[] | null | undefined;
}

/** The steps of a job that meet both conditions, in order. */
export function selectSteps(job: JobInstance, { status, phase }: StepConditions): readonly StepInstance[] {
  return job.steps.filter(
    ({ statusCode }) =>
      (status?.includes(stepInstanceStatus(statusCode)) ?? true) &&
      (phase?.includes(stepInstancePhase(statusCode)) ?? true),
  );
}
