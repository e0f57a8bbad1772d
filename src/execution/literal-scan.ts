/** A whole number or a plain text among the arguments of a field, where a variable could stand as well. */
export interface ScannedLiteral {
  readonly isText: boolean;
  /** Where it begins and ends in the document, quotes included. */
  readonly start: number;
  readonly end: number;
}

/** A document as far as its literals go. */
export interface LiteralScan {
  /** Equal for documents that are the same but for their literals, and for no others. */
  readonly key: string;
  readonly literals: readonly ScannedLiteral[];
}

/** Each becomes a variable, which is one more to declare, check and coerce. */
const mostLiterals = 128;

/** Stand in keys for what was there; no document that is scanned holds them. */
const numberMark = '\u0001';
const textMark = '\u0002';

/** Control characters, halves of characters, and texts over several lines: such documents are left as they are. */
const leftAlone = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufeff]|"""/;

const quote = 0x22;
const hash = 0x23;
const openParenthesis = 0x28;
const closeParenthesis = 0x29;
const minus = 0x2d;
const at = 0x40;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Finds the literals among the arguments of fields in one pass over the characters; those of directives and defaults
 * of variables stay. Null for a document that is not to be taken apart, or has more of them than can become variables.
 * A document that is no GraphQL may be scanned into anything, but then so are all others of its key.
 */
export function scanLiterals(text: string): LiteralScan | null {
  if (leftAlone.test(text)) return null;
  const literals: ScannedLiteral[] = [];
  const place = createPlace();
  for (let position = 0; position < text.length;) {
    const code = text.charCodeAt(position);
    const end = endOfToken(text, position, code);
    if (end === null) return null;
    if (place.isArgument && (code === quote || code === minus || isDigit(code))) {
      const literal = { isText: code === quote, start: position, end };
      if (isPlain(text, literal) && literals.push(literal) > mostLiterals) return null;
    }
    if (code !== hash) place.pass(code);
    position = end;
  }
  return { key: keyOf(text, literals), literals };
}

interface Place {
  /** Whether what comes next stands among the arguments of a field. */
  readonly isArgument: boolean;
  /** Goes on behind a token that begins with this character. */
  pass(code: number): void;
}

function createPlace(): Place {
  let braces = 0;
  let parentheses = 0;
  let isAfterAt = false;
  let isAfterDirectiveName = false;
  const place = {
    isArgument: false,
    pass: (code: number): void => {
      if (isBlank(code)) return;
      if (code === openParenthesis) {
        // Outside all braces stand variables; behind a directive stand its own arguments.
        if (parentheses++ === 0) place.isArgument = braces > 0 && !isAfterDirectiveName;
      } else if (code === closeParenthesis) {
        if (--parentheses === 0) place.isArgument = false;
      } else if (parentheses === 0) {
        if (code === openBrace) braces++;
        else if (code === closeBrace) braces--;
      }
      isAfterDirectiveName = isAfterAt && isNamePart(code);
      isAfterAt = code === at;
    },
  };
  return place;
}

/** Where the token ends that begins here: a name, a number, a text, a comment, or a single character; null for a text without an end. */
function endOfToken(text: string, start: number, code: number): number | null {
  if (isNamePart(code) || code === minus) {
    let end = start + 1;
    while (end < text.length && isNumberOrNamePart(text.charCodeAt(end))) end++;
    return end;
  }
  if (code === quote) return endOfText(text, start);
  if (code !== hash) return start + 1;
  const rest = text.slice(start);
  const length = rest.search(/[\n\r]/);
  return length === -1 ? text.length : start + length;
}

function endOfText(text: string, start: number): number | null {
  for (let position = start + 1; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (code === quote) return position + 1;
    if (code === 0x5c) position++;
    else if (code === 0x0a || code === 0x0d) return null;
  }
  return null;
}

/** Whether it is a whole number without zeros in front, or a text that means what is written. */
function isPlain(text: string, { isText, start, end }: ScannedLiteral): boolean {
  // Within the text only: a search that goes on to the end of the document is one through all of it for each text.
  if (isText) return !text.slice(start, end).includes('\\');
  const first = start + (text.charCodeAt(start) === minus ? 1 : 0);
  if (first === end || (text.charCodeAt(first) === 0x30 && end > first + 1)) return false;
  for (let position = first; position < end; position++) {
    if (!isDigit(text.charCodeAt(position))) return false;
  }
  return true;
}

function keyOf(text: string, literals: readonly ScannedLiteral[]): string {
  if (literals.length === 0) return text;
  let key = '';
  let position = 0;
  for (const { isText, start, end } of literals) {
    key += text.slice(position, start) + (isText ? textMark : numberMark);
    position = end;
  }
  return key + text.slice(position);
}

/** Blanks, line ends and commas. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x2c || (code >= 0x09 && code <= 0x0d);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isNamePart(code: number): boolean {
  const letter = code | 0x20;
  return isDigit(code) || (letter >= 0x61 && letter <= 0x7a) || code === 0x5f;
}

/** Of numbers also the point and the sign of an exponent. Names have neither, and nothing of theirs follows a name. */
function isNumberOrNamePart(code: number): boolean {
  return isNamePart(code) || code === 0x2e || code === 0x2b || code === minus;
}
