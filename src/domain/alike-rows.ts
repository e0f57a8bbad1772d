import { sortByColumns } from './sort-by-columns.ts';

/** What rows may have in common. */
export type Property = number | string | null;

/** Tells a property of a row: always a number or null, or always a text. */
export type PropertyReader = (row: number) => Property;

/**
 * Rows put together by their properties: the largest groups first, ties by the properties, what is missing last. There
 * may be as many groups as rows, so that none has an object or a text of its own, and only `limit` of them a list.
 */
export function alikeRows(
  rows: Uint32Array,
  readers: readonly PropertyReader[],
  limit: number,
): readonly Uint32Array[] {
  const groups = new Groups(rows, readers);
  return groups.rowsOf(groups.largestFirst().subarray(0, limit));
}

/** One of the properties, by which groups are told apart together with those before it. */
interface Part {
  readonly reader: PropertyReader;
  readonly values: Numbering<Property>;
  /** Of what the properties before tell apart together with this one. */
  readonly groups: Numbering<number>;
  /** The number of the value that each group has. */
  readonly valueOfGroup: number[];
}

class Groups {
  readonly #rows: Uint32Array;
  readonly #parts: readonly Part[];
  /** For each place among the rows, the number of the group. */
  readonly #groupAt: Uint32Array;
  readonly #sizes: number[] = [];

  constructor(rows: Uint32Array, readers: readonly PropertyReader[]) {
    this.#rows = rows;
    this.#groupAt = new Uint32Array(rows.length);
    this.#parts = readers.map((reader) => ({
      reader,
      values: new Numbering(),
      groups: new Numbering(),
      valueOfGroup: [],
    }));
    for (let place = 0; place < rows.length; place += 1) this.#add(place);
  }

  /** A group by the properties so far and the value of the next one are a group again: one double holds both. */
  #add(place: number): void {
    const row = this.#rows[place] ?? 0;
    let group = 0;
    for (const { reader, values, groups } of this.#parts) {
      group = groups.numberOf(group * this.#rows.length + values.numberOf(reader(row)));
    }
    if (group === this.#sizes.length) {
      this.#sizes.push(0);
      for (const { values, valueOfGroup } of this.#parts) valueOfGroup.push(values.lastNumber);
    }
    this.#sizes[group] = (this.#sizes[group] ?? 0) + 1;
    this.#groupAt[place] = group;
  }

  largestFirst(): Uint32Array {
    const ofParts = this.#parts.map(({ values, valueOfGroup }) => {
      const sorted = (): Float64Array => {
        const sortable = sortableOf(values);
        return Float64Array.from(valueOfGroup, (value) => sortable[value] ?? 0);
      };
      return { values: sorted, descending: false };
    });
    const ofSizes = { values: () => Float64Array.from(this.#sizes), descending: true };
    return sortByColumns(Uint32Array.from(this.#sizes.keys()), [ofSizes, ...ofParts]);
  }

  rowsOf(groups: Uint32Array): readonly Uint32Array[] {
    const lists = new Map<number, { readonly rows: Uint32Array; count: number }>();
    for (const group of groups) {
      lists.set(group, { rows: new Uint32Array(this.#sizes[group] ?? 0), count: 0 });
    }
    for (let place = 0; place < this.#rows.length; place += 1) {
      const list = lists.get(this.#groupAt[place] ?? 0);
      if (list === undefined) continue;
      list.rows[list.count] = this.#rows[place] ?? 0;
      list.count += 1;
    }
    return Array.from(lists.values(), ({ rows }) => rows);
  }
}

/** Numbers values from 0 in the order in which they come first. Most are like the one before, which is found out sooner. */
class Numbering<Value> {
  readonly #numbers = new Map<Value, number>();
  #last: Value | undefined;
  lastNumber = 0;

  numberOf(value: Value): number {
    if (value === this.#last) return this.lastNumber;
    const next = this.#numbers.size;
    const number = this.#numbers.get(value) ?? next;
    if (number === next) this.#numbers.set(value, number);
    this.#last = value;
    this.lastNumber = number;
    return number;
  }

  values(): Value[] {
    return [...this.#numbers.keys()];
  }
}

/** For the number of each value, a number that compares with others as the value does. */
function sortableOf(numbering: Numbering<Property>): Float64Array {
  const values = numbering.values();
  if (typeof values[0] !== 'string') return Float64Array.from(values, (value) => Number(value ?? Infinity));
  const ranks = new Float64Array(values.length);
  for (const [rank, text] of values.sort().entries()) ranks[numbering.numberOf(text)] = rank;
  return ranks;
}
