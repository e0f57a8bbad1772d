import type { UserProof } from '../domain/caller.ts';
import { JobApiError } from '../domain/errors.ts';
import { proofKindOf, toUserProof } from './user-proof.ts';

/** A proof has 4096 characters at most; JSON may write each of them as an escape of six. */
const maxLength = 6 * 4096 + 100;

/**
 * Reads the header X-Bkapi-Authorization of a caller: a JSON object with one proof of who the user is, and nothing
 * else. What names an application or a user is refused by name: this service brings its own application, and who
 * asks is what the proof says. Throws BAD_USER_INPUT without repeating a value.
 */
export function parseAuthorization(header: string): UserProof {
  const [, name = '', value] = plainForm.exec(header) ?? [];
  return value === undefined ? parseAnyForm(header) : toProof(name, value);
}

/** As nearly all write it: one proof, without white space or escapes. Nothing else that JSON can be is of this form. */
const plainForm = /^\{"(bk_token|bk_ticket|access_token)":"([\x21\x23-\x5b\x5d-\x7e]{1,4096})"\}$/;

function parseAnyForm(header: string): UserProof {
  const members = Object.entries(parseObject(header));
  const [first, ...others] = members.map(([name, value]) => toProof(name, value));
  if (first === undefined || others.length > 0 || countMembers(header) !== 1) {
    throw fault('must hold exactly one of bk_token, bk_ticket and access_token, once');
  }
  return first;
}

function toProof(name: string, value: unknown): UserProof {
  const kind = proofKindOf(name);
  if (kind !== null) return toUserProof(kind, value);
  throw fault(`must not hold ${/^[a-z_]{1,40}$/.test(name) ? name : 'any other member'}`);
}

function parseObject(header: string): object {
  if (header.length > maxLength) throw fault('is too long');
  try {
    const content: unknown = JSON.parse(header);
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content;
  } catch {
    // What does not parse is refused like any other text that is no object: the parser's own words repeat the text.
  }
  throw fault('must be a JSON object');
}

/**
 * How many members the text itself has: JSON.parse keeps only the last of those of one name. Values are all texts by
 * now, so each text is matched whole, once, and those before a colon are names.
 */
function countMembers(header: string): number {
  return [...header.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length;
}

function fault(what: string): JobApiError {
  return new JobApiError('BAD_USER_INPUT', `The header X-Bkapi-Authorization ${what}.`);
}
