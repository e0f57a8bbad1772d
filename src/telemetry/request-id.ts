import { randomBytes } from 'node:crypto';
import type { ArrivedRequest } from '../server/request-observer.ts';
import { holdsPartOfSignIn } from './secrets.ts';

const idBytes = 16;

/** Random bytes are taken many at a time: a call of the generator costs more than the rest of a number. */
let stock = '';
let at = 0;

/** What clients, gateways and tracers number requests with, and nothing that could break a line or a header. */
const sentPattern = /^[\w.:-]{8,64}$/;

/** The number of a request: the client's own where it sent one that can be shown. */
export function requestIdOf(arrived: ArrivedRequest): string {
  const sentId = arrived.headers['x-request-id'];
  const isTaken =
    typeof sentId === 'string' && sentPattern.test(sentId) && !holdsPartOfSignIn(sentId, arrived);
  return isTaken ? sentId : newRequestId();
}

/** Makes a number for a request that brought none. Nobody can guess it or know it again. */
function newRequestId(): string {
  if (at >= stock.length) {
    stock = randomBytes(idBytes * 256).toString('hex');
    at = 0;
  }
  at += idBytes * 2;
  return stock.slice(at - idBytes * 2, at);
}
