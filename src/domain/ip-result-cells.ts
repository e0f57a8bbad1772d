/**
 * Rows of hosts without an object for each: a job may have 50,000, and most are looked at once or not at all.
 * They hold all that they say, and nothing of the answer that they were read from.
 */
export interface IpResultCells {
  /** Numbers, `numbersPerRow` for each row; NaN stands for null. */
  readonly numbers: Float64Array;
  /** Where texts stand among `bytes`, `spansPerRow` for each row. */
  readonly spans: Int32Array;
  /** Texts one after another, as between the quotes of JSON: valid UTF-8, escapes and all. */
  readonly bytes: Buffer;
}

/** Where the numbers of a row stand. */
export const numberCells = {
  statusCode: 0,
  exitCode: 1,
  errorCode: 2,
  startTime: 3,
  endTime: 4,
  totalTime: 5,
} as const;

/** Where it stands where a text of a row begins; behind it stands where it ends, and 0 there stands for null. */
export const textCells = { ip: 0, bkCloudId: 2, bkHostId: 4, tag: 6 } as const;

export type NumberCell = (typeof numberCells)[keyof typeof numberCells];
export type TextCell = (typeof textCells)[keyof typeof textCells];

export const numbersPerRow = 6;
export const spansPerRow = 8;

/** What a row of a host says, before it knows its step. */
export interface IpResultData {
  readonly ip: string | null;
  readonly bkCloudId: string | null;
  readonly bkHostId: string | null;
  readonly statusCode: number;
  readonly tag: string | null;
  readonly exitCode: number | null;
  readonly errorCode: number | null;
  readonly startTime: number | null;
  readonly endTime: number | null;
  readonly totalTime: number | null;
}

/** A number of a row; NaN where it is null. */
export function rawNumberOf({ numbers }: IpResultCells, row: number, place: NumberCell): number {
  return numbers[row * numbersPerRow + place] ?? NaN;
}

/** A number of a row. */
export function numberOf(from: IpResultCells, row: number, place: NumberCell): number | null {
  const value = rawNumberOf(from, row, place);
  return Number.isNaN(value) ? null : value;
}

const backslash = 0x5c;
const lastAscii = 0x7f;

/** A text of a row. */
export function textOf({ bytes, spans }: IpResultCells, row: number, place: TextCell): string | null {
  const start = spans[row * spansPerRow + place] ?? 0;
  const end = spans[row * spansPerRow + place + 1] ?? 0;
  if (end === 0) return null;
  let isAscii = true;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === backslash) return JSON.parse(`"${bytes.toString('utf8', start, end)}"`) as string;
    if (byte > lastAscii) isAscii = false;
  }
  return bytes.toString(isAscii ? 'latin1' : 'utf8', start, end);
}

/** A double holds every whole number of 15 digits. */
const safeDigits = 15;

const zero = 0x30;

/** A text of digits as a number; NaN where it is another text or longer than a double holds, Infinity where it is null. */
export function integerOf({ bytes, spans }: IpResultCells, row: number, place: TextCell): number {
  const start = spans[row * spansPerRow + place] ?? 0;
  const end = spans[row * spansPerRow + place + 1] ?? 0;
  if (end === 0) return Infinity;
  if (end === start || end - start > safeDigits) return NaN;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Where it stands among `spans` where a text of a row begins. */
export function spanOf(row: number, place: TextCell): number {
  return row * spansPerRow + place;
}

/**
 * Of a text of at most twenty digits the last ten as a number, or those before them; NaN where it is another text,
 * Infinity where it is null.
 */
export function tenDigitsIn({ bytes, spans }: IpResultCells, span: number, half: 'first' | 'last'): number {
  const start = spans[span] ?? 0;
  const end = spans[span + 1] ?? 0;
  if (end === 0) return Infinity;
  if (end === start || end - start > 20) return NaN;
  const middle = Math.max(start, end - 10);
  const last = half === 'first' ? middle : end;
  let value = 0;
  for (let at = half === 'first' ? start : middle; at < last; at += 1) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Whether a text stands there as it is, a byte for each character, and has at most so many. */
export function isPlainIn({ bytes, spans }: IpResultCells, span: number, longest: number): boolean {
  const start = spans[span] ?? 0;
  const end = spans[span + 1] ?? 0;
  if (end - start > longest) return false;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === backslash || byte > lastAscii) return false;
  }
  return true;
}

/** Four bytes of a text from its `offset`th on as a number, in which 0 stands for those behind its end. */
export function fourBytesIn({ bytes, spans }: IpResultCells, span: number, offset: number): number {
  const start = (spans[span] ?? 0) + offset;
  const end = spans[span + 1] ?? 0;
  let value = 0;
  for (let at = start; at < start + 4; at += 1) value = value * 256 + (at < end ? (bytes[at] ?? 0) : 0);
  return value;
}

const dot = 0x2e;

/** An IPv4 address as a number; NaN where it is another text, one with zeros before a number too, Infinity where it is null. */
export function addressIn({ bytes, spans }: IpResultCells, row: number): number {
  const start = spans[row * spansPerRow + textCells.ip] ?? 0;
  const end = spans[row * spansPerRow + textCells.ip + 1] ?? 0;
  if (end === 0) return Infinity;
  let address = 0;
  let octet = 0;
  let octets = 1;
  let digits = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === dot && digits > 0) {
      address = address * 256 + octet;
      [octet, digits, octets] = [0, 0, octets + 1];
    } else {
      const digit = byte - zero;
      if (digit < 0 || digit > 9 || (digits > 0 && octet === 0)) return NaN;
      octet = octet * 10 + digit;
      digits += 1;
      if (octet > 255) return NaN;
    }
  }
  return octets === 4 && digits > 0 ? address * 256 + octet : NaN;
}

/** Everything that a row says. */
export function rowOf(from: IpResultCells, row: number): IpResultData {
  return {
    ip: textOf(from, row, textCells.ip),
    bkCloudId: textOf(from, row, textCells.bkCloudId),
    bkHostId: textOf(from, row, textCells.bkHostId),
    statusCode: rawNumberOf(from, row, numberCells.statusCode),
    tag: textOf(from, row, textCells.tag),
    exitCode: numberOf(from, row, numberCells.exitCode),
    errorCode: numberOf(from, row, numberCells.errorCode),
    startTime: numberOf(from, row, numberCells.startTime),
    endTime: numberOf(from, row, numberCells.endTime),
    totalTime: numberOf(from, row, numberCells.totalTime),
  };
}
