import {
  addressIn,
  fourBytesIn,
  integerOf,
  isPlainIn,
  spanOf,
  tenDigitsIn,
  textCells,
  textOf,
  type IpResultCells,
  type TextCell,
} from './ip-result-cells.ts';

/** The numbers of a column, put together when they are asked for. */
export type ColumnValues = () => Float64Array;

/** The values of rows, in their order. */
export function valuesOf(rows: Uint32Array, valueOf: (row: number) => number): Float64Array {
  const values = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place += 1) values[place] = valueOf(rows[place] ?? 0);
  return values;
}

/** Columns that compare as the ids of rows do: as numbers, or as texts where one is none. */
export function columnsOfIds(
  from: IpResultCells,
  rows: Uint32Array,
  cell: TextCell,
): readonly [ColumnValues, ColumnValues] {
  const columns = once(() => {
    const ids = valuesOf(rows, (row) => integerOf(from, row, cell));
    return ids.includes(NaN) ? columnsOfLongIds(from, rows, cell) : ([ids, alike(rows)] as const);
  });
  return [() => columns()[0], () => columns()[1]];
}

/** Ids that no double holds, by halves. */
function columnsOfLongIds(
  from: IpResultCells,
  rows: Uint32Array,
  cell: TextCell,
): readonly [Float64Array, Float64Array] {
  const first = valuesOf(rows, (row) => tenDigitsIn(from, spanOf(row, cell), 'first'));
  const last = valuesOf(rows, (row) => tenDigitsIn(from, spanOf(row, cell), 'last'));
  if (!first.includes(NaN) && !last.includes(NaN)) return [first, last];
  return [ranksOf(Array.from(rows, (row) => toSortableInteger(textOf(from, row, cell)))), alike(rows)];
}

/** As long as an IPv6 address is at most, one that ends in an IPv4 address too. */
const longestAddress = 45;

/** How many IPv4 addresses there are. */
const addressCount = 2 ** 32;

/**
 * Columns that compare as the addresses of rows do: IPv4 addresses as numbers, and behind them what is none, as IPv6 is,
 * by its letters, four in each of the columns that follow.
 */
export function columnsOfAddresses(from: IpResultCells, rows: Uint32Array): readonly ColumnValues[] {
  const addresses = once(() => valuesOf(rows, (row) => addressIn(from, row)));
  const areOthers = once(() => addresses().includes(NaN));
  const isOther = (place: number): boolean => Number.isNaN(addresses()[place]);
  const areByLetters = once(
    () =>
      areOthers() &&
      rows.every(
        (row, place) => !isOther(place) || isPlainIn(from, spanOf(row, textCells.ip), longestAddress),
      ),
  );
  const first = (): Float64Array => {
    if (!areOthers()) return addresses();
    if (!areByLetters()) return ranksOfOthers(from, rows, addresses());
    return addresses().map((address) => (Number.isNaN(address) ? addressCount : address));
  };
  const nothing = once(() => alike(rows));
  const columns: ColumnValues[] = [first];
  for (let offset = 0; offset < longestAddress; offset += 4) {
    columns.push(() => {
      if (!areByLetters()) return nothing();
      return valuesOf(rows, (row) => fourBytesIn(from, spanOf(row, textCells.ip), offset));
    });
  }
  return columns;
}

/** The same in one column, where others are texts of any kind. */
function ranksOfOthers(from: IpResultCells, rows: Uint32Array, addresses: Float64Array): Float64Array {
  const others = Array.from(rows, (row, place) =>
    Number.isNaN(addresses[place]) ? toSortableAddress(textOf(from, row, textCells.ip)) : null,
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

/** A column that tells no rows apart. */
function alike(rows: Uint32Array): Float64Array {
  return new Float64Array(rows.length);
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** 64-bit numbers as texts of one length sort like the numbers; a sign sorts before the digits. */
export function toSortableInteger(digits: string | null): string | null {
  return digits === null ? null : digits.padStart(20, '0');
}

/** Four numbers up to 255 without leading zeros: no two texts of this kind are one address. */
const ipv4Pattern = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** An IPv4 address as a number, and any other text as it is. */
export function toSortableAddress(ip: string | null): number | string | null {
  if (ip === null) return null;
  const octets = ipv4Pattern.test(ip) ? ip.split('.') : null;
  return octets === null ? ip : octets.reduce((address, octet) => address * 256 + Number(octet), 0);
}
