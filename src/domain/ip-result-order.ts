import {
  columnsOfAddresses,
  columnsOfIds,
  toSortableAddress,
  toSortableInteger,
  valuesOf,
} from './host-columns.ts';
import { numberCells, numberOf, textCells } from './ip-result-cells.ts';
import { IpResults, type IpResultTable } from './ip-results.ts';
import type { StepIpResult } from './job-instance.ts';
import { sortByColumns, type SortColumn } from './sort-by-columns.ts';

/** Orders of hosts (schema/ip-result.graphql). Each is total: ties are broken as in HOST_ASC. */
export type IpResultOrder =
  | 'HOST_ASC'
  | 'HOST_DESC'
  | 'STATUS_ASC'
  | 'STATUS_DESC'
  | 'EXIT_CODE_ASC'
  | 'EXIT_CODE_DESC'
  | 'START_TIME_ASC'
  | 'START_TIME_DESC'
  | 'END_TIME_ASC'
  | 'END_TIME_DESC'
  | 'TOTAL_TIME_ASC'
  | 'TOTAL_TIME_DESC';

/** One part of a key. Missing values come last in either direction, numbers before texts. */
export type SortKeyPart = number | string | null;

/** Where a host stands in an order. */
export type SortKey = readonly SortKeyPart[];

/** What is looked at before the host. */
type Measure = keyof typeof numberCells;

interface OrderRule {
  /** Null where the order is that of hosts. */
  readonly measure: Measure | null;
  readonly descending: boolean;
}

const orderRules: Readonly<Record<IpResultOrder, OrderRule>> = {
  HOST_ASC: { measure: null, descending: false },
  HOST_DESC: { measure: null, descending: true },
  STATUS_ASC: { measure: 'statusCode', descending: false },
  STATUS_DESC: { measure: 'statusCode', descending: true },
  EXIT_CODE_ASC: { measure: 'exitCode', descending: false },
  EXIT_CODE_DESC: { measure: 'exitCode', descending: true },
  START_TIME_ASC: { measure: 'startTime', descending: false },
  START_TIME_DESC: { measure: 'startTime', descending: true },
  END_TIME_ASC: { measure: 'endTime', descending: false },
  END_TIME_DESC: { measure: 'endTime', descending: true },
  TOTAL_TIME_ASC: { measure: 'totalTime', descending: false },
  TOTAL_TIME_DESC: { measure: 'totalTime', descending: true },
};

/** One operation may ask for the same hosts in one order hundreds of times; each list is sorted only once for all. */
const sortedLists = new WeakMap<IpResults, Map<IpResultOrder, IpResults>>();

/** Hosts in an order, as a list of their own. */
export function sortIpResults(results: IpResults, order: IpResultOrder): IpResults {
  const byOrder = sortedLists.get(results) ?? new Map<IpResultOrder, IpResults>();
  sortedLists.set(results, byOrder);
  const sorted = byOrder.get(order) ?? new IpResults(results.table, sortRows(results, order));
  byOrder.set(order, sorted);
  return sorted;
}

/** Many lists are of a single host, and bk-job mostly sends rows in an order of its own, which may be the one asked for. */
function sortRows({ table, rows }: IpResults, order: IpResultOrder): Uint32Array {
  return rows.length < 2 ? rows : sortByColumns(rows, columnsOf(table, rows, order));
}

/** The parts of keys as numbers that compare as they do, the first one first. */
function columnsOf(table: IpResultTable, rows: Uint32Array, order: IpResultOrder): readonly SortColumn[] {
  const { measure, descending } = orderRules[order];
  const areHostsDescending = measure === null && descending;
  const ofHosts = [
    () => valuesOf(rows, (row) => table.stepOf(row).position),
    ...columnsOfIds(table, rows, textCells.bkCloudId),
    ...columnsOfAddresses(table, rows),
    ...columnsOfIds(table, rows, textCells.bkHostId),
    () => {
      const occurrences = table.occurrences();
      return valuesOf(rows, (row) => occurrences[row] ?? 0);
    },
  ].map((values) => ({ values, descending: areHostsDescending }));
  if (measure === null) return ofHosts;
  const cell = numberCells[measure];
  const values = (): Float64Array => valuesOf(rows, (row) => numberOf(table, row, cell) ?? Infinity);
  return [{ values, descending }, ...ofHosts];
}

/** Where a host stands in an order: JSON-safe, so that a cursor can hold it. */
export function sortKeyOf(result: StepIpResult, order: IpResultOrder): SortKey {
  const { measure } = orderRules[order];
  const host = [
    result.step.position,
    toSortableInteger(result.bkCloudId),
    toSortableAddress(result.ip),
    toSortableInteger(result.bkHostId),
    result.occurrence,
  ];
  return measure === null ? host : [result[measure], ...host];
}

/** How many parts the keys of an order have. */
export function sortKeyLength(order: IpResultOrder): number {
  return orderRules[order].measure === null ? 5 : 6;
}

/** Compares keys of an order. Only the first part of an order other than by host is ever reversed. */
export function sortKeyComparator(order: IpResultOrder): (left: SortKey, right: SortKey) => number {
  const { measure, descending } = orderRules[order];
  const reversedParts = !descending ? 0 : measure === null ? Infinity : 1;
  return (left, right) => {
    for (let part = 0; part < left.length; part += 1) {
      const result = compareParts(left[part] ?? null, right[part] ?? null, part < reversedParts);
      if (result !== 0) return result;
    }
    return 0;
  };
}

function compareParts(left: SortKeyPart, right: SortKeyPart, reversed: boolean): number {
  if (left === right) return 0;
  if (left === null) return 1;
  if (right === null) return -1;
  const before = typeof left === typeof right ? left < right : typeof left === 'number';
  return before === reversed ? 1 : -1;
}
