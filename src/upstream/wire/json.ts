import { ExactReader } from './exact-reader.ts';
import { WireFormatError } from './wire-format-error.ts';

/** JSON as it was sent: a whole number of up to 20 digits that a double does not hold is a bigint. */
export type WireValue =
  null | boolean | number | bigint | string | readonly WireValue[] | { readonly [member: string]: WireValue };

/** A JSON object. Members are its own: `__proto__` in the text is a member like any other. */
export type WireObject = { readonly [member: string]: WireValue };

/** A double holds every whole number of 15 digits. */
const safeDigits = 15;

const quote = 0x22;
const backslash = 0x5c;
const zero = 0x30;
const nine = 0x39;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads JSON without losing a digit. The exact reader is several times slower than the built-in one, so it is used
 * only where a scan of the bytes finds a number that may need it. Throws `WireFormatError`.
 */
export function parseWireJson(bytes: Uint8Array): WireValue {
  try {
    if (hasLongNumber(bytes)) return new ExactReader(bytes).read();
    const value: unknown = JSON.parse(strictUtf8.decode(bytes));
    return value as WireValue;
  } catch {
    throw new WireFormatError('The body is not JSON.');
  }
}

/** Whether digits outside of texts come in a run that a double may not hold. */
export function hasLongNumber(bytes: Uint8Array): boolean {
  return hasLongRun(bytes) && hasLongRunOutsideTexts(bytes);
}

/** The same, in texts too. So long a run has a digit at one of these places, so that few bytes are looked at. */
function hasLongRun(bytes: Uint8Array): boolean {
  for (let place = safeDigits; place < bytes.length; place += safeDigits + 1) {
    if (!isDigit(bytes[place])) continue;
    let start = place;
    while (start > 0 && isDigit(bytes[start - 1])) start -= 1;
    let end = place + 1;
    while (end < bytes.length && isDigit(bytes[end])) end += 1;
    if (end - start > safeDigits) return true;
  }
  return false;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

function hasLongRunOutsideTexts(bytes: Uint8Array): boolean {
  let run = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= zero && byte <= nine) {
      run += 1;
      if (run > safeDigits) return true;
      continue;
    }
    run = 0;
    if (byte === quote) at = endOfText(bytes, at);
  }
  return false;
}

/** Where the text that begins at a quote ends. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === backslash) at += 1;
    else if (bytes[at] === quote) return at;
  }
  return bytes.length;
}
