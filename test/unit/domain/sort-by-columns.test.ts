import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortByColumns } from '../../../src/domain/sort-by-columns.ts';

interface Column {
  readonly values: Float64Array;
  readonly descending: boolean;
}

const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 2, arbitrary: fc.constant(Infinity) },
  // So far apart that no double holds one and a place.
  { weight: 1, arbitrary: fc.maxSafeInteger() },
);

const columnsOf = (size: number): fc.Arbitrary<Column[]> =>
  fc.array(
    fc.record({
      values: fc
        .array(number, { minLength: size, maxLength: size })
        .map((values) => Float64Array.from(values)),
      descending: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  );

/** Infinity last, all else as it is said. */
function compare(left: number, right: number, { values, descending }: Column): number {
  const [one, other] = [values[left]!, values[right]!];
  if (one === other) return 0;
  if (one === Infinity || other === Infinity) return one === Infinity ? 1 : -1;
  return one < other === descending ? 1 : -1;
}

it('rows are sorted as they compare column by column, those that are alike as they stood', () => {
  const table = fc
    .uniqueArray(fc.nat({ max: 1_000 }), { maxLength: 200, size: 'max' })
    .chain((rows) => fc.tuple(fc.constant(rows), columnsOf(rows.length)));
  fc.assert(
    fc.property(table, ([rows, columns]) => {
      const sorted = sortByColumns(
        Uint32Array.from(rows),
        columns.map(({ values, descending }) => ({ values: () => values, descending })),
      );
      const places = Array.from(rows.keys()).sort(
        (left, right) => columns.map((column) => compare(left, right, column)).find((one) => one !== 0) ?? 0,
      );
      expect([...sorted]).toEqual(places.map((place) => rows[place]));
    }),
    { numRuns: 1_000 },
  );
});

it('a column is not asked for where those before it tell all rows apart', () => {
  const values = (): Float64Array => {
    throw new Error('It is asked for.');
  };
  const rising = Float64Array.from({ length: 100 }, (_, place) => place);
  for (const descending of [false, true]) {
    const sorted = sortByColumns(Uint32Array.from(rising), [
      { values: () => rising, descending },
      { values, descending: false },
    ]);
    expect([...sorted]).toEqual(descending ? [...rising].reverse() : [...rising]);
  }
});
