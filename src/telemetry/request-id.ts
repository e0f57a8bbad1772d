import { randomBytes } from 'node:crypto';

const idBytes = 16;

/** Random bytes are taken many at a time: a call of the generator costs more than the rest of a number. */
let stock = '';
let at = 0;

/** Makes a number for a request that brought none. Nobody can guess it or know it again. */
export function newRequestId(): string {
  if (at >= stock.length) {
    stock = randomBytes(idBytes * 256).toString('hex');
    at = 0;
  }
  at += idBytes * 2;
  return stock.slice(at - idBytes * 2, at);
}
