import type { ReusedMemory } from '../../memory/reused-memory.ts';
import type { Chunk } from './chunk.ts';

/** Digits of numbers below 100 and below 1000, with zeros before them, as a word of bytes. */
const twoDigits = Int32Array.from({ length: 100 }, (_none, number) =>
  wordOf(String(number).padStart(2, '0'), 0),
);
const threeDigits = Int32Array.from({ length: 1000 }, (_none, number) =>
  wordOf(String(number).padStart(3, '0'), 0),
);

/** Four characters of ASCII from `start` on; those beyond the end are zeros. */
function wordOf(text: string, start: number): number {
  let word = 0;
  for (let place = Math.min(text.length - start, 4) - 1; place >= 0; place -= 1)
    word = (word << 8) | text.charCodeAt(start + place);
  return word;
}

const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;
const lastAscii = 0x7e;
const zero = 0x30;
const maxInt32 = 2 ** 31 - 1;

/** Copying so few bytes one by one takes less time than asking for it. */
export const fewBytes = 48;

const millisecondsOfDay = 86_400_000;

/** An instant that is not among others. */
const lone = new Float64Array(1);

/** Within these, a date has four digits for the year: 0000-01-01 and the end of 9999. */
const firstInstant = -62_167_219_200_000;
const lastInstant = 253_402_300_799_999;

/** A day, by when it begins, and the three words of its text as `"2020-11-11T`. */
interface Day {
  readonly start: number;
  readonly first: number;
  readonly second: number;
  readonly third: number;
}

/** That of the last instant of all answers: most of them, and of their instants, are of one day. */
let lastDay: Day = { start: NaN, first: 0, second: 0, third: 0 };

function dayOf(value: number): Day {
  const text = `"${new Date(value).toISOString()}`;
  return {
    start: Math.floor(value / millisecondsOfDay) * millisecondsOfDay,
    first: wordOf(text, 0),
    second: wordOf(text, 4),
    third: wordOf(text, 8),
  };
}

/** No number that JavaScript writes is longer, and no instant; what reaches beyond it is within. */
export const longestNumber = 32;

/** Bytes that are written four by four reach so far beyond their end. */
export const wordReach = 3;

const colonBehindTwo = 0x3a << 16;
const pointBehindTwo = 0x2e << 16;
const zuluBehindThree = 0x5a << 24;

/** Bytes of an answer, as they are written one after another. */
export class AnswerBuffer {
  /** May hold more than was written, which nobody must see. */
  bytes: Buffer;
  readonly memory: ReusedMemory;
  /** How many bytes there is room for. */
  private size: number;
  private view: DataView;
  /** How many bytes were written. */
  at = 0;
  /** Its own, since what a module has takes longer to read. */
  private day = lastDay;

  constructor(size: number, memory: ReusedMemory) {
    this.memory = memory;
    this.bytes = memory.take(size);
    this.size = this.bytes.length;
    this.view = viewOf(this.bytes);
  }

  /** Makes room for more bytes. */
  ensure(count: number): void {
    if (this.at + count <= this.size) return;
    const smaller = this.bytes;
    const larger = this.memory.take(Math.max(smaller.length * 2, this.at + Math.ceil(count)));
    smaller.copy(larger, 0, 0, this.at);
    this.bytes = larger;
    this.size = larger.length;
    this.memory.giveBack(smaller);
    this.view = viewOf(larger);
  }

  /** Takes off what was written from `start` on. */
  takeOff(start: number): Uint8Array {
    const piece = Uint8Array.prototype.slice.call(this.bytes, start, this.at);
    this.at = start;
    return piece;
  }

  byte(byte: number): void {
    this.ensure(1);
    this.putByte(byte);
  }

  raw(source: Uint8Array): void {
    this.piece(source, 0, source.length);
  }

  /** Bytes of a source from `start` up to, but not including, `end`. */
  piece(source: Uint8Array, start: number, end: number): void {
    // What is not there would be what the memory holds of others.
    if (end > source.length) throw new RangeError('There are not so many bytes.');
    this.ensure(end - start);
    this.putPiece(source, start, end);
  }

  chunk(chunk: Chunk): void {
    this.ensure(chunk.length + wordReach);
    this.putChunk(chunk);
  }

  /** The ones that put something take it that there is room, and three bytes more. */
  putByte(byte: number): void {
    this.bytes[this.at] = byte;
    this.at += 1;
  }

