import { readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { GraphQLDateTimeISO, GraphQLSafeInt } from 'graphql-scalars';
import {
  ipErrorCode,
  ipResultPhase,
  ipResultStatus,
  jobInstancePhase,
  jobInstanceStatus,
  stepInstancePhase,
  stepInstanceStatus,
  stepType,
} from '../../dist/domain/status-codes.js';

/**
 * One schema and one set of resolvers for every GraphQL peer: the part of ours that the workloads ask for, resolved
 * from bk-job's JSON. Only servers and executors differ.
 */
const enums = readFileSync(new URL('../../schema/status.graphql', import.meta.url), 'utf8');

export const typeDefs = `${enums}
scalar DateTime
scalar SafeInt
input ScopeInput { bkBizId: ID bkBizSetId: ID bkTenantSetId: ID }
type Query { jobInstance(scope: ScopeInput!, jobInstanceId: ID!): JobInstance }
type JobInstance {
  id: ID! jobInstanceId: ID! bkBizId: ID bkBizSetId: ID bkTenantSetId: ID name: String!
  status: JobInstanceStatus! statusCode: Int! phase: JobPhase! finished: Boolean!
  createTime: DateTime startTime: DateTime endTime: DateTime totalTime: SafeInt webUrl: String
  steps: [StepInstance!]
}
type StepInstance {
  id: ID! stepInstanceId: ID! jobInstanceId: ID! bkBizId: ID name: String! type: StepType! typeCode: Int!
  status: StepInstanceStatus! statusCode: Int! phase: JobPhase! executeCount: Int!
  createTime: DateTime startTime: DateTime endTime: DateTime totalTime: SafeInt
  ipResults(status: [IpResultStatus!]): [StepIpResult!]
}
type StepIpResult {
  id: ID! ip: String bkCloudId: ID bkHostId: ID status: IpResultStatus! statusCode: Int! phase: JobPhase!
  tag: String exitCode: Int error: IpErrorCode errorCode: Int
  startTime: DateTime endTime: DateTime totalTime: SafeInt
}
`;

const instant = (value) => (value === null || value === undefined ? null : new Date(value));

/** Whether anything below asks for hosts, the way a careful resolver finds out. */
function asksForHosts({ selections }, fragments) {
  return selections.some((selection) => {
    if (selection.kind === 'Field' && selection.name.value === 'ipResults') return true;
    const below =
      selection.kind === 'FragmentSpread'
        ? fragments[selection.name.value].selectionSet
        : selection.selectionSet;
    return below !== undefined && asksForHosts(below, fragments);
  });
}

export const resolvers = {
  DateTime: GraphQLDateTimeISO,
  SafeInt: GraphQLSafeInt,
  Query: {
    jobInstance: async (_parent, { scope, jobInstanceId }, context, { fieldNodes, fragments }) => {
      const hosts = fieldNodes.some(({ selectionSet }) => asksForHosts(selectionSet, fragments));
      const data = await context.readJob(scope.bkBizId, jobInstanceId, hosts);
      return { ...data, bizId: scope.bkBizId, jobInstanceId };
    },
  },
  JobInstance: {
    id: ({ bizId, jobInstanceId }) => `biz:${bizId}:${jobInstanceId}`,
    bkBizId: ({ bizId }) => bizId,
    name: ({ job_instance: job }) => job.name,
    status: ({ job_instance: job }) => jobInstanceStatus(job.status),
    statusCode: ({ job_instance: job }) => job.status,
    phase: ({ job_instance: job }) => jobInstancePhase(job.status),
    createTime: ({ job_instance: job }) => instant(job.create_time),
    startTime: ({ job_instance: job }) => instant(job.start_time),
    endTime: ({ job_instance: job }) => instant(job.end_time),
    totalTime: ({ job_instance: job }) => job.total_time,
    steps: ({ step_instance_list: steps, bizId, jobInstanceId }) =>
      steps.map((step) => ({
        ...step,
        id: `biz:${bizId}:${jobInstanceId}:${step.step_instance_id}`,
        bizId,
        jobInstanceId,
      })),
  },
  StepInstance: {
    stepInstanceId: (step) => step.step_instance_id,
    bkBizId: ({ bizId }) => bizId,
    type: (step) => stepType(step.type),
    typeCode: (step) => step.type,
    status: (step) => stepInstanceStatus(step.status),
    statusCode: (step) => step.status,
    phase: (step) => stepInstancePhase(step.status),
    executeCount: (step) => step.execute_count,
    createTime: (step) => instant(step.create_time),
    startTime: (step) => instant(step.start_time),
    endTime: (step) => instant(step.end_time),
    totalTime: (step) => step.total_time,
    ipResults: (step, { status }) => {
      const hosts = step.step_ip_result_list ?? [];
      const kept = status ? hosts.filter((host) => status.includes(ipResultStatus(host.status))) : hosts;
      return kept.map((host) => ({ host, stepId: step.id }));
    },
  },
  StepIpResult: {
    id: ({ host, stepId }) => `${stepId}:${host.bk_host_id}`,
    ip: ({ host }) => host.ip,
    bkCloudId: ({ host }) => host.bk_cloud_id,
    bkHostId: ({ host }) => host.bk_host_id,
    status: ({ host }) => ipResultStatus(host.status),
    statusCode: ({ host }) => host.status,
    phase: ({ host }) => ipResultPhase(host.status),
    tag: ({ host }) => host.tag,
    exitCode: ({ host }) => host.exit_code,
    error: ({ host }) => ipErrorCode(host.error_code),
    errorCode: ({ host }) => host.error_code,
    startTime: ({ host }) => instant(host.start_time),
    endTime: ({ host }) => instant(host.end_time),
    totalTime: ({ host }) => host.total_time,
  },
};

export const schema = makeExecutableSchema({ typeDefs, resolvers });
