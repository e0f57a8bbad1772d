import type { GraphQLResolveInfo } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import { JobApiError } from '../domain/errors.ts';
import { findIpResult, type GlobalId } from '../domain/identifiers.ts';
import { ipResultsOfStep } from '../domain/ip-result-access.ts';
import type { JobInstance, StepInstance, StepIpResult } from '../domain/job-instance.ts';

/** Anything that has a global id. */
export type Entity = JobInstance | StepInstance | StepIpResult;

/** Name of the GraphQL type of an entity. */
export function entityType(entity: Entity): 'JobInstance' | 'StepInstance' | 'StepIpResult' {
  if ('steps' in entity) return 'JobInstance';
  return 'ipResults' in entity ? 'StepInstance' : 'StepIpResult';
}

/** Reads what a global id names. Rejects with NOT_FOUND where nothing has the id. */
export async function loadEntity(
  id: GlobalId,
  context: OperationContext,
  info: GraphQLResolveInfo,
): Promise<Entity> {
  const job = await context.jobInstanceLoader.load(id.job, {
    hostDetail: context.lookAhead.selectsHostDetail(info, id.kind),
  });
  if (id.kind === 'JobInstance') return job;
  const step = findStep(job, id.stepInstanceId);
  if (id.kind === 'StepInstance') return step;
  ipResultsOfStep(step);
  const ipResult = findIpResult(step, id.host);
  if (ipResult === null) throw new JobApiError('NOT_FOUND');
  return ipResult;
}

/** The step of a job by its number. Throws NOT_FOUND; so a step of another job is never shown (upstream contract 0.13). */
export function findStep(job: JobInstance, stepInstanceId: string): StepInstance {
  const step = job.steps.find((candidate) => candidate.stepInstanceId === stepInstanceId);
  if (step === undefined) throw new JobApiError('NOT_FOUND');
  return step;
}
