import { numbersPerRow, spansPerRow, textCells } from '../../domain/ip-result-cells.ts';
import type { IpResultRows } from '../../domain/ip-result-rows.ts';
import type { ByteScanner } from './byte-scanner.ts';
import { layoutHead, readAs, type Member, type ReadAs, type RowLayout } from './row-layout.ts';
import type { RowValues } from './row-values.ts';

// Not those of other modules: each use would read them from memory.
const quote = 0x22;
const zero = 0x30;
const nine = 0x39;
const comma = 0x2c;
const closeBrace = 0x7d;
const backslash = 0x5c;
const lastAscii = 0x7f;
const space = 0x20;

/** A double holds every whole number of 15 digits. */
const safeDigits = 15;

/** An int holds every whole number of 9 digits. */
const intDigits = 9;

/** So many digits have instants from 2001 to 2286. */
const instantDigits = 13;

/**
 * Reads rows that are laid out like one before. Nearly all of a large answer is read here, so it is written for that:
 * each byte is looked at once, keys four bytes at a time. It reads texts of ASCII without escapes and whole numbers
 * itself, and leaves all other values, and rows that are laid out differently, to others.
 */
export class PlainRows {
  private readonly values: RowValues;
  private readonly scanner: ByteScanner;
  private readonly rows: IpResultRows;
  private readonly bytes: Uint8Array;
  /** How many bytes there are: V8 takes longer to ask bytes for it than to read one of them. */
  private readonly size: number;
  private readonly view: DataView;

  constructor(values: RowValues) {
    this.values = values;
    this.scanner = values.scanner;
    this.rows = values.rows;
    this.bytes = values.scanner.bytes;
    this.size = values.scanner.size;
    this.view = values.scanner.view;
  }

  /** Reads the next row if it has this layout, and says whether it did. The last row may otherwise say half of it. */
  readRow(layout: RowLayout): boolean {
    const { size, view, rows } = this;
    const { length: layoutLength } = layout;
    const firstNumber = (rows.rowCount - 1) * numbersPerRow;
    const firstSpan = (rows.rowCount - 1) * spansPerRow;
    let at = this.scanner.at;
    let place = 0;
    while (place < layoutLength) {
      const as = layout[place] as ReadAs;
      const cell = layout[place + 1] as Member['cell'];
      const length = layout[place + 2] ?? 0;
      // The last word reaches beyond the key.
      if (at + length + 4 > size) return false;
      let expected = place + layoutHead;
      let word = at;
      for (const last = expected + (layout[place + 3] ?? 0); expected < last; expected += 1) {
        if (view.getInt32(word, true) !== layout[expected]) return false;
        word += 4;
      }
      if ((view.getInt32(word, true) & (layout[place + 4] ?? 0)) !== layout[expected]) return false;
      place = expected + 1;
      at += length;
      let end = -1;
      if (as >= readAs.int) end = this.readNumber(at, firstNumber + cell, as);
      else if (as === readAs.id) end = this.readId(at, firstSpan + cell);
      else if (as === readAs.text) end = this.readText(at, firstSpan + cell);
      at = end === -1 ? this.readOther(at, as, cell) : end;
    }
    this.scanner.at = at;
    return this.passClosingBrace();
  }

  private passClosingBrace(): boolean {
    if (this.bytes[this.scanner.at] !== closeBrace) return false;
    this.scanner.at += 1;
    return true;
  }

  /** Reads a value that is not plain, and says where it ends. */
  private readOther(at: number, as: ReadAs, cell: Member['cell']): number {
    this.scanner.at = at;
    this.values.read(as, cell);
    return this.scanner.at;
  }

