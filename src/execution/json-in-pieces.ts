import type { DividedWork } from '../event-loop/turns.ts';

/** Values that are turned into JSON at once: a fifth of a millisecond. */
const valuesAtOnce = 500;

/** Characters that are turned into bytes at once. */
const charactersAtOnce = 64 * 1024;

/** Whether turning a value into JSON takes so long that it is better done in pieces. */
export function isLong(value: unknown): boolean {
  return valuesLeft(value, 10 * valuesAtOnce) < 0;
}

/** JSON of a value, the same that `JSON.stringify` makes of plain data, and an end, with turns for others in between. */
export async function jsonInPieces(value: unknown, longWork: DividedWork, end = ''): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let text = '';
  for (const piece of piecesOf(value)) {
    text += piece;
    if (text.length >= charactersAtOnce) {
      chunks.push(Buffer.from(text));
      text = '';
    }
    if (longWork.isOver()) await longWork.next();
  }
  chunks.push(Buffer.from(text + end));
  return Buffer.concat(chunks);
}

/** Texts that are the JSON of a value one after another. None of them ends within a character. */
function* piecesOf(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null || valuesLeft(value, valuesAtOnce) >= 0) {
    yield JSON.stringify(value);
  } else if (Array.isArray(value)) {
    let before = '[';
    for (const item of value as readonly unknown[]) {
      yield before;
      yield* piecesOf(item ?? null);
      before = ',';
    }
    yield before === '[' ? '[]' : ']';
  } else {
    let before = '{';
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* piecesOf(member);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  }
}

/** What is left of so many values when those of this one are taken from it; less than zero where they are more. */
function valuesLeft(value: unknown, most: number): number {
  let left = most - 1;
  if (typeof value !== 'object' || value === null) return left;
  for (const member of Array.isArray(value) ? (value as readonly unknown[]) : Object.values(value)) {
    left = valuesLeft(member, left);
    if (left < 0) return left;
  }
  return left;
}
