/** Whole numbers by which rows are sorted. Infinity stands for what is missing, which comes last either way. */
export interface SortColumn {
  /** By row. */
  readonly values: Float64Array;
  readonly descending: boolean;
}

/**
 * Rows sorted by columns, the first one counting most; null where the numbers of a column lie too far apart. Sorts by
 * one column after another, the last one first, and leaves rows that are alike in one as they are. For each, the number
 * of a row and its place make one double, since doubles alone are sorted ten times as fast as rows that are compared.
 */
export function sortByColumns(rows: Uint32Array, columns: readonly SortColumn[]): Uint32Array | null {
  if (areSorted(rows, columns)) return rows;
  let sorted: Uint32Array | null = rows;
  for (const column of columns.toReversed()) {
    if (sorted !== null) sorted = sortByColumn(sorted, column);
  }
  return sorted;
}

function areSorted(rows: Uint32Array, columns: readonly SortColumn[]): boolean {
  for (let place = 1; place < rows.length; place += 1) {
    if (isBefore(rows[place] ?? 0, rows[place - 1] ?? 0, columns)) return false;
  }
  return true;
}

function isBefore(row: number, other: number, columns: readonly SortColumn[]): boolean {
  for (const { values, descending } of columns) {
    const value = values[row] ?? 0;
    const others = values[other] ?? 0;
    if (value === others) continue;
    if (value === Infinity || others === Infinity) return others === Infinity;
    return value < others !== descending;
  }
  return false;
}

function sortByColumn(rows: Uint32Array, { values, descending }: SortColumn): Uint32Array | null {
  const count = rows.length;
  const [least, most] = boundsOf(rows, values);
  const missing = most < least ? 0 : most - least + 1;
  if ((missing + 1) * count > Number.MAX_SAFE_INTEGER) return null;
  const keys = new Float64Array(count);
  let isAnyApart = false;
  for (let place = 0; place < count; place += 1) {
    const value = values[rows[place] ?? 0] ?? 0;
    const rank = value === Infinity ? missing : descending ? most - value : value - least;
    if (rank !== 0) isAnyApart = true;
    keys[place] = rank * count + place;
  }
  if (!isAnyApart) return rows;
  keys.sort();
  const sorted = new Uint32Array(count);
  for (let place = 0; place < count; place += 1) {
    const key = keys[place] ?? 0;
    sorted[place] = rows[key - Math.floor(key / count) * count] ?? 0;
  }
  return sorted;
}

/** The least and the largest number of rows where it is not missing. */
function boundsOf(rows: Uint32Array, values: Float64Array): readonly [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (const row of rows) {
    const value = values[row] ?? 0;
    if (value === Infinity) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}
