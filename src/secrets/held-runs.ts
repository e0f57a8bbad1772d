import { readingsOf } from './readings.ts';
import { shortestRun } from './secret-search.ts';

/** What is shorter is a name or a word, which texts may hold. */
const shortestSecret = 8;

/** Length of the pieces that are looked for first: each run of `shortestRun` holds one that stands at a multiple of it. */
const piece = shortestRun / 2;

/**
 * Whether a text holds a run of a secret, in whatever it is encoded. For a few short texts and a secret that comes with
 * them: what is looked for is not made ready before, as it is for one secret and many texts.
 */
export function holdsRunOf(text: string, secret: string): boolean {
  if (secret.length < shortestSecret) return false;
  return readingsOf(text).some((reading) => sharesRun(reading, secret));
}

function sharesRun(text: string, secret: string): boolean {
  if (secret.length <= shortestRun) return text.includes(secret);
  for (let at = 0; at + piece <= text.length; at += piece) {
    if (secret.includes(text.slice(at, at + piece)) && isWithinRun(text, secret, at)) return true;
  }
  return false;
}

/** Whether a run around the piece at this place is one of the secret's. */
function isWithinRun(text: string, secret: string, at: number): boolean {
  const first = Math.max(0, at - piece);
  for (let start = first; start <= at && start + shortestRun <= text.length; start += 1) {
    if (secret.includes(text.slice(start, start + shortestRun))) return true;
  }
  return false;
}
