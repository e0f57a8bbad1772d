import { HeldHosts } from '../../src/loaders/held-hosts.ts';

/** Room for hosts of a thousand bytes, of which nobody is told. */
export function createHeldHosts(): HeldHosts {
  return new HeldHosts(1000, { refused: () => undefined, gaugeOpened: () => undefined });
}
