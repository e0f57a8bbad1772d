import { numbersPerRow, textCells, type NumberCell, type TextCell } from '../../domain/ip-result-cells.ts';
import type { IpResultRows } from '../../domain/ip-result-rows.ts';
import { giveUp, minus, nine, quote, zero, type ByteScanner } from './byte-scanner.ts';
import { isInstant } from './members.ts';
import { readAs, type Member, type ReadAs } from './row-layout.ts';

const maxInt32 = 2 ** 31 - 1;

/** A Java long has at most so many digits. */
const maxIdDigits = 19;

/** Reads values of members into the last row, whatever they are. */
export class RowValues {
  readonly scanner: ByteScanner;
  readonly rows: IpResultRows;

  constructor(scanner: ByteScanner, rows: IpResultRows) {
    this.scanner = scanner;
    this.rows = rows;
  }

  /** Reads the next value. */
  read(as: ReadAs, cell: Member['cell']): void {
    const { scanner } = this;
    if (as === readAs.unasked) scanner.passValue();
    else if (scanner.passNull()) return;
    else if (as === readAs.text || as === readAs.id) this.readText(as, cell as TextCell);
    else this.readNumber(as, cell as NumberCell);
  }

  private readText(as: ReadAs, cell: TextCell): void {
    const { scanner } = this;
    if (as === readAs.id) passId(scanner);
    else scanner.passText();
    // An address of nothing is none, a tag of nothing is one.
    if (scanner.start !== scanner.end || cell !== textCells.ip) this.rows.addText(cell, scanner);
  }

  private readNumber(as: ReadAs, cell: NumberCell): void {
    const { rows } = this;
    const value = this.scanner.readInteger();
    if (as === readAs.int && (value > maxInt32 || value < -maxInt32 - 1)) giveUp();
    if (as === readAs.instant && !isInstant(value)) giveUp();
    if (value !== 0 || as !== readAs.instant)
      rows.numbers[(rows.rowCount - 1) * numbersPerRow + cell] = value;
  }
}

/** Passes an identifier, which is sent as a number or as a text of the same digits. */
function passId(scanner: ByteScanner): void {
  if (scanner.peek() === quote) {
    scanner.passText();
    assertInteger(scanner);
  } else scanner.passInteger();
  const { bytes, start, end } = scanner;
  if (end - start > (bytes[start] === minus ? maxIdDigits + 1 : maxIdDigits)) giveUp();
}

/** Gives up where a text is no whole number as JSON writes it. */
function assertInteger({ bytes, start, end }: ByteScanner): void {
  const first = bytes[start] === minus ? start + 1 : start;
  if (first === end || (bytes[first] === zero && (end > first + 1 || first > start))) giveUp();
  for (let at = first; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < zero || byte > nine) giveUp();
  }
}
