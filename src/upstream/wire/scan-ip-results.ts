import { cellsPerRow, numberCells, textCells } from '../../domain/ip-result-cells.ts';
import {
  closeBrace,
  closeBracket,
  expectedBytes,
  giveUp,
  openBrace,
  openBracket,
  quote,
  type ByteScanner,
  type ExpectedBytes,
} from './byte-scanner.ts';

/** What a member of a row is read as. */
type Reader = 'int' | 'instant' | 'duration' | 'id' | 'text';

interface Member {
  readonly name: Uint8Array;
  /** The name as it stands before a value where no white space is sent. */
  readonly key: ExpectedBytes;
  readonly cell: number;
  readonly reader: Reader;
  /** One bit of its own, by which a second member of one name is noticed. */
  readonly bit: number;
}

const members: readonly Member[] = (
  [
    ['status', numberCells.statusCode, 'int'],
    ['exit_code', numberCells.exitCode, 'int'],
    ['error_code', numberCells.errorCode, 'int'],
    ['start_time', numberCells.startTime, 'instant'],
    ['end_time', numberCells.endTime, 'instant'],
    ['total_time', numberCells.totalTime, 'duration'],
    ['ip', textCells.ip, 'text'],
    ['bk_cloud_id', textCells.bkCloudId, 'id'],
    ['bk_host_id', textCells.bkHostId, 'id'],
    ['tag', textCells.tag, 'text'],
  ] as const
).map(([name, cell, reader], index) => ({
  name: new TextEncoder().encode(name),
  key: expectedBytes(`"${name}":`),
  cell,
  reader,
  bit: 1 << index,
}));

const noCells = new Float64Array(0);

const maxInt32 = 2 ** 31 - 1;

/** No row with a status is shorter, and most are twice as long: memory that is not written to costs nothing. */
const bytesPerRow = 80;

/** Rows after which others get their turn: some 3 ms. */
const rowsPerTurn = 4000;

/** Reads lists of rows, one after another, into one table of cells. */
export class IpResultScanner {
  private readonly scanner: ByteScanner;
  private rowCount = 0;
  private buffer = noCells;
  /** The members of the row before, in their order: those of the next one are mostly the same. */
  private readonly order: (Member | undefined)[] = [];

  constructor(scanner: ByteScanner) {
    this.scanner = scanner;
  }

  /** What was read. */
  cells(): Float64Array {
    return this.buffer.subarray(0, this.rowCount * cellsPerRow);
  }

  /** Reads a list of rows, null being none. Says how many there were, and stops on the way where others wait too long. */
  *readRows(): Generator<void, number> {
    const { scanner } = this;
    if (scanner.passNull()) return 0;
    const before = this.rowCount;
    scanner.pass(openBracket);
    for (let isFirst = true; scanner.hasNext(closeBracket, isFirst); isFirst = false) {
      this.readRow();
      if (this.rowCount % rowsPerTurn === 0) yield;
    }
    return this.rowCount - before;
  }

  private readRow(): void {
    const { scanner, order } = this;
    const start = this.nextRow();
    let seen = 0;
    let place = 0;
    scanner.pass(openBrace);
    for (let isFirst = true; scanner.hasNext(closeBrace, isFirst); isFirst = false, place += 1) {
      let member = order[place];
      if (member === undefined || !scanner.passIfNext(member.key)) {
        scanner.passKey();
        member = members.find(({ name }) => scanner.isRead(name));
        order[place] = member;
      }
      if (member === undefined) scanner.passValue();
      else {
        if ((seen & member.bit) !== 0) giveUp();
        seen |= member.bit;
        this.readValue(member, start + member.cell);
      }
    }
    if (Number.isNaN(this.buffer[start + numberCells.statusCode])) giveUp();
  }

  private readValue({ reader }: Member, at: number): void {
    const { scanner, buffer } = this;
    const first = scanner.peek();
    if (first === lowerN) scanner.passNull();
    else if (reader === 'text') {
      scanner.passText();
      // An address of nothing is none, a tag of nothing is one.
      if (scanner.start === scanner.end && at % cellsPerRow === textCells.ip) return;
      buffer[at] = scanner.start;
      buffer[at + 1] = scanner.end;
    } else if (reader === 'id') {
      passId(scanner, first);
      buffer[at] = scanner.start;
      buffer[at + 1] = scanner.end;
    } else {
      const value = scanner.readInteger();
      if (reader === 'int' && (value > maxInt32 || value < -maxInt32 - 1)) giveUp();
      if (value !== 0 || reader !== 'instant') buffer[at] = value;
    }
  }

  private nextRow(): number {
    const row = this.rowCount;
    if ((row + 1) * cellsPerRow > this.buffer.length) {
      const left = this.scanner.bytes.length - this.scanner.at;
      const larger = new Float64Array(this.buffer.length + (Math.ceil(left / bytesPerRow) + 1) * cellsPerRow);
      larger.set(this.buffer);
      this.buffer = larger;
    }
    // Cells of texts are 0 as they come.
    const start = row * cellsPerRow;
    for (let cell = 0; cell < textCells.ip; cell += 1) this.buffer[start + cell] = NaN;
    this.rowCount += 1;
    return start;
  }
}

const lowerN = 0x6e;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;

/** A Java long has at most so many digits. */
const maxIdDigits = 19;

/** Passes an identifier, which is sent as a number or as a text of the same digits. */
function passId(scanner: ByteScanner, first: number): void {
  if (first === quote) {
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
