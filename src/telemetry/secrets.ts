import { readingsOf, withoutEscapes } from '../secrets/readings.ts';
import { shortestRun } from '../secrets/secret-search.ts';
import type { ArrivedRequest } from '../server/request-observer.ts';

/** Length of the pieces that two texts are first compared by: each run of `shortestRun` that they share holds a whole one. */
const piece = shortestRun / 2;

/**
 * Characters of a text times those of a secret: to look for each piece by itself is the fastest for as many. Beyond that
 * it takes time by the product where somebody means it to, and to go through the secret once does not.
 */
const mostSearched = 2 ** 18;

/**
 * Whether a client's own text, such as a request's number, holds a part of what it sent as a secret, in whatever it may
 * be encoded. A number that does would carry the secret to wherever numbers are written.
 */
export function holdsPartOf(text: string, secret: string): boolean {
  if (text.length < shortestRun) return text.length >= piece && secret.includes(text);
  const readings = readingsOf(text);
  return text.length * secret.length > mostSearched
    ? holdsOneOf(secret, new Set(readings.flatMap(piecesIn)))
    : readings.some((reading) => piecesIn(reading).some((one) => secret.includes(one)));
}

/** Headers that carry sign-ins. Node gives one text for each, however often it came. */
const secretHeaders: readonly string[] = ['x-bkapi-authorization', 'cookie', 'authorization'];

/** Where a request may hold sign-ins. */
type SignInPlaces = Pick<ArrivedRequest, 'headers' | 'firstMessage'>;

/** All headers of a request together have no more characters by default; the first message of a socket may have. */
const longestSignIns = 16 * 1024;

/** Whether a client's own text is a part of what it signs in with: then it is shown nowhere. */
export function holdsPartOfSignIn(text: string, places: SignInPlaces): boolean {
  const signIns = signInsOf(places).join('\n');
  // To look through more for every text would hold the event loop, and what is not looked through may hold it.
  if (signIns.length > longestSignIns) return true;
  // A name or number of its client's holds a sign-in as it is meant, however it is written in the header.
  return holdsPartOf(text, [signIns, ...withoutEscapes(signIns, 1)].join('\n'));
}

/** All that stands where sign-ins do: in headers, and in the first message of a socket by the names of these. */
export function signInsOf({ headers, firstMessage }: SignInPlaces): readonly string[] {
  const inHeaders = secretHeaders.flatMap((name) => headers[name] ?? []);
  return firstMessage === undefined ? inHeaders : [...inHeaders, ...signInsIn(firstMessage)];
}

/** What was found in messages: each is that of all operations of a socket, and may say thousands of other things. */
const foundIn = new WeakMap<object, readonly string[]>();

function signInsIn(firstMessage: Readonly<Record<string, unknown>>): readonly string[] {
  let found = foundIn.get(firstMessage);
  if (found === undefined) {
    found = Object.entries(firstMessage).flatMap(([name, value]) =>
      typeof value === 'string' && secretHeaders.includes(name.toLowerCase()) ? [value] : [],
    );
    foundIn.set(firstMessage, found);
  }
  return found;
}

function piecesIn(text: string): readonly string[] {
  const count = Math.floor(text.length / piece);
  return Array.from({ length: count }, (_piece, at) => text.slice(at * piece, (at + 1) * piece));
}

function holdsOneOf(text: string, pieces: ReadonlySet<string>): boolean {
  for (let at = 0; at + piece <= text.length; at += 1) {
    if (pieces.has(text.slice(at, at + piece))) return true;
  }
  return false;
}

/** What stands in a header beside the punctuation of JSON, cookies and lists; short pieces and names are no secrets. */
export function piecesOf(header: string): readonly string[] {
  const pieces = header.split(/[\s"'\\{}:;,]+|=(?!=*(?:$|[;,\s]))/);
  return pieces.filter((piece) => piece.length >= 8 && !namePattern.test(piece));
}

const namePattern = /^[a-z]+(?:_[a-z]+)*_(?:token|ticket|secret|code)$/;
