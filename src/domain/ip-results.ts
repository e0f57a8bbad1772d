import { hostKeyIn, hostKeyOf, numberOccurrences } from './host-occurrences.ts';
import { rowOf, type IpResultCells } from './ip-result-cells.ts';
import type { StepInstance, StepIpResult } from './job-instance.ts';

/** A step, and its rows from `start` up to, but not including, `end`. */
export interface RowsOfStep {
  readonly step: StepInstance;
  readonly start: number;
  readonly end: number;
}

/** The hosts of all steps of a job. Rows are numbered through, step by step, in the order of the upstream. */
export interface IpResultTable extends IpResultCells {
  readonly rowCount: number;
  readonly stepOf: (row: number) => StepInstance;
  /** The same, and which rows it has, for whoever goes through many. */
  readonly rowsOfStepOf: (row: number) => RowsOfStep;
  /** For each row, which of several of one host in one step it is, from 0. Found out when first asked for. */
  readonly occurrences: () => Uint32Array;
  /** Everything that is known of the host of a row. */
  readonly resultOf: (row: number) => StepIpResult;
  /** Says how many more were given it. Each of them may say once that it looks at it no more. */
  readonly share: (count: number) => void;
  /**
   * One of them looks at it no more. With the last one its memory goes to others, and it says nothing any more: whoever
   * looks all the same finds nothing, and nothing of theirs.
   */
  readonly release: () => void;
}

const noCells: IpResultCells = {
  numbers: new Float64Array(0),
  spans: new Int32Array(0),
  bytes: Buffer.alloc(0),
};

/** Cells, and how many rows of them each step has, in order. */
export interface IpResultsOfSteps extends IpResultCells {
  readonly counts: readonly number[];
  /** Gives their memory to others; left out where it is not used again. */
  readonly giveBack?: () => void;
}

/** Ties rows to the steps that they belong to. */
export function createIpResultTable(
  { numbers, spans, bytes, counts, giveBack }: IpResultsOfSteps,
  steps: readonly StepInstance[],
): IpResultTable {
  let rowCount = 0;
  const ends = counts.map((count) => (rowCount += count));
  let occurrences: Uint32Array | null = null;
  let last: RowsOfStep | null = null;
  let lookers = 0;
  const table: IpResultTable & { -readonly [Cells in keyof IpResultCells]: IpResultCells[Cells] } = {
    numbers,
    spans,
    bytes,
    rowCount,
    stepOf: (row) => table.rowsOfStepOf(row).step,
    rowsOfStepOf: (row) => {
      // Mostly asked for one row after another.
      if (last !== null && row >= last.start && row < last.end) return last;
      const place = placeOf(row, ends);
      const step = steps[place];
      if (step === undefined) throw new RangeError(`There is no row ${String(row)}.`);
      const end = ends[place] ?? 0;
      last = { step, start: end - (counts[place] ?? 0), end };
      return last;
    },
    occurrences: () => (occurrences ??= numberOccurrences(table, ends)),
    resultOf: (row) => ({
      ...rowOf(table, row),
      step: table.stepOf(row),
      occurrence: table.occurrences()[row] ?? 0,
    }),
    share: (count) => {
      lookers += count;
    },
    release: () => {
      lookers -= 1;
      if (lookers !== 0 || giveBack === undefined) return;
      Object.assign(table, noCells);
      giveBack();
    },
  };
  return table;
}

/** Which step a row belongs to, by where each ends: a job may have as many steps as hosts, so they are not gone through. */
function placeOf(row: number, ends: readonly number[]): number {
  let [first, beyond] = [0, ends.length];
  while (first < beyond) {
    const middle = (first + beyond) >> 1;
    if (row < (ends[middle] ?? 0)) beyond = middle;
    else first = middle + 1;
  }
  return first;
}

/**
 * A list of hosts: numbers of rows of a table, in some order. Going through it makes an object for each host, which is
 * for those that are handed out; what only looks at hosts looks at the table.
 */
export class IpResults implements Iterable<StepIpResult> {
  readonly table: IpResultTable;
  readonly rows: Uint32Array;

  constructor(table: IpResultTable, rows: Uint32Array) {
    this.table = table;
    this.rows = rows;
  }

  /** The rows of a table from `start` up to, but not including, `end`. */
  static range(table: IpResultTable, start: number, end: number): IpResults {
    return new IpResults(table, rowsBetween(start, end));
  }

  get length(): number {
    return this.rows.length;
  }

  /** The host at a place of the list. */
  at(index: number): StepIpResult | undefined {
    const row = this.rows[index];
    return row === undefined ? undefined : this.table.resultOf(row);
  }

  slice(start: number, end: number): IpResults {
    return new IpResults(this.table, this.rows.subarray(start, end));
  }

  *[Symbol.iterator](): Iterator<StepIpResult> {
    for (const row of this.rows) yield this.table.resultOf(row);
  }
}

/** Numbers from 0 on. Lists of all rows of a step are pieces of it, so that they take no memory of their own. */
let counted = new Uint32Array(0);

function rowsBetween(start: number, end: number): Uint32Array {
  if (end > counted.length) {
    counted = new Uint32Array(Math.max(end, counted.length * 2));
    for (let row = 0; row < counted.length; row += 1) counted[row] = row;
  }
  return counted.subarray(start, end);
}

/** Names the host of a row within its step, and tells it from others of the same host. */
export function hostPartOf({ occurrence, ...row }: StepIpResult): string {
  return withOccurrence(hostKeyOf(row), occurrence);
}

/** The same of a row of a table, of which nothing else is read: there may be 50,000. */
export function hostPartIn(table: IpResultTable, row: number): string {
  return withOccurrence(hostKeyIn(table, row), table.occurrences()[row] ?? 0);
}

function withOccurrence(hostKey: string, occurrence: number): string {
  return occurrence === 0 ? hostKey : `${hostKey}~${String(occurrence)}`;
}
