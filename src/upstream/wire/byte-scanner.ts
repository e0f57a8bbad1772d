/** Says that bytes are not what the scanner reads for sure; the generic reader then reads them all anew. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

// Made once: it is thrown for what is rare, but a client of bk-job can send it often.
const notUnderstood = new NotUnderstood('The bytes are for the generic reader.');

/** Gives up. */
export function giveUp(): never {
  throw notUnderstood;
}

export const quote = 0x22;
const comma = 0x2c;
export const minus = 0x2d;
const point = 0x2e;
export const zero = 0x30;
export const nine = 0x39;
export const colon = 0x3a;
const upperE = 0x45;
export const openBracket = 0x5b;
const backslash = 0x5c;
export const closeBracket = 0x5d;
const lowerE = 0x65;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
const lastAscii = 0x7f;
export const space = 0x20;

const byteOrderMark = [0xef, 0xbb, 0xbf] as const;

/** A double holds every whole number of 15 digits. */
const safeDigits = 15;

/** Beyond, the generic readers run out of stack, each at a depth of its own. */
const usualMaxDepth = 64;

const word = (text: string): Uint8Array => new TextEncoder().encode(text);
const [trueWord, falseWord, nullWord] = ['true', 'false', 'null'].map(word) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

/** Two, three or four bytes of UTF-8 by their first: how many follow, and between what the first of those must lie. */
function followersOf(first: number): readonly [count: number, least: number, most: number] {
  if (first >= 0xc2 && first <= 0xdf) return [1, 0x80, 0xbf];
  if (first >= 0xe0 && first <= 0xef) return [2, first === 0xe0 ? 0xa0 : 0x80, first === 0xed ? 0x9f : 0xbf];
  if (first >= 0xf0 && first <= 0xf4) return [3, first === 0xf0 ? 0x90 : 0x80, first === 0xf4 ? 0x8f : 0xbf];
  return giveUp();
}

/** Characters that may follow a backslash in JSON; `u` stands for itself. */
const escapable: ReadonlySet<number> = new Set(word('"\\/bfnrt'));
const escapeU = 0x75;

/**
 * Reads JSON byte by byte, in one pass and without making anything of it. It knows the whole grammar, but of what it is
 * asked for it reads whole numbers of up to 15 digits, texts and words only: it throws `NotUnderstood` on the rest.
 */
export class ByteScanner {
  readonly bytes: Uint8Array;
  /** How many there are: V8 takes longer to ask bytes for it than to read one of them. */
  readonly size: number;
  /** Where the next byte is. */
  at = 0;
  /** Where the last text, key or whole number that was read begins and ends; without the quotes. */
  start = 0;
  end = 0;

  readonly view: DataView;
  private readonly maxDepth: number;

