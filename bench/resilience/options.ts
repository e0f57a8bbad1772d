import { parseArgs } from 'node:util';
import type { TrialSize } from './figure.ts';

/** What `npm run resilience` is asked for. */
export interface RunOptions {
  readonly size: TrialSize;
  readonly seed: number;
  /** Goals whose trials are run; all where it is empty. */
  readonly only: readonly string[];
  /** Whether nothing is run, and the document of long runs is written anew from their records. */
  readonly documentOnly: boolean;
}

/** Reads the command line. Throws with a text for whoever typed it. */
export function parseRunOptions(args: readonly string[], goals: readonly string[]): RunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      long: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', multiple: true, default: [] },
      document: { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new TypeError('--seed must be a whole number.');
  const only = values.only.flatMap((list) => list.toUpperCase().split(','));
  const unknown = only.filter((goal) => !goals.includes(goal));
  if (unknown.length > 0) {
    throw new TypeError(`--only knows ${goals.join(', ')}, not ${unknown.join(', ')}.`);
  }
  return { size: values.long ? 'long' : 'ci', seed, only, documentOnly: values.document };
}
