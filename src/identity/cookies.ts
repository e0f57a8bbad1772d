import type { UserProof } from '../domain/caller.ts';
import { JobApiError } from '../domain/errors.ts';
import { proofKindOf, toUserProof } from './user-proof.ts';

/**
 * The sign-in of the platform's own pages, from cookies bk_token or bk_ticket; null where there is neither.
 * Throws BAD_USER_INPUT where they sign in differently or hold what no sign-in is.
 */
export function proofFromCookies(cookieHeaders: readonly string[]): UserProof | null {
  const proofs = cookieHeaders.flatMap((header) => header.split(';')).flatMap(toProofs);
  const [first, ...others] = proofs;
  if (first === undefined) return null;
  if (others.some(({ kind, value }) => kind !== first.kind || value !== first.value)) {
    throw new JobApiError('BAD_USER_INPUT', 'The cookies sign in more than once, differently.');
  }
  return first;
}

function toProofs(cookie: string): readonly UserProof[] {
  const separator = cookie.indexOf('=');
  const kind = proofKindOf(cookie.slice(0, Math.max(separator, 0)).trim());
  // access_token is no cookie of the platform (upstream contract 1.3), so one of that name is somebody else's.
  if (kind === null || kind === 'access_token') return [];
  return [toUserProof(kind, decode(cookie.slice(separator + 1).trim()))];
}

/** Cookies are percent-encoded once. What cannot be decoded is no sign-in; it is refused as it is. */
function decode(value: string): string | null {
  try {
    return decodeURIComponent(value.replace(/^"(.*)"$/, '$1'));
  } catch {
    return null;
  }
}