  putChunk({ words, count, length }: Chunk): void {
    const { view, at } = this;
    // What is written beyond its end is written over by what comes next.
    for (let index = 0; index < count; index += 1) view.setInt32(at + index * 4, words[index] ?? 0, true);
    this.at = at + length;
  }

  putPiece(source: Uint8Array, start: number, end: number): void {
    const { bytes, at } = this;
    const count = end - start;
    if (count < fewBytes) {
      for (let index = 0; index < count; index += 1) bytes[at + index] = source[start + index] ?? 0;
    } else bytes.set(source.subarray(start, end), at);
    this.at = at + count;
  }

  /** The same four by four. The source must have three bytes more behind them. */
  putWords(source: DataView, start: number, end: number): void {
    const { view, at } = this;
    for (let from = start; from < end; from += 4)
      view.setInt32(at + from - start, source.getInt32(from, true), true);
    this.at = at + end - start;
  }

  /** A text with its quotes. */
  text(value: string): void {
    const count = value.length;
    this.ensure(count + 2);
    const { bytes } = this;
    let at = this.at;
    bytes[at++] = quote;
    for (let index = 0; index < count; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit < space || unit > lastAscii || unit === quote || unit === backslash) {
        this.json(JSON.stringify(value));
        return;
      }
      bytes[at++] = unit;
    }
    bytes[at] = quote;
    this.at = at + 1;
  }

  /** A text that is JSON already. */
  json(text: string): void {
    const size = Buffer.byteLength(text);
    this.ensure(size);
    this.at += this.bytes.write(text, this.at);
  }

  /** A whole number. */
  integer(value: number): void {
    this.ensure(longestNumber);
    this.putInteger(value);
  }

  putInteger(value: number): void {
    if (value >= 0 && value < 10) this.putByte(zero + value);
    else if (value >= 0 && value <= maxInt32) {
      let count = 2;
      for (let limit = 100; value >= limit; limit *= 10) count += 1;
      this.putDigits(value, count);
    } else this.at += this.bytes.write(String(value), this.at, 'latin1');
  }

  instant(value: number): void {
    this.ensure(longestNumber);
    lone[0] = value;
    this.putInstantAt(lone, 0);
  }

  /**
   * An instant in milliseconds since 1970 as `DateTime` writes it: the same as `Date` does. It is read here, since a
   * double that is handed on takes memory each time.
   */
  putInstantAt(instants: Float64Array, place: number): void {
    const value = instants[place] ?? NaN;
    const ofDay = value - this.day.start;
    if (ofDay >= 0 && ofDay < millisecondsOfDay) this.putTime(ofDay | 0);
    else this.putInstantOfOtherDay(value);
  }

  private putInstantOfOtherDay(value: number): void {
    if (value >= firstInstant && value <= lastInstant) {
      this.day = dayOf(value);
      lastDay = this.day;
      this.putTime(value - this.day.start);
    } else this.at += this.bytes.write(`"${new Date(value).toISOString()}"`, this.at, 'latin1');
  }

  /** An instant of the last day, in milliseconds of that day. */
  private putTime(ofDay: number): void {
    const seconds = (ofDay / 1000) | 0;
    const minutes = (seconds / 60) | 0;
    const hours = (minutes / 60) | 0;
    const { view, day } = this;
    view.setInt32(this.at, day.first, true);
    view.setInt32(this.at + 4, day.second, true);
    view.setInt32(this.at + 8, day.third, true);
    const at = this.at + 12;
    // Each word reaches a byte beyond what it is for, which the next one is written over.
    view.setInt32(at, (twoDigits[hours] ?? 0) | colonBehindTwo, true);
    view.setInt32(at + 3, (twoDigits[minutes - hours * 60] ?? 0) | colonBehindTwo, true);
    view.setInt32(at + 6, (twoDigits[seconds - minutes * 60] ?? 0) | pointBehindTwo, true);
    view.setInt32(at + 9, (threeDigits[ofDay - seconds * 1000] ?? 0) | zuluBehindThree, true);
    this.at = at + 13;
    this.putByte(quote);
  }

  /** What was written, and not a byte more. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }

  /** The last digits of a number that an int holds. */
  private putDigits(value: number, count: number): void {
    const { bytes } = this;
    let rest = value | 0;
    for (let place = this.at + count - 1; place >= this.at; place -= 1) {
      const tenth = (rest / 10) | 0;
      bytes[place] = zero + rest - tenth * 10;
      rest = tenth;
    }
    this.at += count;
  }
}

export function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
