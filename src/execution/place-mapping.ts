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

/**
 * Makes what finds places again, for all texts that were rewritten into one. No edit has or takes the end of a line, so
 * everything stays in its line: lines are counted here, for edits, and not for errors, of which there may be thousands.
 */
export function createPlaceMapping(
  rewritten: string,
  edits: readonly Edit[],
): (literals: readonly ScannedLiteral[]) => ToPlaceAsked {
  const source = new Source(rewritten);
  const placed = edits.map(({ start, end, isLiteral }) => {
    const { line, column } = getLocation(source, start);
    return { line, start: column, end: column + end - start, isLiteral };
  });
  return (literals) => (place) => ({
    line: place.line,
    column: place.column + shiftBefore(place, placed, literals),
  });
}

/** An edit by columns of its line. */
interface PlacedEdit extends Edit {
  readonly line: number;
}

/** How much further right something stands in the asked text that stands here in the rewritten one. */
function shiftBefore(
  { line, column }: SourceLocation,
  edits: readonly PlacedEdit[],
  literals: readonly ScannedLiteral[],
): number {
  let shift = 0;
  let literalsBefore = 0;
  for (const edit of edits) {
    const literal = edit.isLiteral ? literals[literalsBefore++] : undefined;
    if (edit.line !== line || edit.start >= column) continue;
    if (column < edit.end) return shift + edit.start - column;
    shift += (literal === undefined ? 0 : literal.end - literal.start) - (edit.end - edit.start);
  }
  return shift;
}
