const encoder = new TextEncoder();

/** Bytes of a text that is JSON already. */
export function toBytes(json: string): Uint8Array {
  return encoder.encode(json);
}

/** Bytes that are written often, four by four. */
export interface Chunk {
  readonly words: Uint32Array;
  readonly length: number;
}

/** Makes bytes ready to be written often. */
export function toChunk(...parts: readonly Uint8Array[]): Chunk {
  const bytes = Buffer.concat(parts);
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  const view = new DataView(words.buffer);
  for (const [index, byte] of bytes.entries()) view.setUint8(index, byte);
  return { words: words.map((_word, index) => view.getUint32(index * 4, true)), length: bytes.length };
}

const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;
const lastAscii = 0x7e;
const zero = 0x30;
const maxInt32 = 2 ** 31 - 1;

/** Copying so few bytes one by one takes less time than asking for it. */
const fewBytes = 48;

const millisecondsOfDay = 86_400_000;

/** Within these, a date has four digits for the year: 0000-01-01 and the end of 9999. */
const firstInstant = -62_167_219_200_000;
const lastInstant = 253_402_300_799_999;

/** Bytes of an answer, as they are written one after another. */
export class AnswerBuffer {
  bytes: Buffer;
  private view: DataView;
  /** How many bytes were written. */
  at = 0;
  /** Most instants of an answer are of one day: its number, and `"2020-11-11T`. */
  private day = NaN;
  private readonly dayText = new Uint8Array(12);

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
    this.view = viewOf(this.bytes);
  }

  /** Makes room for more bytes. */
  ensure(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + Math.ceil(count)));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
    this.view = viewOf(larger);
  }

  byte(byte: number): void {
    this.ensure(1);
    this.bytes[this.at] = byte;
    this.at += 1;
  }

  chunk({ words, length }: Chunk): void {
    // What is written beyond the end is written over by what comes next.
    this.ensure(length + 3);
    const { view, at } = this;
    for (let index = 0; index < words.length; index += 1)
      view.setUint32(at + index * 4, words[index] ?? 0, true);
    this.at = at + length;
  }

  raw(source: Uint8Array): void {
    this.piece(source, 0, source.length);
  }

  /** Bytes of a source from `start` up to, but not including, `end`. */
  piece(source: Uint8Array, start: number, end: number): void {
    const count = end - start;
    this.ensure(count);
    const { bytes, at } = this;
    if (count < fewBytes) {
      for (let index = 0; index < count; index += 1) bytes[at + index] = source[start + index] ?? 0;
    } else bytes.set(source.subarray(start, end), at);
    this.at = at + count;
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
    if (!(value >= 0 && value <= maxInt32)) {
      this.json(String(value));
      return;
    }
    let count = 1;
    for (let limit = 10; value >= limit; limit *= 10) count += 1;
    this.ensure(count);
    this.digits(value, count);
  }

  /** An instant in milliseconds since 1970 as `DateTime` writes it: the same as `Date` does. */
  instant(value: number): void {
    if (!(value >= firstInstant && value <= lastInstant)) {
      this.text(new Date(value).toISOString());
      return;
    }
    const day = Math.floor(value / millisecondsOfDay);
    if (day !== this.day) {
      encoder.encodeInto(`"${new Date(value).toISOString()}`, this.dayText);
      this.day = day;
    }
    this.ensure(26);
    this.piece(this.dayText, 0, 12);
    const ofDay = value - day * millisecondsOfDay;
    const seconds = Math.floor(ofDay / 1000);
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    this.digits(hours, 2);
    this.bytes[this.at++] = 0x3a;
    this.digits(minutes - hours * 60, 2);
    this.bytes[this.at++] = 0x3a;
    this.digits(seconds - minutes * 60, 2);
    this.bytes[this.at++] = 0x2e;
    this.digits(ofDay - seconds * 1000, 3);
    this.bytes[this.at++] = 0x5a;
    this.bytes[this.at++] = quote;
  }

  /** What was written. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }

  /** The last digits of a number that an int holds; there must be room for them. */
  private digits(value: number, count: number): void {
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

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
