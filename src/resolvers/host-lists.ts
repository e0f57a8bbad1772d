import type { IpResults } from '../domain/ip-results.ts';
import type { StepIpResult } from '../domain/job-instance.ts';

/**
 * Hosts as a field hands them out. graphql-js takes anything that can be gone through, and goes through it once; what
 * codegen writes knows arrays alone. An array would hold all hosts at once, and the fast way needs none of them.
 */
export function asList(results: IpResults): readonly StepIpResult[] {
  return results as Iterable<StepIpResult> as readonly StepIpResult[];
}
