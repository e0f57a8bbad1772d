import { JobApiError } from './errors.ts';
import { filterIpResults, type IpResultConditions } from './ip-result-filter.ts';
import type { StepInstance, StepIpResult } from './job-instance.ts';
import {
  ipErrorCode,
  ipResultPhase,
  ipResultStatus,
  type IpErrorCode,
  type IpResultStatus,
  type JobPhase,
} from './status-codes.ts';

/** Property that the hosts of a group share. */
export type IpResultGroupBy = 'STEP' | 'PHASE' | 'STATUS' | 'TAG' | 'EXIT_CODE' | 'ERROR_CODE';

/** What the hosts of a group have in common. A property that was not named in `by` is null. */
interface GroupProperties {
  readonly step: StepInstance | null;
  readonly phase: JobPhase | null;
  readonly status: IpResultStatus | null;
  readonly statusCode: number | null;
  readonly tag: string | null;
  readonly exitCode: number | null;
  readonly error: IpErrorCode | null;
  readonly errorCode: number | null;
}

/** Hosts that are alike. */
export interface IpResultGroup extends GroupProperties {
  readonly count: number;
  /** In the upstream's order. */
  readonly ipResults: readonly StepIpResult[];
}

/** Which hosts to group by what. */
export interface IpResultGrouping extends IpResultConditions {
  readonly by: readonly IpResultGroupBy[];
  readonly limit: number;
}

/** Most groups that one list may hold (schema/ip-result.graphql). */
const maxLimit = 1000;

/** Hosts that are alike put together: largest group first, ties by their properties. Throws BAD_USER_INPUT on a limit out of range. */
export function groupIpResults(
  rows: readonly StepIpResult[],
  { by, limit, ...conditions }: IpResultGrouping,
): readonly IpResultGroup[] {
  if (limit < 1 || limit > maxLimit) {
    throw new JobApiError('BAD_USER_INPUT', `limit must be from 1 to ${String(maxLimit)}.`);
  }
  const shared = new Set(by);
  const groups = new Map<string, AlikeRows>();
  for (const row of filterIpResults(rows, conditions)) {
    const properties = comparableProperties(row, shared);
    const key = JSON.stringify(properties);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: row, properties, ipResults: [row] });
    else group.ipResults.push(row);
  }
  return [...groups.values()]
    .sort(compareGroups)
    .slice(0, limit)
    .map(({ first, ipResults }) => ({ ...propertiesOf(first, shared), count: ipResults.length, ipResults }));
}

type Comparable = number | string | null;

interface AlikeRows {
  readonly first: StepIpResult;
  readonly properties: readonly Comparable[];
  readonly ipResults: StepIpResult[];
}

function propertiesOf(row: StepIpResult, by: ReadonlySet<IpResultGroupBy>): GroupProperties {
  const byStatus = by.has('STATUS');
  const byErrorCode = by.has('ERROR_CODE');
  return {
    step: by.has('STEP') ? row.step : null,
    phase: byStatus || by.has('PHASE') ? ipResultPhase(row.statusCode) : null,
    status: byStatus ? ipResultStatus(row.statusCode) : null,
    statusCode: byStatus ? row.statusCode : null,
    tag: by.has('TAG') ? (row.tag ?? '') : null,
    exitCode: by.has('EXIT_CODE') ? row.exitCode : null,
    error: byErrorCode ? ipErrorCode(row.errorCode) : null,
    errorCode: byErrorCode ? row.errorCode : null,
  };
}

/** The properties that tell groups apart, in the order in which ties are broken. Words follow from the numbers. */
function comparableProperties(row: StepIpResult, by: ReadonlySet<IpResultGroupBy>): readonly Comparable[] {
  const { step, phase, statusCode, tag, exitCode, errorCode } = propertiesOf(row, by);
  return [step?.position ?? null, statusCode, phase, tag, exitCode, errorCode];
}

function compareGroups(left: AlikeRows, right: AlikeRows): number {
  const bySize = right.ipResults.length - left.ipResults.length;
  if (bySize !== 0) return bySize;
  for (const [index, leftProperty] of left.properties.entries()) {
    const rightProperty = right.properties[index] ?? null;
    if (leftProperty === rightProperty) continue;
    if (leftProperty === null) return 1;
    if (rightProperty === null) return -1;
    return leftProperty < rightProperty ? -1 : 1;
  }
  return 0;
}
