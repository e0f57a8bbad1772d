/** What of a JSON text can be seen without reading it. Tells nothing useful of a text that is no JSON. */
export interface JsonScan {
  /** How deep lists and objects stand within each other. */
  readonly depth: number;
  /** Items, members, lists and objects: all that becomes something in memory, give or take one for each list. */
  readonly values: number;
  /** Names of members, in all objects. */
  readonly names: number;
  /** Where numbers begin and end that are beyond those of which a double holds each, in turn. */
  readonly roundedNumbers: readonly (readonly [start: number, end: number])[];
}

/** What a text may hold at most. */
export interface JsonLimits extends Pick<JsonScan, 'depth' | 'values' | 'names'> {
  readonly roundedNumbers: number;
}

const quote = 0x22;
const comma = 0x2c;
const zero = 0x30;
const colon = 0x3a;
const minus = 0x2d;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** A double gives the digits of shorter numbers back as they were. */
const shortestRounded = 16;

/**
 * Looks a JSON text over once, byte by byte: a few milliseconds for a mebibyte. Ends where it holds more of anything than
 * it may, and tells what it held by then.
 */
export function scanJson(bytes: Buffer, most: JsonLimits): JsonScan {
  const roundedNumbers: (readonly [number, number])[] = [];
  let depth = 0;
  let deepest = 0;
  let values = 0;
  let names = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) {
      at = endOfText(bytes, at);
    } else if (isDigit(byte)) {
      const end = endOfNumber(bytes, at);
      if (end - at >= shortestRounded && isRounded(bytes, at, end)) {
        roundedNumbers.push([at > 0 && bytes[at - 1] === minus ? at - 1 : at, end]);
        if (roundedNumbers.length > most.roundedNumbers) break;
      }
      at = end - 1;
    } else if (byte === openBrace || byte === openBracket) {
      values++;
      deepest = Math.max(deepest, ++depth);
      if (values > most.values || deepest > most.depth) break;
    } else if (byte === closeBrace || byte === closeBracket) {
      depth--;
    } else if (byte === comma) {
      values++;
      if (values > most.values) break;
    } else if (byte === colon) {
      names++;
      if (names > most.names) break;
    }
  }
  return { depth: deepest, values, names, roundedNumbers };
}

/** Where the quote stands that ends a text; the last byte of one that does not end. */
function endOfText(bytes: Buffer, start: number): number {
  for (let at = bytes.indexOf(quote, start + 1); at !== -1; at = bytes.indexOf(quote, at + 1)) {
    let backslashes = 0;
    while (bytes[at - 1 - backslashes] === backslash) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return bytes.length;
}

function endOfNumber(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && isPartOfNumber(bytes[at] ?? 0)) at++;
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Digits, the point, the exponent and its sign. */
function isPartOfNumber(byte: number): boolean {
  return isDigit(byte) || byte === 0x2e || byte === 0x45 || byte === 0x65 || byte === 0x2b || byte === minus;
}

const pointOrExponent = /^(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What is no number of JSON or stands where a name should is left as it is for a reader to find out. */
function isRounded(bytes: Buffer, start: number, end: number): boolean {
  if (isName(bytes, end)) return false;
  for (let at = start; at < end; at++) {
    if (!isDigit(bytes[at] ?? 0)) return isLarge(bytes.toString('latin1', start, end));
  }
  if (bytes[start] === zero) return false;
  return end - start > shortestRounded || !Number.isSafeInteger(Number(bytes.toString('latin1', start, end)));
}

/** Whether a number with a point or an exponent is where a double holds only some of the whole numbers. */
function isLarge(number: string): boolean {
  return pointOrExponent.test(number) && Number(number) > Number.MAX_SAFE_INTEGER;
}

function isName(bytes: Buffer, end: number): boolean {
  let at = end;
  while (isBlank(bytes[at] ?? 0)) at++;
  return bytes[at] === colon;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
