import {
  addressIn,
  integerOf,
  numberCells,
  numberOf,
  textCells,
  textOf,
  type TextCell,
} from './ip-result-cells.ts';
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
  const occurrences = table.occurrences();
  const areHostsDescending = measure === null && descending;
  const ofHosts = [
    valuesOf(rows, (row) => table.stepOf(row).position),
    idsOf(table, rows, textCells.bkCloudId),
    addressesOf(table, rows),
    idsOf(table, rows, textCells.bkHostId),
    valuesOf(rows, (row) => occurrences[row] ?? 0),
  ].map((values) => ({ values, descending: areHostsDescending }));
  if (measure === null) return ofHosts;
  const values = valuesOf(rows, (row) => numberOf(table, row, numberCells[measure]) ?? Infinity);
  return [{ values, descending }, ...ofHosts];
}

/** The values of rows, in their order. */
function valuesOf(rows: Uint32Array, valueOf: (row: number) => number): Float64Array {
  const values = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place += 1) values[place] = valueOf(rows[place] ?? 0);
  return values;
}

/** Ids as numbers; where one is none that a double holds, all are compared as texts. */
function idsOf(table: IpResultTable, rows: Uint32Array, cell: TextCell): Float64Array {
  const ids = valuesOf(rows, (row) => integerOf(table, row, cell));
  if (!ids.includes(NaN)) return ids;
  return ranksOf(Array.from(rows, (row) => toSortableInteger(textOf(table, row, cell))));
}

/** Addresses as numbers, behind them what is no IPv4 address, as IPv6 is none. */
function addressesOf(table: IpResultTable, rows: Uint32Array): Float64Array {
  const addresses = valuesOf(rows, (row) => addressIn(table, row));
  if (!addresses.includes(NaN)) return addresses;
  const others = Array.from(rows, (row, place) =>
    Number.isNaN(addresses[place]) ? toSortableAddress(textOf(table, row, textCells.ip)) : null,
  );
  const ranks = ranksOf(others.map((other) => (typeof other === 'string' ? other : null)));
  return addresses.map((address, place) => {
    const other = others[place] ?? null;
    if (other === null) return address;
    // A text with escapes may be an address all the same.
    return typeof other === 'number' ? other : addressCount + (ranks[place] ?? 0);
  });
}

/** Texts as numbers that compare as they do: for each, how many differ from it and come before. Null is missing. */
function ranksOf(texts: readonly (string | null)[]): Float64Array {
  const distinct = new Set(texts);
  distinct.delete(null);
  const ranks = new Map([...distinct].sort().map((text, rank) => [text, rank]));
  return Float64Array.from(texts, (text) => ranks.get(text) ?? Infinity);
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

/** 64-bit numbers as texts of one length sort like the numbers; a sign sorts before the digits. */
function toSortableInteger(digits: string | null): string | null {
  return digits === null ? null : digits.padStart(20, '0');
}

/** How many IPv4 addresses there are. */
const addressCount = 2 ** 32;

/** Four numbers up to 255 without leading zeros: no two texts of this kind are one address. */
const ipv4Pattern = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

function toSortableAddress(ip: string | null): SortKeyPart {
  if (ip === null) return null;
  const octets = ipv4Pattern.test(ip) ? ip.split('.') : null;
  return octets === null ? ip : octets.reduce((address, octet) => address * 256 + Number(octet), 0);
}
