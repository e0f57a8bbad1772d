import type { IncomingHttpHeaders } from 'node:http';
import { shortestRun } from '../secrets/secret-search.ts';

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
export const secretHeaders = ['x-bkapi-authorization', 'cookie', 'authorization'] as const;

/** Whether a client's own text is a part of what it signs in with: then it is shown nowhere. */
export function holdsPartOfSignIn(text: string, headers: IncomingHttpHeaders): boolean {
  for (const name of secretHeaders) {
    const header = headers[name];
    if (header !== undefined && holdsPartOf(text, String(header))) return true;
  }
  return false;
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
