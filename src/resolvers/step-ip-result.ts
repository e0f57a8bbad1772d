import { stepIpResultGlobalId } from '../domain/identifiers.ts';
import { ipErrorCode, ipResultPhase, ipResultStatus } from '../domain/status-codes.ts';
import type { StepIpResultResolvers } from '../generated/resolvers-types.ts';
import { toDate } from './instants.ts';

export const stepIpResult: StepIpResultResolvers = {
  id: stepIpResultGlobalId,
  status: (result) => ipResultStatus(result.statusCode),
  phase: (result) => ipResultPhase(result.statusCode),
  error: (result) => ipErrorCode(result.errorCode),
  startTime: (result) => toDate(result.startTime),
  endTime: (result) => toDate(result.endTime),
  host: ({ bkHostId }) => (bkHostId === null ? null : { bkHostId }),
};
