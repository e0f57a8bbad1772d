import { GraphQLDateTimeISO, GraphQLSafeInt } from 'graphql-scalars';
import type { Resolvers } from '../generated/resolvers-types.ts';
import { ipResultGroup } from './ip-result-group.ts';
import { jobInstance } from './job-instance.ts';
import { node, nodeQuery } from './node.ts';
import { query } from './query.ts';
import { stepInstance } from './step-instance.ts';
import { stepIpResult } from './step-ip-result.ts';
import { subscription } from './subscription.ts';
import { waiting } from './waiting.ts';

export const resolvers = {
  DateTime: GraphQLDateTimeISO,
  SafeInt: GraphQLSafeInt,
  Query: { ...query, ...waiting, ...nodeQuery },
  Subscription: subscription,
  Node: node,
  JobInstance: jobInstance,
  StepInstance: stepInstance,
  StepIpResult: stepIpResult,
  IpResultGroup: ipResultGroup,
} satisfies Resolvers;
