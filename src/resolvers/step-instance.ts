import { stepInstanceGlobalId } from '../domain/identifiers.ts';
import { ipResultsOfStep } from '../domain/ip-result-access.ts';
import { connectIpResults } from '../domain/ip-result-connection.ts';
import { selectIpResults } from '../domain/ip-result-filter.ts';
import { groupIpResults } from '../domain/ip-result-groups.ts';
import { summarizeStep } from '../domain/ip-result-summary.ts';
import { stepInstancePhase, stepInstanceStatus, stepType } from '../domain/status-codes.ts';
import type { StepInstanceResolvers } from '../generated/resolvers-types.ts';
import { asList } from './host-lists.ts';
import { inTurn } from './in-turn.ts';
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
  ipResults: (step, selection, context, info) => {
    const { rowBudget } = context;
    return inTurn(rowBudget.examine(ipResultsOfStep(step)), context, (hosts) =>
      asList(rowBudget.handOut(selectIpResults(hosts, selection), info), context),
    );
  },
  ipResultConnection: (step, page, context, info) => {
    const { rowBudget } = context;
    return inTurn(rowBudget.examine(ipResultsOfStep(step)), context, (hosts) => {
      const connection = connectIpResults(hosts, page);
      rowBudget.handOut(connection.edges, info);
      return connection;
    });
  },
  ipResultSummary: (step, _arguments, context) =>
    inTurn(context.rowBudget.examine(ipResultsOfStep(step)), context, () => summarizeStep(step)),
  ipResultGroups: (step, grouping, context, info) => {
    const { rowBudget } = context;
    return inTurn(rowBudget.examine(ipResultsOfStep(step)), context, (hosts) =>
      rowBudget.handOut(groupIpResults(hosts, grouping), info),
    );
  },
};
