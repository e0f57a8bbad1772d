import { GraphQLDateTimeISO, GraphQLSafeInt } from 'graphql-scalars';
import type { Resolvers } from '../generated/resolvers-types.ts';
import { ipResultGroup } from './ip-result-group.ts';
import { jobInstance } from './job-instance.ts';
import { node, nodeQuery } from './node.ts';
import { query } from './query.ts';
import { stepInstance } from './step-instance.ts';
import { stepIpResult } from './step-ip-result.ts';

export const resolvers = {
  DateTime: GraphQLDateTimeISO,
  SafeInt: GraphQLSafeInt,
  Query: { ...query, ...nodeQuery },
  Node: node,
  JobInstance: jobInstance,
  StepInstance: stepInstance,
  StepIpResult: stepIpResult,
  IpResultGroup: ipResultGroup,
} satisfies Resolvers;
