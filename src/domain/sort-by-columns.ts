/** Whole numbers by which rows are sorted. */
export interface SortColumn {
  /**
   * By place among the rows that are sorted, which may be few of many. Infinity stands for what is missing, which comes
   * last either way. Not asked for where the columns before tell all rows apart.
   */
  readonly values: () => Float64Array;
  readonly descending: boolean;
}

/** Rows sorted by columns, the first one counting most; those that are alike in all of them stay as they are. */
export function sortByColumns(rows: Uint32Array, columns: readonly SortColumn[]): Uint32Array {
  const places = new SortedPlaces(rows.length, columns);
  if (places.areSorted()) return rows;
  places.sort(0, rows.length, 0);
  return places.places.map((place) => rows[place] ?? 0);
}

/** So few are compared one by one. */
const few = 12;

const none = new Float64Array(0);

/**
 * Sorts by one column, and by the next those that are alike in it. For each place, a number and where it stands by then
 * make one double, since doubles alone are sorted ten times as fast as rows are compared.
 */
class SortedPlaces {
  readonly places: Uint32Array;
  readonly #columns: readonly SortColumn[];
  readonly #values: Float64Array[] = [];
  /** In which keys are sorted, and places put in their order. */
  readonly #keys: Float64Array;
  readonly #before: Uint32Array;

  constructor(count: number, columns: readonly SortColumn[]) {
    this.places = Uint32Array.from({ length: count }, (_, place) => place);
    this.#columns = columns;
    this.#keys = new Float64Array(count);
    this.#before = new Uint32Array(count);
  }

  areSorted(): boolean {
    for (let place = 1; place < this.places.length; place += 1) {
      if (this.#isBefore(place, place - 1, 0)) return false;
    }
    return true;
  }

  /** Sorts the places from `start` up to, but not including, `end`, which are alike in all columns before `first`. */
  sort(start: number, end: number, first: number): void {
    for (let column = first; column < this.#columns.length && end - start > 1; column += 1) {
      if (end - start <= few) {
        this.#sortFew(start, end, column);
        return;
      }
      if (!this.#sortByColumn(start, end, column)) continue;
      this.#sortAlike(start, end, column);
      return;
    }
  }

  /** Sorts by the columns behind this one what it does not tell apart. */
  #sortAlike(start: number, end: number, column: number): void {
    if (column === this.#columns.length - 1) return;
    const values = this.#valuesOf(column);
    let from = start;
    for (let at = start + 1; at <= end; at += 1) {
      if (at < end && values[this.places[at] ?? 0] === values[this.places[from] ?? 0]) continue;
      if (at - from > 1) this.sort(from, at, column + 1);
      from = at;
    }
  }

  #sortFew(start: number, end: number, column: number): void {
    const { places } = this;
    for (let next = start + 1; next < end; next += 1) {
      const place = places[next] ?? 0;
      let at = next;
      for (; at > start && this.#isBefore(place, places[at - 1] ?? 0, column); at -= 1) {
        places[at] = places[at - 1] ?? 0;
      }
      places[at] = place;
    }
  }

  #isBefore(place: number, other: number, first: number): boolean {
    for (let column = first; column < this.#columns.length; column += 1) {
      const values = this.#valuesOf(column);
      const value = values[place] ?? 0;
      const others = values[other] ?? 0;
      if (value === others) continue;
      if (value === Infinity || others === Infinity) return others === Infinity;
      return value < others !== this.#columns[column]?.descending;
    }
    return false;
  }

  /** False where it tells none of them apart. */
  #sortByColumn(start: number, end: number, column: number): boolean {
    const values = this.#valuesOf(column);
    const places = this.places.subarray(start, end);
    const [least, most] = boundsOf(values, places);
    const missing = most < least ? 0 : most - least + 1;
    const count = places.length;
    if ((missing + 1) * count > Number.MAX_SAFE_INTEGER) {
      this.#values[column] = ranksOf(values);
      return this.#sortByColumn(start, end, column);
    }
    const isDescending = this.#columns[column]?.descending === true;
    const keys = this.#keys.subarray(start, end);
    let isAnyApart = false;
    for (let at = 0; at < count; at += 1) {
      const value = values[places[at] ?? 0] ?? 0;
      const rank = value === Infinity ? missing : isDescending ? most - value : value - least;
      if (rank !== 0) isAnyApart = true;
      keys[at] = rank * count + at;
    }
    if (!isAnyApart) return false;
    keys.sort();
    const before = this.#before.subarray(start, end);
    before.set(places);
    for (let at = 0; at < count; at += 1) {
      const key = keys[at] ?? 0;
      places[at] = before[key - Math.floor(key / count) * count] ?? 0;
    }
    return true;
  }

  #valuesOf(column: number): Float64Array {
    const known = this.#values[column];
    if (known !== undefined) return known;
    const values = this.#columns[column]?.values() ?? none;
    this.#values[column] = values;
    return values;
  }
}

/** The least and the largest number at these places that is not missing. */
function boundsOf(values: Float64Array, places: Uint32Array): readonly [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (const place of places) {
    const value = values[place] ?? Infinity;
    if (value === Infinity) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

/** Numbers that lie too far apart for a double to hold a place, too: for each, how many differ from it and are less. */
function ranksOf(values: Float64Array): Float64Array {
  const ranks = new Map<number, number>();
  for (const value of values.toSorted()) {
    if (value !== Infinity && !ranks.has(value)) ranks.set(value, ranks.size);
  }
  return values.map((value) => ranks.get(value) ?? Infinity);
}
