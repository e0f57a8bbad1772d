import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Identification } from '../context/operation-context.ts';
import { toJobApiError } from '../domain/errors.ts';
import type { Identity } from '../identity/identity.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined until it is found out. */
    identification: Identification | undefined;
  }
}

/** Tells who sent a request; found out once, however many ask. Never throws. */
export type Identify = (request: FastifyRequest) => Identification;

/** Makes what tells who sent the requests of one server. */
export function createIdentification(app: FastifyInstance, identity: Identity): Identify {
  app.decorateRequest('identification', undefined);
  return (request) => {
    // Null is who did not sign in.
    if (request.identification === undefined) request.identification = identify(identity, request.raw);
    return request.identification;
  };
}

/** Account of a caller; null for all who did not sign in, or not so that it could be right. */
export function accountOf(identification: Identification): string | null {
  return identification === null || identification instanceof Error ? null : identification.account;
}

function identify(identity: Identity, request: FastifyRequest['raw']): Identification {
  try {
    return identity.identify(request);
  } catch (thrown) {
    return toJobApiError(thrown);
  }
}
