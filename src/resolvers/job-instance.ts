import { jobInstanceGlobalId } from '../domain/identifiers.ts';
import { ipResultsOfJob } from '../domain/ip-result-access.ts';
import { summarizeJob } from '../domain/ip-result-summary.ts';
import { jobRevision } from '../domain/job-revision.ts';
import { pollInterval } from '../domain/poll-interval.ts';
import { jobInstancePhase, jobInstanceStatus } from '../domain/status-codes.ts';
import { listedStateCount, selectSteps } from '../domain/step-selection.ts';
import type { JobInstanceResolvers } from '../generated/resolvers-types.ts';
import { fieldsOfHosts } from './fields-of-hosts.ts';
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
  // A step leads to its job, and that to its steps again: four times, and fifty steps are six million.
  steps: (job, conditions, context, info) => {
    const { length } = context.rowBudget.examine(job.steps);
    return inTurn(length + listedStateCount(conditions), context, () =>
      context.rowBudget.handOut(selectSteps(job, conditions), info),
    );
  },
  webUrl: (job, _arguments, context) => context.webUrl(job),
  ...fieldsOfHosts({ hostsOf: ipResultsOfJob, summarize: summarizeJob }),
};