  constructor(bytes: Uint8Array, maxDepth = usualMaxDepth) {
    this.bytes = bytes;
    this.maxDepth = maxDepth;
    this.size = bytes.length;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Passes the mark that UTF-8 may begin with. */
  passByteOrderMark(): void {
    if (byteOrderMark.every((byte, at) => this.bytes[at] === byte)) this.at = byteOrderMark.length;
  }

  /** The next byte that is no white space, which is not passed; -1 at the end. */
  peek(): number {
    // Reading beyond the end would make this read, and with it everything, slower ever after.
    const byte = this.at < this.size ? (this.bytes[this.at] ?? -1) : -1;
    return byte > space || byte === -1 ? byte : this.peekBehindSpace();
  }

  private peekBehindSpace(): number {
    const { bytes } = this;
    for (; this.at < bytes.length; this.at += 1) {
      const byte = bytes[this.at] ?? -1;
      if (byte !== space && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
    }
    return -1;
  }

  /** Passes a byte that must come next. */
  pass(byte: number): void {
    if (this.peek() !== byte) giveUp();
    this.at += 1;
  }

  /** Goes on in an object or a list: whether there is another member or item. `isFirst` where none was read yet. */
  hasNext(close: number, isFirst: boolean): boolean {
    const byte = this.peek();
    if (byte === close) {
      this.at += 1;
      return false;
    }
    if (!isFirst) {
      if (byte !== comma) giveUp();
      this.at += 1;
    }
    return true;
  }

  /** Passes a key and the colon after it. A key with an escape could be any, and is not understood. */
  passKey(): void {
    if (this.passText()) giveUp();
    this.pass(colon);
  }

  /** Passes a text, and says whether it has escapes. */
  passText(): boolean {
    this.pass(quote);
    const { bytes } = this;
    let at = this.at;
    let hasEscapes = false;
    this.start = at;
    for (;;) {
      const byte = bytes[at] ?? -1;
      if (byte === quote) break;
      if (byte === backslash) {
        at = this.passEscape(at);
        hasEscapes = true;
      } else if (byte > lastAscii) at = this.passCharacter(at);
      else if (byte < space) giveUp();
      else at += 1;
    }
    this.end = at;
    this.at = at + 1;
    return hasEscapes;
  }

  /** Whether the text or key that was read last is another, byte by byte. */
  isRead(text: Uint8Array): boolean {
    const { bytes, start, end } = this;
    if (end - start !== text.length) return false;
    for (let index = 0; index < text.length; index += 1) {
      if (bytes[start + index] !== text[index]) return false;
    }
    return true;
  }

  /** Whether the next thing is null, which is then passed. */
  passNull(): boolean {
    if (this.peek() !== nullWord[0]) return false;
    this.passWord(nullWord);
    return true;
  }

  /** A whole number that a double holds for sure. */
  readInteger(): number {
    const value = this.passInteger();
    if (this.end - this.start > safeDigits) giveUp();
    return value;
  }

  /** Passes a whole number of any length; its value is exact up to 15 digits. */
  passInteger(): number {
    const { bytes } = this;
    const isNegative = this.peek() === minus;
    this.start = this.at;
    const first = isNegative ? this.at + 1 : this.at;
    let at = first;
    let value = 0;
    let byte = bytes[at] ?? -1;
    while (byte >= zero && byte <= nine) {
      value = value * 10 + (byte - zero);
      at += 1;
      byte = bytes[at] ?? -1;
    }
    if (at === first || byte === point || byte === lowerE || byte === upperE) giveUp();
    if (bytes[first] === zero && (at > first + 1 || isNegative)) giveUp();
    this.at = at;
    this.end = at;
    return isNegative ? -value : value;
  }

  /** Passes any value at all. */
  passValue(depth = 0): void {
    const byte = this.peek();
    if (depth > this.maxDepth) giveUp();
    if (byte === quote) this.passText();
    else if (byte === openBrace) {
      this.at += 1;
      for (let isFirst = true; this.hasNext(closeBrace, isFirst); isFirst = false) {
        this.passText();
        this.pass(colon);
        this.passValue(depth + 1);
      }
    } else if (byte === openBracket) {
      this.at += 1;
      for (let isFirst = true; this.hasNext(closeBracket, isFirst); isFirst = false)
        this.passValue(depth + 1);
    } else if (byte === trueWord[0]) this.passWord(trueWord);
    else if (byte === falseWord[0]) this.passWord(falseWord);
    else if (byte === nullWord[0]) this.passWord(nullWord);
    else this.passNumber();
  }

  private passWord(expected: Uint8Array): void {
    for (const byte of expected) {
      if (this.bytes[this.at] !== byte) giveUp();
      this.at += 1;
    }
  }

  private passNumber(): void {
    if (this.bytes[this.at] === minus) this.at += 1;
    const first = this.at;
    const digits = this.passDigits();
    if (digits > 1 && this.bytes[first] === zero) giveUp();
    if (this.bytes[this.at] === point) {
      this.at += 1;
      this.passDigits();
    }
    const byte = this.bytes[this.at];
    if (byte === lowerE || byte === upperE) {
      this.at += 1;
      const sign = this.bytes[this.at];
      if (sign === minus || sign === 0x2b) this.at += 1;
      this.passDigits();
    }
  }

  private passDigits(): number {
    const start = this.at;
    let byte = this.bytes[this.at] ?? -1;
    while (byte >= zero && byte <= nine) {
      this.at += 1;
      byte = this.bytes[this.at] ?? -1;
    }
    return this.at === start ? giveUp() : this.at - start;
  }

  /** Where an escape ends that begins at a backslash. */
  private passEscape(at: number): number {
    const byte = this.bytes[at + 1] ?? -1;
    if (escapable.has(byte)) return at + 2;
    if (byte !== escapeU) giveUp();
    for (let digit = at + 2; digit < at + 6; digit += 1) {
      const hex = (this.bytes[digit] ?? 0) | 0x20;
      if (
        !(hex >= 0x61 && hex <= 0x66) &&
        !((this.bytes[digit] ?? 0) >= zero && (this.bytes[digit] ?? 0) <= nine)
      ) {
        giveUp();
      }
    }
    return at + 6;
  }

  /** Where a character beyond ASCII ends. */
  private passCharacter(at: number): number {
    const [count, least, most] = followersOf(this.bytes[at] ?? 0);
    for (let follower = 1; follower <= count; follower += 1) {
      const byte = this.bytes[at + follower] ?? 0;
      if (byte < (follower === 1 ? least : 0x80) || byte > (follower === 1 ? most : 0xbf)) giveUp();
    }
    return at + count + 1;
  }
}
