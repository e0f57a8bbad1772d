import { getLocation, Source, type SourceLocation } from 'graphql';
import type { ScannedLiteral } from './literal-scan.ts';

/** A piece of a rewritten text that stands for a literal, or for nothing of the text that was asked. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly isLiteral: boolean;
}

/** From a place in a rewritten text to that in the text that was asked. */
export type ToPlaceAsked = (place: SourceLocation) => SourceLocation;

/** Makes what finds places again, for all texts that were rewritten into one. */
export function createPlaceMapping(
  rewritten: string,
  edits: readonly Edit[],
): (asked: string, literals: readonly ScannedLiteral[]) => ToPlaceAsked {
  return (asked, literals) => {
    const source = new Source(asked);
    return (place) => {
      const offset = offsetOf(rewritten, place);
      return getLocation(source, offset + shiftBefore(offset, edits, literals));
    };
  };
}

/** How much further something stands in the asked text that stands here in the rewritten one. */
function shiftBefore(offset: number, edits: readonly Edit[], literals: readonly ScannedLiteral[]): number {
  let shift = 0;
  let literalsBefore = 0;
  for (const { start, end, isLiteral } of edits) {
    if (offset < end) return offset > start ? shift + start - offset : shift;
    const literal = isLiteral ? literals[literalsBefore++] : undefined;
    shift += (literal === undefined ? 0 : literal.end - literal.start) - (end - start);
  }
  return shift;
}

/** Lines as graphql-js counts them. */
function offsetOf(text: string, { line, column }: SourceLocation): number {
  let lineStart = 0;
  let lines = 1;
  for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r]/g)) {
    if (lines === line) break;
    lineStart = index + end.length;
    lines++;
  }
  return lineStart + column - 1;
}
