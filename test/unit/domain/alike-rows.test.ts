import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alikeRows, type Property } from '../../../src/domain/alike-rows.ts';

type Column = readonly Property[];

const text = fc.oneof(fc.constantFrom('', '1', '1,2', 'null', '"', 'a', '\u{1F600}', '\uFF5E'), fc.string());
const number = fc.option(fc.oneof(fc.integer({ min: -2, max: 12 }), fc.maxSafeInteger()));

/** Properties of so many rows, each of texts or of numbers and nulls. */
const columnsOf = (count: number): fc.Arbitrary<Column[]> => {
  const filled = (value: fc.Arbitrary<Property>) => fc.array(value, { minLength: count, maxLength: count });
  return fc.array(fc.oneof(filled(text), filled(number), filled(fc.constantFrom(0, 1))), { maxLength: 4 });
};

const arbitraryTable = fc
  .uniqueArray(fc.nat({ max: 30 }), { maxLength: 30 })
  .chain((rows) => fc.tuple(fc.constant(rows), columnsOf(31)));

interface Group {
  readonly properties: readonly Property[];
  readonly rows: number[];
}

/** The same one by one: a row belongs to the first group that has all of its properties. */
function putTogether(rows: readonly number[], columns: readonly Column[]): readonly Group[] {
  const groups: Group[] = [];
  for (const row of rows) {
    const properties = columns.map((column) => column[row] ?? null);
    const alike = groups.find((group) => group.properties.every((one, index) => one === properties[index]));
    if (alike === undefined) groups.push({ properties, rows: [row] });
    else alike.rows.push(row);
  }
  return groups;
}

function compareGroups(left: Group, right: Group): number {
  if (left.rows.length !== right.rows.length) return right.rows.length - left.rows.length;
  const apart = left.properties.findIndex((property, index) => property !== right.properties[index]);
  const [one = null, other = null] = [left.properties[apart], right.properties[apart]];
  if (one === null || other === null) return one === null ? 1 : -1;
  return one < other ? -1 : 1;
}

const readersOf = (columns: readonly Column[]) =>
  columns.map((column) => (row: number) => column[row] ?? null);

describe('rows that are alike', () => {
  it('are those of which all properties are the same, as if compared one by one', () => {
    fc.assert(
      fc.property(arbitraryTable, fc.integer({ min: 1, max: 40 }), ([rows, columns], limit) => {
        const expected = putTogether(rows, columns).toSorted(compareGroups).slice(0, limit);
        const groups = alikeRows(Uint32Array.from(rows), readersOf(columns), limit);
        expect(groups.map((group) => [...group])).toEqual(expected.map((group) => group.rows));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are found by looking at each property of a row once', () => {
    const looks: string[] = [];
    const reader = (name: string) => (row: number) => {
      looks.push(`${name}${String(row)}`);
      return `${name}${String(row)}`;
    };
    expect(alikeRows(Uint32Array.of(2, 0, 1), [reader('a'), reader('b')], 2)).toEqual([
      Uint32Array.of(0),
      Uint32Array.of(1),
    ]);
    expect(looks).toEqual(['a2', 'b2', 'a0', 'b0', 'a1', 'b1']);
  });
});
