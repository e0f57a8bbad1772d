import { stepInstanceGlobalId } from '../domain/identifiers.ts';
import { ipResultsOfStep } from '../domain/ip-result-access.ts';
import { summarizeStep } from '../domain/ip-result-summary.ts';
import { stepInstancePhase, stepInstanceStatus, stepType } from '../domain/status-codes.ts';
import type { StepInstanceResolvers } from '../generated/resolvers-types.ts';
import { fieldsOfHosts } from './fields-of-hosts.ts';
import { scopeIdOf } from './scope-fields.ts';
import { toDate } from './instants.ts';

export const stepInstance: StepInstanceResolvers = {
  id: stepInstanceGlobalId,
  jobInstanceId: (step) => step.jobInstance.jobInstanceId,
  bkBizId: (step) => scopeIdOf(step.jobInstance, 'biz'),
  type: (step) => stepType(step.typeCode),
  status: (step) => stepInstanceStatus(step.statusCode),
  phase: (step) => stepInstancePhase(step.statusCode),
  createTime: (step) => toDate(step.createTime),
  startTime: (step) => toDate(step.startTime),
  endTime: (step) => toDate(step.endTime),
  ...fieldsOfHosts({ hostsOf: ipResultsOfStep, summarize: summarizeStep }),
};
