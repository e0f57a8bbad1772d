import { ByteScanner, closeBrace, colon, giveUp, openBrace, space } from './byte-scanner.ts';
import { memberNames } from './member-names.ts';

/** Nothing of bk-job is nested a tenth as deep, and JSON.parse takes a second for a few million levels. */
const maxDepth = 500;

const readNames = memberNames.map((name) => new TextEncoder().encode(name));

/**
 * JSON with white space in place of each member that nobody reads, but for those within lists. JSON.parse takes three to
 * ten times as long to make objects of as many names or lists, and cannot be divided. Throws `NotUnderstood` on what is
 * no JSON, and on what is nested too deep.
 */
export function withoutUnreadMembers(json: Uint8Array): Uint8Array {
  const scanner = new ByteScanner(json, maxDepth);
  scanner.passByteOrderMark();
  const left = new Uint8Array(json);
  blankUnread(scanner, left, 0);
  if (scanner.peek() !== -1) giveUp();
  return left;
}

/** Passes a value that is read. */
function blankUnread(scanner: ByteScanner, left: Uint8Array, depth: number): void {
  if (depth > maxDepth || scanner.peek() !== openBrace) {
    scanner.passValue(depth);
    return;
  }
  scanner.pass(openBrace);
  let isAnyRead = false;
  let before = scanner.at;
  for (let isFirst = true; scanner.hasNext(closeBrace, isFirst); isFirst = false) {
    const start = scanner.at;
    const isRead = scanner.passText() || readNames.some((name) => scanner.isRead(name));
    scanner.pass(colon);
    if (isRead) {
      // Commas stay before all members that are read but the first.
      if (!isAnyRead) left.fill(space, before, start);
      isAnyRead = true;
      blankUnread(scanner, left, depth + 1);
    } else {
      scanner.passValue(depth + 1);
      left.fill(space, before, scanner.at);
    }
    before = scanner.at;
  }
}
