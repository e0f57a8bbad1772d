import type { OperationContext } from '../context/operation-context.ts';
import { JobApiError, toJobApiError, toJobApiFailure } from '../domain/errors.ts';
import { parseUpstreamId } from '../domain/identifiers.ts';
import type { JobInstanceLookup } from '../domain/job-instance-lookup.ts';
import type { Scope } from '../domain/scope.ts';
import type { QueryResolvers } from '../generated/resolvers-types.ts';
import { toJobReference, toScope } from './arguments.ts';
import { findStep } from './entity-lookup.ts';

/** How many jobs one `jobInstancesById` may ask for (schema/query.graphql). */
const maxJobInstanceIds = 50;

export const query: Omit<QueryResolvers, 'waitForJobInstance' | 'node' | '_entities' | '_service'> = {
  jobInstance: (_parent, { scope, jobInstanceId }, context, info) =>
    context.jobInstanceLoader.load(toJobReference(scope, jobInstanceId), {
      hostDetail: context.lookAhead.selectsHostDetail(info, 'JobInstance'),
    }),

  stepInstance: async (_parent, { scope, jobInstanceId, stepInstanceId }, context, info) => {
    const stepId = parseUpstreamId(stepInstanceId, 'stepInstanceId');
    const job = await context.jobInstanceLoader.load(toJobReference(scope, jobInstanceId), {
      hostDetail: context.lookAhead.selectsHostDetail(info, 'StepInstance'),
    });
    return findStep(job, stepId);
  },

  jobInstancesById: (_parent, { scope, jobInstanceIds }, context, info) => {
    if (jobInstanceIds.length > maxJobInstanceIds) {
      throw new JobApiError(
        'BAD_USER_INPUT',
        `At most ${String(maxJobInstanceIds)} jobs can be asked for together.`,
      );
    }
    const owner = toScope(scope);
    // The price knows how many jobs these are, and not how much is told of each.
    context.rowBudget.handOut(jobInstanceIds, info);
    const hostDetail = context.lookAhead.selectsHostDetail(info, 'JobInstanceLookup');
    return Promise.all(
      jobInstanceIds.map((id) => lookUp(context, { scope: owner, jobInstanceId: id, hostDetail })),
    );
  },
};

async function lookUp(
  context: OperationContext,
  asked: { readonly scope: Scope; readonly jobInstanceId: string; readonly hostDetail: boolean },
): Promise<JobInstanceLookup> {
  const { scope, jobInstanceId, hostDetail } = asked;
  try {
    const job = { scope, jobInstanceId: parseUpstreamId(jobInstanceId, 'jobInstanceIds') };
    const jobInstance = await context.jobInstanceLoader.load(job, { hostDetail });
    return { jobInstanceId, jobInstance, error: null };
  } catch (thrown) {
    const error = toJobApiError(thrown);
    if (error.code === 'INTERNAL_SERVER_ERROR') context.report(error);
    return { jobInstanceId, jobInstance: null, error: toJobApiFailure(error) };
  }
}
