import { JobApiError } from '../domain/errors.ts';

/** Bounds of the text of an operation, before it is read. */
export interface DocumentLimits {
  readonly maxDocumentBytes: number;
  /** Tokens, which graphql-js counts while it reads, and lines. */
  readonly parserMaxTokens: number;
}

/**
 * Refuses a document before it is read whose size no count of tokens bounds: blanks and comments are none, and to find
 * the place of each error all lines before it are gone through again. Throws OPERATION_TOO_COMPLEX.
 */
export function assertDocumentFits(text: string, limits: DocumentLimits): void {
  const { maxDocumentBytes, parserMaxTokens } = limits;
  // A text has never more characters than bytes, so the longest ones are not even counted.
  if (text.length > maxDocumentBytes || Buffer.byteLength(text) > maxDocumentBytes) {
    throw tooLarge(`${String(maxDocumentBytes)} bytes`);
  }
  if (hasMoreLines(text, parserMaxTokens)) throw tooLarge(`${String(parserMaxTokens)} lines`);
}

function tooLarge(most: string): JobApiError {
  return new JobApiError('OPERATION_TOO_COMPLEX', `A document may have ${most}.`);
}

function hasMoreLines(text: string, most: number): boolean {
  if (text.length < most) return false;
  let lines = 1;
  for (let at = 0; at < text.length && lines <= most; at++) {
    const character = text[at];
    if (character === '\n' || (character === '\r' && text[at + 1] !== '\n')) lines++;
  }
  return lines > most;
}
