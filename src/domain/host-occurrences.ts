import {
  integerOf,
  numberCells,
  numberOf,
  rowOf,
  textCells,
  textOf,
  type IpResultCells,
  type IpResultData,
} from './ip-result-cells.ts';

/** Names a host within a step: by its id in the CMDB where that is known, by its address otherwise. */
export function hostKeyOf(row: Pick<IpResultData, 'bkHostId' | 'bkCloudId' | 'ip'>): string {
  return row.bkHostId ?? `${row.bkCloudId ?? ''}/${row.ip ?? ''}`;
}

/**
 * Numbers the rows of each host of a step from 0. bk-job promises no order of rows and names no batch, so equal rows
 * are told apart by when they started, and by everything else they say where that is equal: the number a row gets does
 * not depend on where it stands in the answer. `ends` says behind which row each step ends.
 */
export function numberOccurrences(from: IpResultCells, ends: readonly number[]): Uint32Array {
  const occurrences = new Uint32Array(ends.at(-1) ?? 0);
  let start = 0;
  for (const end of ends) {
    for (const group of repeatedHosts(from, start, end)) {
      group
        .map((row) => new RepeatedRow(from, row))
        .sort(compareRows)
        .forEach(({ row }, occurrence) => (occurrences[row] = occurrence));
    }
    start = end;
  }
  return occurrences;
}

/** Rows of hosts that have several. */
function repeatedHosts(from: IpResultCells, start: number, end: number): Iterable<readonly number[]> {
  if (haveRisingIds(from, start, end)) return [];
  const firstOfHost = new Map<string | number, number>();
  const repeated = new Map<string | number, number[]>();
  for (let row = start; row < end; row += 1) {
    const key = keyIn(from, row);
    const first = firstOfHost.get(key);
    const group = repeated.get(key);
    if (first === undefined) firstOfHost.set(key, row);
    else if (group === undefined) repeated.set(key, [first, row]);
    else group.push(row);
  }
  return repeated.values();
}

/** Whether the id of each host is larger than the one before: bk-job mostly sends them so, and then none comes twice. */
function haveRisingIds(from: IpResultCells, start: number, end: number): boolean {
  let last = -1;
  for (let row = start; row < end; row += 1) {
    const hostId = integerOf(from, row, textCells.bkHostId);
    if (!(hostId > last && hostId < Infinity)) return false;
    last = hostId;
  }
  return true;
}

/** As `hostKeyOf`, but a number where a double holds it: those are found several times as fast. */
function keyIn(from: IpResultCells, row: number): string | number {
  const hostId = integerOf(from, row, textCells.bkHostId);
  return Number.isFinite(hostId) ? hostId : hostKeyIn(from, row);
}

/** `hostKeyOf` a row, of which nothing else is read. */
export function hostKeyIn(from: IpResultCells, row: number): string {
  const bkHostId = textOf(from, row, textCells.bkHostId);
  if (bkHostId !== null) return bkHostId;
  const bkCloudId = textOf(from, row, textCells.bkCloudId);
  return hostKeyOf({ bkHostId, bkCloudId, ip: textOf(from, row, textCells.ip) });
}

/** A row of a host that has several. What it says is put together once, and not at all where the time tells it apart. */
class RepeatedRow {
  readonly row: number;
  readonly startTime: number;
  readonly #from: IpResultCells;
  #content: string | null = null;

  constructor(from: IpResultCells, row: number) {
    this.row = row;
    // Not started comes last, since a batch that has not begun comes after those that have.
    this.startTime = numberOf(from, row, numberCells.startTime) ?? Infinity;
    this.#from = from;
  }

  get content(): string {
    this.#content ??= contentOf(rowOf(this.#from, this.row));
    return this.#content;
  }
}

function compareRows(left: RepeatedRow, right: RepeatedRow): number {
  if (left.startTime !== right.startTime) return left.startTime < right.startTime ? -1 : 1;
  if (left.content === right.content) return 0;
  return left.content < right.content ? -1 : 1;
}

function contentOf(row: IpResultData): string {
  const { ip, bkCloudId, endTime, totalTime, statusCode, exitCode, errorCode, tag } = row;
  return JSON.stringify([ip, bkCloudId, endTime, totalTime, statusCode, exitCode, errorCode, tag]);
}
