import type { IncomingHttpHeaders } from 'node:http';

/** Shortest run of characters that counts as a secret's: what is shorter can be anybody's. */
const shortest = 12;

const blank = '[secret]';

/**
 * The text with all that these secrets can be read from blanked out: as they are, encoded as in a URL, in JSON, in
 * base64 at any place within a longer text, or in hex, whole or their beginning.
 */
export function withoutValues(text: string, secrets: Iterable<string>): string {
  let clean = text;
  for (const secret of secrets) {
    for (const form of formsOf(secret)) {
      if (form.length < shortest) {
        if (form.length > 3) clean = clean.replaceAll(form, blank);
        continue;
      }
      const start = form.slice(0, shortest);
      for (let at = clean.indexOf(start); at >= 0; at = clean.indexOf(start, at + blank.length)) {
        let end = at + start.length;
        while (end - at < form.length && clean[end] === form[end - at]) end += 1;
        clean = `${clean.slice(0, at)}${blank}${clean.slice(end)}`;
      }
    }
  }
  return clean;
}

/** Every way in which texts hold a secret. */
function formsOf(secret: string): ReadonlySet<string> {
  const bytes = Buffer.from(secret);
  return new Set([
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...[0, 1, 2].flatMap((shift) => base64At(bytes, shift)),
  ]);
}

/** Base64 of the bytes as it reads where so many others stand before them: only what no neighbour changes. */
function base64At(bytes: Buffer, shift: number): readonly string[] {
  const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
  const whole = Math.floor(shifted.length / 3) * 4;
  const form = shifted.toString('base64').slice(shift === 0 ? 0 : shift + 1, whole);
  return [form, form.replaceAll('+', '-').replaceAll('/', '_')];
}

/** Length of the pieces that two texts are first compared by: each run of `shortest` that they share holds a whole one. */
const piece = shortest / 2;

/**
 * Whether a client's own text, such as a request's number, holds a part of what it sent as a secret: as it is, or read
 * as base64 or hex. A number that does would carry the secret to wherever numbers are written.
 */
export function holdsPartOf(text: string, secret: string): boolean {
  if (text.length < shortest) return text.length >= piece && secret.includes(text);
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
