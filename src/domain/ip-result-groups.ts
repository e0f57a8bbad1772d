import { alikeRows, type PropertyReader } from './alike-rows.ts';
import { JobApiError } from './errors.ts';
import { filterIpResults, type IpResultConditions } from './ip-result-filter.ts';
import { numberCells, numberOf, rawNumberOf, textCells, textOf } from './ip-result-cells.ts';
import { IpResults, type IpResultTable } from './ip-results.ts';
import type { StepInstance } from './job-instance.ts';
import { listedValues } from './listed-values.ts';
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
  readonly ipResults: IpResults;
}

/** Which hosts to group by what. */
export interface IpResultGrouping extends IpResultConditions {
  readonly by: readonly IpResultGroupBy[];
  readonly limit: number;
}

/** Most groups that one list may hold (schema/ip-result.graphql). */
const maxLimit = 1000;

const sharedIn = listedValues<IpResultGroupBy>();

/** Hosts that are alike put together: largest group first, ties by their properties. Throws BAD_USER_INPUT on a limit out of range. */
export function groupIpResults(
  rows: IpResults,
  { by, limit, ...conditions }: IpResultGrouping,
): readonly IpResultGroup[] {
  if (limit < 1 || limit > maxLimit) {
    throw new JobApiError('BAD_USER_INPUT', `limit must be from 1 to ${String(maxLimit)}.`);
  }
  const { table, rows: numbers } = filterIpResults(rows, conditions);
  const shared = sharedIn(by);
  return alikeRows(numbers, readersOf(table, shared), limit).map((alike) => ({
    ...propertiesOf(table, alike[0] ?? 0, shared),
    count: alike.length,
    ipResults: new IpResults(table, alike),
  }));
}

/** Readers of the properties that tell groups apart, in the order in which ties are broken. Words follow from the numbers. */
function readersOf(table: IpResultTable, by: ReadonlySet<IpResultGroupBy>): readonly PropertyReader[] {
  const statusCodeOf = (row: number) => rawNumberOf(table, row, numberCells.statusCode);
  const readers: Readonly<Record<IpResultGroupBy, PropertyReader>> = {
    STEP: (row) => table.stepOf(row).position,
    STATUS: statusCodeOf,
    PHASE: (row) => ipResultPhase(statusCodeOf(row)),
    TAG: (row) => textOf(table, row, textCells.tag) ?? '',
    EXIT_CODE: (row) => numberOf(table, row, numberCells.exitCode),
    ERROR_CODE: (row) => numberOf(table, row, numberCells.errorCode),
  };
  return Object.entries(readers).flatMap(([property, reader]) =>
    by.has(property as IpResultGroupBy) ? [reader] : [],
  );
}

function propertiesOf(table: IpResultTable, row: number, by: ReadonlySet<IpResultGroupBy>): GroupProperties {
  const byStatus = by.has('STATUS');
  const byErrorCode = by.has('ERROR_CODE');
  const statusCode = rawNumberOf(table, row, numberCells.statusCode);
  const errorCode = numberOf(table, row, numberCells.errorCode);
  return {
    step: by.has('STEP') ? table.stepOf(row) : null,
    phase: byStatus || by.has('PHASE') ? ipResultPhase(statusCode) : null,
    status: byStatus ? ipResultStatus(statusCode) : null,
    statusCode: byStatus ? statusCode : null,
    tag: by.has('TAG') ? (textOf(table, row, textCells.tag) ?? '') : null,
    exitCode: by.has('EXIT_CODE') ? numberOf(table, row, numberCells.exitCode) : null,
    error: byErrorCode ? ipErrorCode(errorCode) : null,
    errorCode: byErrorCode ? errorCode : null,
  };
}
