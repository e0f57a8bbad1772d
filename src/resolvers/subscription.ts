import type { JobUpdate } from '../live/job-following.ts';
import type { SubscriptionResolvers } from '../generated/resolvers-types.ts';
import { toJobReference } from './arguments.ts';

export const subscription: SubscriptionResolvers = {
  jobInstanceUpdated: {
    subscribe: (_parent, { scope, jobInstanceId, revision }, context, info) =>
      context.jobFollowing.updates(toJobReference(scope, jobInstanceId), {
        hostDetail: context.lookAhead.selectsHostDetail(info, 'JobInstance'),
        knownRevision: revision ?? null,
      }),
    resolve: ({ job, error }: JobUpdate) => {
      if (error !== null) throw error;
      return job;
    },
  },
};
