import { JobApiError } from './errors.ts';
import { parseBkCloudId, parseUpstreamId } from './identifiers.ts';
import { sortIpResults, type IpResultOrder } from './ip-result-order.ts';
import type { StepIpResult } from './job-instance.ts';
import { ipResultPhase, ipResultStatus, type IpResultStatus, type JobPhase } from './status-codes.ts';

/** Alternatives: null or left out does not restrict, an empty list keeps nothing (schema.md 4). */
type Alternatives<Value> = readonly Value[] | null | undefined;

/** Conditions on hosts, each named like the field that it tests. */
export interface IpResultFilter {
  readonly statusCode?: Alternatives<number>;
  readonly tag?: Alternatives<string>;
  readonly exitCode?: Alternatives<number>;
  readonly errorCode?: Alternatives<number>;
  readonly ip?: Alternatives<string>;
  readonly bkCloudId?: Alternatives<string>;
  readonly bkHostId?: Alternatives<string>;
}

/** Which hosts to keep. Everything adds up; values inside one condition are alternatives. */
export interface IpResultConditions {
  readonly status?: Alternatives<IpResultStatus>;
  readonly phase?: Alternatives<JobPhase>;
  readonly filter?: IpResultFilter | null | undefined;
}

/** Which hosts to keep, in which order and how many at most. */
export interface IpResultSelection extends IpResultConditions {
  /** The upstream's own order where left out. */
  readonly orderBy?: IpResultOrder | null | undefined;
  readonly limit?: number | null | undefined;
}

/** The hosts that a selection keeps. Throws BAD_USER_INPUT on a negative limit and on identifiers that cannot be any. */
export function selectIpResults(
  rows: readonly StepIpResult[],
  { orderBy, limit, ...conditions }: IpResultSelection,
): readonly StepIpResult[] {
  if ((limit ?? 0) < 0) throw new JobApiError('BAD_USER_INPUT', 'limit must not be negative.');
  // Sorted before it is filtered, since that is done once for all who ask.
  const ordered = orderBy && limit !== 0 ? sortIpResults(rows, orderBy) : rows;
  const kept = filterIpResults(ordered, conditions);
  return typeof limit === 'number' ? kept.slice(0, limit) : kept;
}

/** The hosts that meet all conditions. Throws BAD_USER_INPUT on identifiers that cannot be any. */
export function filterIpResults(
  rows: readonly StepIpResult[],
  conditions: IpResultConditions,
): readonly StepIpResult[] {
  const tests = testsOf(conditions);
  return tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
}

type Test = (row: StepIpResult) => boolean;

function testsOf({ status, phase, filter }: IpResultConditions): readonly Test[] {
  const { statusCode, tag, exitCode, errorCode, ip, bkCloudId, bkHostId } = filter ?? {};
  return [
    oneOf(status, (row) => ipResultStatus(row.statusCode)),
    oneOf(phase, (row) => ipResultPhase(row.statusCode)),
    oneOf(statusCode, (row) => row.statusCode),
    oneOf(tag, (row) => row.tag ?? ''),
    oneOf(exitCode, (row) => row.exitCode),
    oneOf(errorCode, (row) => row.errorCode),
    oneOf(ip, (row) => row.ip),
    oneOf(
      bkCloudId?.map((id) => parseBkCloudId(id, 'filter.bkCloudId')),
      (row) => row.bkCloudId,
    ),
    oneOf(
      bkHostId?.map((id) => parseUpstreamId(id, 'filter.bkHostId')),
      (row) => row.bkHostId,
    ),
  ].filter((test) => test !== null);
}

function oneOf<Value>(
  alternatives: Alternatives<Value>,
  valueOf: (row: StepIpResult) => Value | null,
): Test | null {
  if (alternatives === null || alternatives === undefined) return null;
  const wanted = new Set<Value | null>(alternatives);
  return (row) => wanted.has(valueOf(row));
}
