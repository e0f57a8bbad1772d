import { JobApiError } from './errors.ts';
import { parseBkCloudId, parseUpstreamId } from './identifiers.ts';
import {
  numberCells,
  numberOf,
  rawNumberOf,
  textCells,
  textOf,
  type IpResultCells,
} from './ip-result-cells.ts';
import { sortIpResults, type IpResultOrder } from './ip-result-order.ts';
import { IpResults } from './ip-results.ts';
import { listedValues } from './listed-values.ts';
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
  rows: IpResults,
  { orderBy, limit, ...conditions }: IpResultSelection,
): IpResults {
  if ((limit ?? 0) < 0) throw new JobApiError('BAD_USER_INPUT', 'limit must not be negative.');
  // Sorted before it is filtered, since that is done once for all who ask.
  const ordered = orderBy && limit !== 0 ? sortIpResults(rows, orderBy) : rows;
  const kept = filterIpResults(ordered, conditions);
  return typeof limit === 'number' ? kept.slice(0, limit) : kept;
}

/** The hosts that meet all conditions. Throws BAD_USER_INPUT on identifiers that cannot be any. */
export function filterIpResults(rows: IpResults, conditions: IpResultConditions): IpResults {
  const { table, rows: numbers } = rows;
  const tests = testsOf(table, conditions);
  const [first, ...others] = tests;
  if (first === undefined) return rows;
  let kept = first(numbers);
  for (const test of others) kept = test(kept);
  return new IpResults(table, kept);
}

/** How many values conditions list. To go through as many as a body may hold takes longer than to find among as many hosts. */
export function listedValueCount({ status, phase, filter }: IpResultConditions): number {
  const { statusCode, tag, exitCode, errorCode, ip, bkCloudId, bkHostId } = filter ?? {};
  const lists = [status, phase, statusCode, tag, exitCode, errorCode, ip, bkCloudId, bkHostId];
  return lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
}

const statusesIn = listedValues<IpResultStatus>();
const phasesIn = listedValues<JobPhase>();
const numbersIn = listedValues<number>();
const textsIn = listedValues<string>();
const cloudIdsIn = listedValues((id: string) => parseBkCloudId(id, 'filter.bkCloudId'));
const hostIdsIn = listedValues((id: string) => parseUpstreamId(id, 'filter.bkHostId'));

/** Those of some rows that meet a condition. */
type Test = (rows: Uint32Array) => Uint32Array;

function testsOf(table: IpResultCells, { status, phase, filter }: IpResultConditions): readonly Test[] {
  const { statusCode, tag, exitCode, errorCode, ip, bkCloudId, bkHostId } = filter ?? {};
  const statusCodeOf = (row: number) => rawNumberOf(table, row, numberCells.statusCode);
  return [
    oneOf(status && statusesIn(status), statusCodeOf, ipResultStatus),
    oneOf(phase && phasesIn(phase), statusCodeOf, ipResultPhase),
    oneOf(statusCode && numbersIn(statusCode), statusCodeOf, asItIs),
    oneOf(
      tag && textsIn(tag),
      (row) => textOf(table, row, textCells.tag),
      (text) => text ?? '',
    ),
    oneOf(exitCode && numbersIn(exitCode), (row) => numberOf(table, row, numberCells.exitCode), asItIs),
    oneOf(errorCode && numbersIn(errorCode), (row) => numberOf(table, row, numberCells.errorCode), asItIs),
    oneOf(ip && textsIn(ip), (row) => textOf(table, row, textCells.ip), asItIs),
    oneOf(bkCloudId && cloudIdsIn(bkCloudId), (row) => textOf(table, row, textCells.bkCloudId), asItIs),
    oneOf(bkHostId && hostIdsIn(bkHostId), (row) => textOf(table, row, textCells.bkHostId), asItIs),
  ].filter((test) => test !== null);
}

function asItIs<Value>(value: Value): Value {
  return value;
}

/** Keeps rows that say what means one of the alternatives. Rows one after another often say the same. */
function oneOf<Said, Meaning>(
  wanted: ReadonlySet<Meaning> | null | undefined,
  saidBy: (row: number) => Said,
  meaningOf: (said: Said) => Meaning | null,
): Test | null {
  if (!wanted) return null;
  return (rows) => {
    const kept: number[] = [];
    let last: Said | undefined;
    let isWanted = false;
    for (const row of rows) {
      const said = saidBy(row);
      if (said !== last) {
        const meaning = meaningOf(said);
        isWanted = meaning !== null && wanted.has(meaning);
      }
      last = said;
      if (isWanted) kept.push(row);
    }
    return Uint32Array.from(kept);
  };
}
