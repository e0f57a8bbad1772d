/**
 * Rows of hosts without an object for each: a job may have 50,000, and most are looked at once or not at all.
 * Everything that a row says is a number among `cells`; of a text, the numbers say where it stands among `bytes`.
 */
export interface IpResultCells {
  /** What texts stand in, as between the quotes of JSON: valid UTF-8, escapes and all. */
  readonly bytes: Buffer;
  /** `cellsPerRow` for each row. */
  readonly cells: Float64Array;
}

/** Cells of a row that hold a number; NaN stands for null. */
export const numberCells = {
  statusCode: 0,
  exitCode: 1,
  errorCode: 2,
  startTime: 3,
  endTime: 4,
  totalTime: 5,
} as const;

/** Cells of a row that say where a text begins; the next one says where it ends, and 0 there stands for null. */
export const textCells = { ip: 6, bkCloudId: 8, bkHostId: 10, tag: 12 } as const;

export type NumberCell = (typeof numberCells)[keyof typeof numberCells];
export type TextCell = (typeof textCells)[keyof typeof textCells];

/** How many cells a row has. */
export const cellsPerRow = 14;

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

const numberNames = Object.keys(numberCells) as (keyof typeof numberCells)[];
const textNames = Object.keys(textCells) as (keyof typeof textCells)[];

/** Cells of rows that are there as objects. */
export function toCells(rows: readonly IpResultData[]): IpResultCells {
  const cells = new Float64Array(rows.length * cellsPerRow);
  // No text begins at 0, so that an empty one ends after it.
  const texts: string[] = [' '];
  let size = 1;
  for (const [row, data] of rows.entries()) {
    const at = row * cellsPerRow;
    for (const name of numberNames) cells[at + numberCells[name]] = data[name] ?? NaN;
    for (const name of textNames) {
      const place = textCells[name];
      const text = data[name];
      if (text === null) continue;
      const escaped = JSON.stringify(text).slice(1, -1);
      cells[at + place] = size;
      size += Buffer.byteLength(escaped);
      cells[at + place + 1] = size;
      texts.push(escaped);
    }
  }
  return { bytes: Buffer.from(texts.join('')), cells };
}

/** A number of a row; NaN where it is null. */
export function rawNumberOf({ cells }: IpResultCells, row: number, place: NumberCell): number {
  return cells[row * cellsPerRow + place] ?? NaN;
}

/** A number of a row. */
export function numberOf(from: IpResultCells, row: number, place: NumberCell): number | null {
  const value = rawNumberOf(from, row, place);
  return Number.isNaN(value) ? null : value;
}

const backslash = 0x5c;
const lastAscii = 0x7f;

/** A text of a row. */
export function textOf({ bytes, cells }: IpResultCells, row: number, place: TextCell): string | null {
  const start = cells[row * cellsPerRow + place] ?? 0;
  const end = cells[row * cellsPerRow + place + 1] ?? 0;
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
export function integerOf({ bytes, cells }: IpResultCells, row: number, place: TextCell): number {
  const start = cells[row * cellsPerRow + place] ?? 0;
  const end = cells[row * cellsPerRow + place + 1] ?? 0;
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
