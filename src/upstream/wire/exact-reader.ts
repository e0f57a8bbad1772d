import {
  ByteScanner,
  closeBrace,
  closeBracket,
  colon,
  giveUp,
  openBrace,
  openBracket,
  quote,
} from './byte-scanner.ts';
import type { WireObject, WireValue } from './json.ts';

/** No Java long is longer. Whole numbers beyond are read as doubles, since a bigint of a million digits takes seconds. */
const wholeNumber = /^-?\d{1,20}$/;

/** Reads what JSON.parse reads, and the same but for whole numbers that a double does not hold. */
export class ExactReader {
  readonly #scanner: ByteScanner;
  readonly #bytes: Buffer;
  /** A character for each byte. */
  readonly #characters: string;

  constructor(bytes: Uint8Array) {
    this.#scanner = new ByteScanner(bytes);
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#characters = this.#bytes.toString('latin1');
  }

  /** All of it. Throws on what is no JSON. */
  read(): WireValue {
    this.#scanner.passByteOrderMark();
    const value = this.#readValue();
    if (this.#scanner.peek() !== -1) giveUp();
    return value;
  }

  #readValue(): WireValue {
    const first = this.#scanner.peek();
    if (first === openBrace) return this.#readObject();
    if (first === openBracket) return this.#readList();
    if (first === quote) return this.#readText();
    const start = this.#scanner.at;
    this.#scanner.passValue();
    return toWordOrNumber(this.#characters.slice(start, this.#scanner.at));
  }

  #readObject(): WireObject {
    const members: [string, WireValue][] = [];
    this.#scanner.pass(openBrace);
    for (let isFirst = true; this.#scanner.hasNext(closeBrace, isFirst); isFirst = false) {
      const name = this.#readText();
      this.#scanner.pass(colon);
      members.push([name, this.#readValue()]);
    }
    // To assign __proto__ would not make a member.
    return Object.fromEntries(members);
  }

  #readList(): readonly WireValue[] {
    const items: WireValue[] = [];
    this.#scanner.pass(openBracket);
    for (let isFirst = true; this.#scanner.hasNext(closeBracket, isFirst); isFirst = false) {
      items.push(this.#readValue());
    }
    return items;
  }

  #readText(): string {
    const hasEscapes = this.#scanner.passText();
    const { start, end } = this.#scanner;
    return hasEscapes
      ? String(JSON.parse(this.#bytes.toString('utf8', start - 1, end + 1)))
      : this.#bytes.toString('utf8', start, end);
  }
}

function toWordOrNumber(text: string): WireValue {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return Number.isSafeInteger(number) || !wholeNumber.test(text) ? number : BigInt(text);
}
