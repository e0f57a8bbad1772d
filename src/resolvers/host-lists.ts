import type { OperationContext } from '../context/operation-context.ts';
import type { IpResults } from '../domain/ip-results.ts';
import type { StepIpResult } from '../domain/job-instance.ts';
import { PacedIpResults } from './paced-ip-results.ts';

/** Hosts that are handed out at once, if there is time: as many as take two milliseconds. */
const mostAtOnce = 100;

/**
 * Hosts as a field hands them out. graphql-js takes anything that can be gone through, and goes through it once; what
 * codegen writes knows arrays alone. An array would hold all hosts at once, and the fast way needs none of them.
 */
export function asList(results: IpResults, { longWork, signal }: OperationContext): readonly StepIpResult[] {
  const isPaced = results.length > mostAtOnce || (results.length > 0 && longWork.isOver());
  const list: object = isPaced ? new PacedIpResults(results, { longWork, signal }) : results;
  return list as readonly StepIpResult[];
}
