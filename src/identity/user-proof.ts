import type { UserProof } from '../domain/caller.ts';
import { JobApiError } from '../domain/errors.ts';

const proofKinds: readonly UserProof['kind'][] = ['bk_token', 'bk_ticket', 'access_token'];
const visibleAscii = /^[\x21-\x7e]{1,4096}$/;

/** The kind of proof that a name stands for; null where it stands for none. */
export function proofKindOf(name: string): UserProof['kind'] | null {
  return proofKinds.find((kind) => kind === name) ?? null;
}

/** A proof that can be handed on in a header and in JSON. Throws BAD_USER_INPUT without repeating the value. */
export function toUserProof(kind: UserProof['kind'], value: unknown): UserProof {
  if (typeof value === 'string' && visibleAscii.test(value)) return { kind, value };
  throw new JobApiError('BAD_USER_INPUT', `${kind} must be a text of 1 to 4096 visible ASCII characters.`);
}
