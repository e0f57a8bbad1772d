import type { IncomingMessage } from 'node:http';
import type { Identification } from '../context/operation-context.ts';
import { toJobApiError } from '../domain/errors.ts';
import type { Identity } from '../identity/identity.ts';

/** Tells who sent a request; found out once, however many ask. Never throws. */
export type Identify = (request: IncomingMessage) => Identification;

/** Makes what tells who sent the requests of one server. */
export function createIdentification(identity: Identity): Identify {
  const known = new WeakMap<IncomingMessage, Identification>();
  return (request) => {
    const earlier = known.get(request);
    if (earlier !== undefined) return earlier;
    const identification = identify(identity, request);
    known.set(request, identification);
    return identification;
  };
}

/** Fingerprint of a caller; null for all who did not sign in, or not so that it could be right. */
export function fingerprintOf(identification: Identification): string | null {
  return identification === null || identification instanceof Error ? null : identification.fingerprint;
}

function identify(identity: Identity, { rawHeaders }: IncomingMessage): Identification {
  try {
    return identity.identify({ rawHeaders });
  } catch (thrown) {
    return toJobApiError(thrown);
  }
}