  /** Reads a text and says where it ends; -1 where it is not plain or there is no room for it. */
  private readText(at: number, span: number): number {
    const { bytes, rows } = this;
    const { bytes: texts, textAt } = rows;
    const room = texts.length;
    if (bytes[at] !== quote) return -1;
    let from = at + 1;
    let to = textAt;
    for (let byte = bytes[from] ?? 0; byte !== quote; byte = bytes[from] ?? 0) {
      if (byte < space || byte > lastAscii || byte === backslash || to === room) return -1;
      texts[to] = byte;
      to += 1;
      from += 1;
    }
    if (to === textAt && span % spansPerRow === textCells.ip) return from + 1;
    rows.spans[span] = textAt;
    rows.spans[span + 1] = to;
    rows.textAt = to;
    return from + 1;
  }

  /** Likewise an identifier, which is plain as a number of few digits. */
  private readId(at: number, span: number): number {
    const { bytes, rows } = this;
    const { bytes: texts, textAt } = rows;
    const room = texts.length;
    let from = at;
    let to = textAt;
    let byte = bytes[from] ?? 0;
    for (; byte >= zero && byte <= nine; byte = bytes[from] ?? 0) {
      if (to === room) return -1;
      texts[to] = byte;
      to += 1;
      from += 1;
    }
    const length = from - at;
    if (length === 0 || length > safeDigits || !isEnd(byte) || (length > 1 && bytes[at] === zero)) return -1;
    rows.spans[span] = textAt;
    rows.spans[span + 1] = to;
    rows.textAt = to;
    return from;
  }

  /** Likewise a number. */
  private readNumber(at: number, place: number, as: ReadAs): number {
    const { bytes, rows } = this;
    let value = (bytes[at] ?? 0) - zero;
    let byte = bytes[at + 1] ?? 0;
    if (value < 0 || value > 9) return -1;
    let end = at + 1;
    if (byte >= zero && byte <= nine) {
      if (value === 0) return -1;
      if (as === readAs.instant && this.isInstant(at)) {
        rows.numbers[place] = this.instantAt(at);
        return at + instantDigits;
      }
      for (; byte >= zero && byte <= nine; byte = bytes[end] ?? 0) {
        value = value * 10 + (byte - zero);
        end += 1;
      }
      if (end - at > intDigits) return -1;
    } else if (value === 0 && as === readAs.instant) return isEnd(byte) ? end : -1;
    if (!isEnd(byte)) return -1;
    rows.numbers[place] = value;
    return end;
  }

  /** Whether a number of 13 digits is next. */
  private isInstant(at: number): boolean {
    const { bytes, size, view } = this;
    if (at + instantDigits >= size) return false;
    const last = bytes[at + instantDigits - 1] ?? 0;
    return (
      areDigits(view.getInt32(at, true)) &&
      areDigits(view.getInt32(at + 4, true)) &&
      areDigits(view.getInt32(at + 8, true)) &&
      last >= zero &&
      last <= nine &&
      isEnd(bytes[at + instantDigits] ?? 0)
    );
  }

  /** The number of 13 digits that is next. */
  private instantAt(at: number): number {
    const { bytes, view } = this;
    const first = numberOf(view.getInt32(at, true)) * 10_000 + numberOf(view.getInt32(at + 4, true));
    const last = numberOf(view.getInt32(at + 8, true)) * 10 + (bytes[at + 12] ?? 0) - zero;
    return first * 100_000 + last;
  }
}

/** Whether a value ends before a byte. */
function isEnd(byte: number): boolean {
  return byte === comma || byte === closeBrace;
}

/** Whether four bytes are digits: each is 0x30 to 0x3f, and still is when it is six more. */
function areDigits(word: number): boolean {
  return (word & 0xf0f0f0f0) === 0x30303030 && ((word + 0x06060606) & 0xf0f0f0f0) === 0x30303030;
}

/** The number that four digits are, the first one in the lowest byte: by pairs, then the pairs. */
function numberOf(digits: number): number {
  const values = digits & 0x0f0f0f0f;
  const pairs = (Math.imul(values, 10) + (values >>> 8)) & 0x00ff00ff;
  return (pairs & 0xff) * 100 + (pairs >>> 16);
}
