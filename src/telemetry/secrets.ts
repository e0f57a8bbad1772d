import { shortestRun } from '../secrets/secret-search.ts';
import type { ArrivedRequest } from '../server/request-observer.ts';

/** Length of the pieces that two texts are first compared by: each run of `shortestRun` that they share holds a whole one. */
const piece = shortestRun / 2;

/**
 * Whether a client's own text, such as a request's number, holds a part of what it sent as a secret: as it is, or read
 * as base64 or hex. A number that does would carry the secret to wherever numbers are written.
 */
export function holdsPartOf(text: string, secret: string): boolean {
  if (text.length < shortestRun) return text.length >= piece && secret.includes(text);
  return (
    sharesRun(text, secret) ||
    sharesRun(Buffer.from(text, 'base64').toString('latin1'), secret) ||
    sharesRun(Buffer.from(text, 'hex').toString('latin1'), secret)
  );
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
  return signIns.length > longestSignIns || holdsPartOf(text, signIns);
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

function sharesRun(text: string, secret: string): boolean {
  for (let at = 0; at + piece <= text.length; at += piece) {
    if (secret.includes(text.slice(at, at + piece))) return true;
  }
  return false;
}

/** What stands in a header beside the punctuation of JSON, cookies and lists; short pieces and names are no secrets. */
export function piecesOf(header: string): readonly string[] {
  const pieces = header.split(/[\s"'\\{}:;,]+|=(?!=*(?:$|[;,\s]))/);
  return pieces.filter((piece) => piece.length >= 8 && !namePattern.test(piece));
}

const namePattern = /^[a-z]+(?:_[a-z]+)*_(?:token|ticket|secret|code)$/;
