import type { FastifyInstance } from 'fastify';
import { accountOf, type Identify } from '../identification.ts';
import { Refusal } from '../refusals.ts';
import type { Admission } from './admission.ts';

/** What the gate before the endpoint is made of. */
export interface GateOptions {
  /** Path of the GraphQL endpoint; nothing else is ever turned away. */
  readonly path: string;
  readonly admission: Admission;
  readonly identify: Identify;
}

/**
 * Turns requests away by their heads alone while there is no place for them: what is refused must cost next to nothing,
 * or refusing is what an overloaded service dies of. Which class an operation is of is not known here.
 */
export function turnAwayEarly(app: FastifyInstance, { path, admission, identify }: GateOptions): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const refusal = request.servedPath === path ? admission.refusalOf(accountOf(identify(request))) : null;
    done(refusal === null ? undefined : new Refusal(429, refusal));
  });
}
