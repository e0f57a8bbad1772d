import type { JobInstance, StepInstance } from './job-instance.ts';
import { listedValues } from './listed-values.ts';
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

const statusesIn = listedValues<StepInstanceStatus>();
const phasesIn = listedValues<JobPhase>();

/** How many values conditions list, which take as long to go through as so many steps. */
export function listedStateCount({ status, phase }: StepConditions): number {
  return (status?.length ?? 0) + (phase?.length ?? 0);
}

/** The steps of a job that meet both conditions, in order. */
export function selectSteps(job: JobInstance, { status, phase }: StepConditions): readonly StepInstance[] {
  const wantedStatuses = status && statusesIn(status);
  const wantedPhases = phase && phasesIn(phase);
  return job.steps.filter(
    ({ statusCode }) =>
      (wantedStatuses?.has(stepInstanceStatus(statusCode)) ?? true) &&
      (wantedPhases?.has(stepInstancePhase(statusCode)) ?? true),
  );
}
