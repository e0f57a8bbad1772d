import type { GraphQLResolveInfo } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import { JobApiError } from '../domain/errors.ts';
import { findIpResult, type GlobalId } from '../domain/identifiers.ts';
import { ipResultsOfStep } from '../domain/ip-result-access.ts';
import type { JobInstance, StepInstance, StepIpResult } from '../domain/job-instance.ts';
import { inTurn } from './in-turn.ts';

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
  return findHost(step, id.host, context);
}

/** By operation and step, when all hosts have been gone through: from then on each is found at once. */
const searches = new WeakMap<OperationContext, Map<StepInstance, Promise<unknown>>>();

/** The host of a step. Where several are looked for, all wait for the first one, which has them gone through in its turn. */
async function findHost(step: StepInstance, host: string, context: OperationContext): Promise<StepIpResult> {
  const ofOperation = searches.get(context) ?? new Map<StepInstance, Promise<unknown>>();
  searches.set(context, ofOperation);
  const search = ofOperation.get(step) ?? goThroughHosts(step, host, context);
  ofOperation.set(step, search);
  await search;
  const ipResult = findIpResult(step, host);
  if (ipResult === null) throw new JobApiError('NOT_FOUND');
  return ipResult;
}

async function goThroughHosts(step: StepInstance, host: string, context: OperationContext): Promise<void> {
  const { length } = context.rowBudget.examine(ipResultsOfStep(step));
  await inTurn(length, context, () => findIpResult(step, host));
}

/** The step of a job by its number. Throws NOT_FOUND; so a step of another job is never shown (upstream contract 0.13). */
export function findStep(job: JobInstance, stepInstanceId: string): StepInstance {
  const step = job.steps.find((candidate) => candidate.stepInstanceId === stepInstanceId);
  if (step === undefined) throw new JobApiError('NOT_FOUND');
  return step;
}
