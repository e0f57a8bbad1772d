import type { GraphQLResolveInfo } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import { JobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { JobWaitCondition } from '../live/wait-for-job.ts';
import type { QueryResolvers } from '../generated/resolvers-types.ts';
import { toJobReference } from './arguments.ts';

/** Longest wait (schema/live.graphql): below the time limits of most servers and gateways on the way. */
const maxTimeout = 50_000;

export const waiting: Required<Pick<QueryResolvers, 'waitForJobInstance'>> = {
  waitForJobInstance: (_parent, asked, context, info) => {
    const { scope, jobInstanceId, timeout, until, revision = null } = asked;
    if (timeout < 0 || timeout > maxTimeout) {
      throw new JobApiError(
        'BAD_USER_INPUT',
        `timeout must be from 0 to ${String(maxTimeout)} milliseconds.`,
      );
    }
    const job = toJobReference(scope, jobInstanceId);
    const hostDetail = context.lookAhead.selectsHostDetail(info, 'JobInstance');
    const condition = toCondition(until, revision);
    const { signal } = context;
    return waitOnce(context, info, async () => {
      const found = await context.jobFollowing.wait(job, { hostDetail, condition, timeout, signal });
      // Of an operation whose hosts are late jobs are loaded without them.
      return found ?? context.jobInstanceLoader.load(job, { hostDetail });
    });
  },
};

const waits = new WeakMap<OperationContext['jobFollowing'], Map<unknown, Promise<JobInstance>>>();

/** An operation that is begun on the fast way and left to graphql-js asks for the same field twice: it waits once. */
function waitOnce(
  { jobFollowing }: OperationContext,
  { fieldNodes }: GraphQLResolveInfo,
  wait: () => Promise<JobInstance>,
): Promise<JobInstance> {
  const ofOperation = waits.get(jobFollowing) ?? new Map<unknown, Promise<JobInstance>>();
  waits.set(jobFollowing, ofOperation);
  const result = ofOperation.get(fieldNodes[0]) ?? wait();
  ofOperation.set(fieldNodes[0], result);
  return result;
}

function toCondition(until: JobWaitCondition['until'], revision: string | null): JobWaitCondition {
  if (until !== 'CHANGED') return { until };
  if (revision === null) {
    throw new JobApiError(
      'BAD_USER_INPUT',
      'To wait until it has CHANGED, the revision that you have is needed.',
    );
  }
  return { until, revision };
}
