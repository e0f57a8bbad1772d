import { writeLateValues, type LateValue } from './late-values.ts';
import type { Run, WriteValue } from './run.ts';

const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/** There may be a thousand, and what is asked of each of them may take a fifth of a millisecond. */
const maxInOnePiece = 50;

/** Writes the items of a list one after another. */
export function writeItems(run: Run, items: readonly unknown[], writeItem: WriteValue): void {
  run.out.byte(openBracket);
  let isFirst = true;
  for (const item of items) {
    if (!isFirst) run.out.byte(comma);
    isFirst = false;
    writeItem(run, item);
  }
  run.out.byte(closeBracket);
}

/** Writes what references lead to, or leaves its place where they are many. */
export function writeReferences(run: Run, items: readonly unknown[], writeItem: WriteValue): void {
  if (items.length > maxInOnePiece) run.lateValues.push(new ManyReferences(run.out.at, items, writeItem));
  else writeItems(run, items, writeItem);
}

/** References that are too many to be written at once. */
class ManyReferences implements LateValue {
  readonly at: number;
  readonly expectedBytes = 0;
  readonly #items: readonly unknown[];
  readonly #writeItem: WriteValue;

  constructor(at: number, items: readonly unknown[], writeItem: WriteValue) {
    this.at = at;
    this.#items = items;
    this.#writeItem = writeItem;
  }

  async write(run: Run): Promise<void> {
    const { out, context } = run;
    out.byte(openBracket);
    for (const [index, item] of this.#items.entries()) {
      if (index > 0) out.byte(comma);
      const from = out.at;
      this.#writeItem(run, item);
      if (run.lateValues.length > 0) await writeLateValues(run, from);
      if (context.longWork.isOver()) await context.longWork.next();
    }
    out.byte(closeBracket);
  }
}
