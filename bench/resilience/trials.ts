import type { Trial } from './figure.ts';

/** A trial that can be chosen by the goals whose figures it gives. */
export interface ListedTrial {
  /** Names the file, and the record of a long run. */
  readonly name: string;
  readonly goals: readonly string[];
  readonly load: () => Promise<{ readonly trial: Trial }>;
}

/** Every trial, a line each, in the order in which they are run. */
export const trials: readonly ListedTrial[] = [
  { name: 'g03-isolation', goals: ['G3'], load: () => import('./g03-isolation.ts') },
  { name: 'g11-rolling-restart', goals: ['G11'], load: () => import('./g11-rolling-restart.ts') },
  { name: 'g14-secrets', goals: ['G14'], load: () => import('./g14-secrets.ts') },
];
