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
import { inTurn } from './in-turn.ts';
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
    return inTurn(rowBudget.examine(ipResultsOfJob(job)), context, (hosts) =>
      asList(rowBudget.handOut(selectIpResults(hosts, selection), info), context),
    );
  },
  ipResultConnection: (job, page, context, info) => {
    const { rowBudget } = context;
    return inTurn(rowBudget.examine(ipResultsOfJob(job)), context, (hosts) => {
      const connection = connectIpResults(hosts, page);
      rowBudget.handOut(connection.edges, info);
      return connection;
    });
  },
  ipResultSummary: (job, _arguments, context) =>
    inTurn(context.rowBudget.examine(ipResultsOfJob(job)), context, () => summarizeJob(job)),
  ipResultGroups: (job, grouping, context, info) => {
    const { rowBudget } = context;
    return inTurn(rowBudget.examine(ipResultsOfJob(job)), context, (hosts) =>
      rowBudget.handOut(groupIpResults(hosts, grouping), info),
    );
  },
};
