import { JobApiError } from '../domain/errors.ts';
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
    return context.jobFollowing.wait(toJobReference(scope, jobInstanceId), {
      hostDetail: context.lookAhead.selectsHostDetail(info, 'JobInstance'),
      condition: toCondition(until, revision),
      timeout,
      signal: context.signal,
    });
  },
};

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
