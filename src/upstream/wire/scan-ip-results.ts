import { IpResultRows, type RowMemory } from '../../domain/ip-result-rows.ts';
import type { IpResultsOfSteps } from '../../domain/ip-results.ts';
import {
  closeBrace,
  closeBracket,
  giveUp,
  openBrace,
  openBracket,
  type ByteScanner,
} from './byte-scanner.ts';
import { PlainRows } from './plain-rows.ts';
import { layoutOf, members, unaskedMember, type Member, type RowLayout } from './row-layout.ts';
import { RowValues } from './row-values.ts';

/** Rows that have begun and those that have not differ in what they say; of more kinds than these the last ones count. */
const maxLayouts = 4;

/** No row with a status is shorter, and most are twice as long. */
const leastBytesPerRow = 80;

/** As many as a step has; so few may be as short as they like. */
const fewRows = 50_000;

/** Room for a few rows more than are expected, since it takes time to make more. */
const spare = 1.05;

/** Rows after which it stops: a tenth of a millisecond where they are plain, and ten times that before V8 has compiled it. */
const rowsAtOnce = 500;

/** The layout of nearly all rows that are ever read, which is not made anew for each answer. */
let usual: { readonly inOrder: readonly Member[]; readonly layout: RowLayout } | null = null;

/** Reads lists of rows, one after another. */
export class IpResultScanner {
  private readonly scanner: ByteScanner;
  private readonly rows: IpResultRows;
  private readonly values: RowValues;
  private readonly plainRows: PlainRows;
  /** Those of rows before, the last one first: the next row mostly has one of them. */
  private readonly layouts: RowLayout[] = [];
  /** Where the first row begins. */
  private start = 0;

  constructor(scanner: ByteScanner, memory: RowMemory) {
    this.scanner = scanner;
    this.rows = new IpResultRows(memory);
    this.values = new RowValues(scanner, this.rows);
    this.plainRows = new PlainRows(this.values);
  }

  /** What was read, and how many rows of it each step has. */
  ofSteps(counts: readonly number[]): IpResultsOfSteps {
    // Alone: the job holds what gives memory back, and must not hold this scanner and the answer with it.
    const { rows } = this;
    const { numbers, spans, bytes } = rows.cells();
    return {
      numbers,
      spans,
      bytes,
      counts,
      giveBack: () => {
        rows.giveBack();
      },
    };
  }

  /** Reads a list of rows, null being none. Says how many there were, and stops again and again on the way. */
  *readRows(): Generator<void, number> {
    const { scanner, rows } = this;
    if (scanner.passNull()) return 0;
    const before = rows.rowCount;
    scanner.pass(openBracket);
    for (let isFirst = true; scanner.hasNext(closeBracket, isFirst); isFirst = false) {
      this.readRow();
      if (rows.rowCount % rowsAtOnce === 0) yield;
    }
    return rows.rowCount - before;
  }

  private readRow(): void {
    const { rows } = this;
    if (rows.isFull) this.makeRoom();
    rows.add();
    if (!this.isReadPlainly()) this.readAnyRow();
    // Whichever way it was read: bk-job never leaves it out, and what has none is for the other reader to refuse.
    if (!rows.hasStatus()) giveUp();
  }

  /** Reads a row that looks like one before, and says whether it did. */
  private isReadPlainly(): boolean {
    const { scanner, layouts, rows, plainRows } = this;
    const start = scanner.at;
    for (let index = 0; index < layouts.length; index += 1) {
      const layout = layouts[index];
      if (layout !== undefined && plainRows.readRow(layout)) {
        if (index > 0) layouts.unshift(...layouts.splice(index, 1));
        return true;
      }
      scanner.at = start;
      rows.clear();
    }
    return false;
  }

  /** Reads a row whatever it looks like, and remembers what it does. */
  private readAnyRow(): void {
    const { scanner, values } = this;
    const inOrder: Member[] = [];
    scanner.pass(openBrace);
    for (let isFirst = true; scanner.hasNext(closeBrace, isFirst); isFirst = false) {
      scanner.passKey();
      const known = members.find(({ name }) => scanner.isRead(name));
      if (known !== undefined && inOrder.includes(known)) giveUp();
      const member = known ?? unaskedMember(scanner.bytes.subarray(scanner.start, scanner.end));
      inOrder.push(member);
      values.read(member.as, member.cell);
    }
    this.layouts.unshift(toLayout(inOrder));
    this.layouts.splice(maxLayouts);
  }

  /** Makes room for all rows that are still to come, if these are about as long as those before. */
  private makeRoom(): void {
    const { scanner, rows } = this;
    const { rowCount } = rows;
    // Their cells would take many times the memory of the answer.
    if (rowCount > fewRows && rowCount * leastBytesPerRow > scanner.bytes.length) giveUp();
    if (rowCount === 0) {
      this.start = scanner.at;
      rows.makeRoom(1, 0);
      return;
    }
    const bytesPerRow = Math.max(leastBytesPerRow, (scanner.at - this.start) / rowCount);
    const toCome = Math.ceil((spare * (scanner.bytes.length - scanner.at)) / bytesPerRow) + 1;
    rows.makeRoom(rowCount + toCome, (spare * rows.textAt) / rowCount);
  }
}

function toLayout(inOrder: readonly Member[]): RowLayout {
  const isUsual =
    usual?.inOrder.length === inOrder.length && inOrder.every((one, at) => one === usual?.inOrder[at]);
  if (isUsual && usual !== null) return usual.layout;
  const layout = layoutOf(inOrder);
  if (inOrder.every((member) => members.includes(member))) usual = { inOrder, layout };
  return layout;
}
