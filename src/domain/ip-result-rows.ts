import {
  numberCells,
  numbersPerRow,
  spansPerRow,
  textCells,
  type IpResultCells,
  type IpResultData,
  type TextCell,
} from './ip-result-cells.ts';

/** Bytes from `start` up to, but not including, `end`. */
export interface PieceOfBytes {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Where the memory of many rows comes from, and goes when nobody looks at them any more. */
export interface RowMemory {
  /** At least so many bytes, in which something of others may stand. */
  take(size: number): Buffer;
  giveBack(buffer: Buffer): void;
}

/** Those of a few hundred hosts. */
const worthReusing = 16 * 1024;

/** Rows of hosts as they are added one after another, in memory that may be larger than they are. */
export class IpResultRows {
  rowCount = 0;
  /** As in `IpResultCells`. Others again after room was made. */
  numbers: Float64Array = new Float64Array(0);
  spans: Int32Array = new Int32Array(0);
  bytes: Buffer = Buffer.alloc(64);
  /** Where the next text begins. None begins at 0, so that an empty one ends after it. */
  textAt = 1;
  private readonly memory: RowMemory;
  /** What was taken for cells and for texts, where there are many. */
  private cellsTaken: Buffer | null = null;
  private textsTaken: Buffer | null = null;

  constructor(memory: RowMemory) {
    this.memory = memory;
  }

  /** Whether there is no room for another row. */
  get isFull(): boolean {
    return this.numbers.length === this.rowCount * numbersPerRow;
  }

  /** Makes room for so many rows in all, those to come with texts of so many bytes each. */
  makeRoom(rowCount: number, textPerRow: number): void {
    const [numberCount, spanCount] = [rowCount * numbersPerRow, rowCount * spansPerRow];
    const endOfNumbers = numberCount * Float64Array.BYTES_PER_ELEMENT;
    const size = endOfNumbers + spanCount * Int32Array.BYTES_PER_ELEMENT;
    const taken = this.take(size);
    const { buffer, byteOffset } = taken ?? Buffer.alloc(size);
    const numbers = new Float64Array(buffer, byteOffset, numberCount);
    numbers.set(this.numbers);
    const spans = new Int32Array(buffer, byteOffset + endOfNumbers, spanCount);
    spans.set(this.spans);
    spans.fill(0, this.spans.length);
    this.numbers = numbers;
    this.spans = spans;
    this.return(this.cellsTaken);
    this.cellsTaken = taken;
    this.makeRoomForText(Math.ceil((rowCount - this.rowCount) * textPerRow));
  }

  /** Adds a row that says nothing yet. There must be room for it. */
  add(): void {
    const { numbers } = this;
    const start = this.rowCount * numbersPerRow;
    for (let cell = 0; cell < numbersPerRow; cell += 1) numbers[start + cell] = NaN;
    this.rowCount += 1;
  }

  /** Takes back all that the last row said. */
  clear(): void {
    this.rowCount -= 1;
    const start = this.rowCount * spansPerRow;
    this.spans.fill(0, start, start + spansPerRow);
    this.add();
  }

  /** Says a text of the last row. */
  addText(cell: TextCell, { bytes: source, start, end }: PieceOfBytes): void {
    const length = end - start;
    if (this.textAt + length > this.bytes.length) this.makeRoomForText(this.textAt + length);
    const { bytes, textAt } = this;
    bytes.set(source.subarray(start, end), textAt);
    const span = (this.rowCount - 1) * spansPerRow + cell;
    this.spans[span] = textAt;
    this.spans[span + 1] = textAt + length;
    this.textAt = textAt + length;
  }

  /** Whether the last row says its status. */
  hasStatus(): boolean {
    return !Number.isNaN(this.numbers[(this.rowCount - 1) * numbersPerRow + numberCells.statusCode] ?? NaN);
  }

  /** What all rows say. None may be added any more. */
  cells(): IpResultCells {
    return {
      numbers: this.numbers.subarray(0, this.rowCount * numbersPerRow),
      spans: this.spans.subarray(0, this.rowCount * spansPerRow),
      bytes: this.bytes.subarray(0, this.textAt),
    };
  }

  /** Whoever has the cells looks at them no more. */
  giveBack(): void {
    this.return(this.cellsTaken);
    this.return(this.textsTaken);
    this.cellsTaken = null;
    this.textsTaken = null;
  }

  private take(size: number): Buffer | null {
    return size < worthReusing ? null : this.memory.take(size);
  }

  private return(taken: Buffer | null): void {
    if (taken !== null) this.memory.giveBack(taken);
  }

  private makeRoomForText(more: number): void {
    const size = this.textAt + more;
    const taken = this.take(size);
    const larger = taken ?? Buffer.allocUnsafe(size);
    this.bytes.copy(larger, 0, 0, this.textAt);
    this.bytes = larger;
    this.return(this.textsTaken);
    this.textsTaken = taken;
  }
}

/** Texts that JSON writes as they are, a byte for each character. */
const plainText = /^[ !#-[\]-~]*$/;

/** Cells of rows that are there as objects: few, so that all are written at once. */
export function toCells(rows: readonly IpResultData[]): IpResultCells {
  const numbers = new Float64Array(rows.length * numbersPerRow);
  const texts = new JoinedTexts(rows.length);
  for (let row = 0; row < rows.length; row += 1) {
    const data = rows[row];
    if (data === undefined) continue;
    // Member by member: to go through their names takes as long as to read the row from its JSON.
    const number = row * numbersPerRow;
    numbers[number + numberCells.statusCode] = data.statusCode;
    numbers[number + numberCells.exitCode] = data.exitCode ?? NaN;
    numbers[number + numberCells.errorCode] = data.errorCode ?? NaN;
    numbers[number + numberCells.startTime] = data.startTime ?? NaN;
    numbers[number + numberCells.endTime] = data.endTime ?? NaN;
    numbers[number + numberCells.totalTime] = data.totalTime ?? NaN;
    const span = row * spansPerRow;
    texts.add(span + textCells.ip, data.ip);
    texts.add(span + textCells.bkCloudId, data.bkCloudId);
    texts.add(span + textCells.bkHostId, data.bkHostId);
    texts.add(span + textCells.tag, data.tag);
  }
  return { numbers, spans: texts.spans, bytes: texts.bytes() };
}

/** Texts of rows, one after another. */
class JoinedTexts {
  readonly spans: Int32Array;
  // No text begins at 0, so that an empty one ends after it.
  #joined = ' ';
  #at = 1;

  constructor(rowCount: number) {
    this.spans = new Int32Array(rowCount * spansPerRow);
  }

  add(span: number, text: string | null): void {
    if (text === null) return;
    const isPlain = plainText.test(text);
    const escaped = isPlain ? text : JSON.stringify(text).slice(1, -1);
    this.spans[span] = this.#at;
    this.#at += isPlain ? text.length : Buffer.byteLength(escaped);
    this.spans[span + 1] = this.#at;
    this.#joined += escaped;
  }

  bytes(): Buffer {
    return Buffer.from(this.#joined);
  }
}
