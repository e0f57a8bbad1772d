import { shortestRun } from '../../secrets/secret-search.ts';

/** Whether a text holds a part of what must not be told. */
export type HoldsSecret = (text: string) => boolean;

/** A text of bk-job as it may be told: cut where it is long; null where that much of it holds a secret. */
export function shownText(
  text: string,
  { maxLength, holdsSecret }: { readonly maxLength: number; readonly holdsSecret: HoldsSecret },
): string | null {
  // What the cut goes through is a part of a secret still.
  if (holdsSecret(text.slice(0, maxLength + shortestRun - 1))) return null;
  const isHalved = text.length > maxLength && isFirstHalf(text.charCodeAt(maxLength - 1));
  return text.slice(0, isHalved ? maxLength - 1 : maxLength);
}

/** Characters beyond the first 65,536 take two units, of which none is a character by itself. */
function isFirstHalf(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
