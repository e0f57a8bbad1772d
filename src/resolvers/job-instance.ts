import { jobInstanceGlobalId } from '../domain/identifiers.ts';
import { ipResultsOfJob } from '../domain/ip-result-access.ts';
import { connectIpResults } from '../domain/ip-result-connection.ts';
import { selectIpResults } from '../domain/ip-result-filter.ts';
import { groupIpResults } from '../domain/ip-result-groups.ts';
import { summarizeJob } from '../domain/ip-result-summary.ts';
import { jobRevision } from '../domain/job-revision.ts';
import { pollInterval } from '../domain/poll-interval.ts';
import { jobInstancePhase, jobInstanceStatus } from '../domain/status-codes.ts';
import { selectSteps } from '../domain/step-selection.ts';
import type { JobInstanceResolvers } from '../generated/resolvers-types.ts';
import { asList } from './host-lists.ts';
import { scopeIdOf } from './scope-fields.ts';
import { toDate } from './instants.ts';

export const jobInstance: JobInstanceResolvers = {
  id: jobInstanceGlobalId,
  bkBizId: (job) => scopeIdOf(job, 'biz'),
  bkBizSetId: (job) => scopeIdOf(job, 'biz_set'),
  bkTenantSetId: (job) => scopeIdOf(job, 'tenant_set'),
  status: (job) => jobInstanceStatus(job.statusCode),
  phase: (job) => jobInstancePhase(job.statusCode),
  createTime: (job) => toDate(job.createTime),
  startTime: (job) => toDate(job.startTime),
  endTime: (job) => toDate(job.endTime),
  revision: jobRevision,
  observedAt: (job) => new Date(job.observedAt),
  pollInterval: (job) => pollInterval(job),
  steps: (job, conditions) => selectSteps(job, conditions),
  webUrl: (job, _arguments, context) => context.webUrl(job),
  ipResults: (job, selection, context, info) => {
    const { rowBudget } = context;
    const results = selectIpResults(rowBudget.examine(ipResultsOfJob(job)), selection);
    return asList(rowBudget.handOut(results, info), context);
  },
  ipResultConnection: (job, page, { rowBudget }, info) => {
    const connection = connectIpResults(rowBudget.examine(ipResultsOfJob(job)), page);
    rowBudget.handOut(connection.edges, info);
    return connection;
  },
  ipResultSummary: (job, _arguments, { rowBudget }) => {
    rowBudget.examine(ipResultsOfJob(job));
    return summarizeJob(job);
  },
  ipResultGroups: (job, grouping, { rowBudget }, info) =>
    rowBudget.handOut(groupIpResults(rowBudget.examine(ipResultsOfJob(job)), grouping), info),
};
