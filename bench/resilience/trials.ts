import type { Trial } from './figure.ts';

/** A trial that can be chosen by the goals whose figures it gives. */
export interface ListedTrial {
  /** Names the file, and the record of a long run. */
  readonly name: string;
  readonly goals: readonly string[];
  /** Counts hold however busy the machine is, so trials of them may run beside each other; times are taken alone. */
  readonly figures: 'counts' | 'times';
  readonly load: () => Promise<{ readonly trial: Trial }>;
}

/** Every trial, in the order of the table. */
export const trials: readonly ListedTrial[] = [
  {
    name: 'g01-upstream-faults',
    goals: ['G1'],
    figures: 'times',
    load: () => import('./g01-upstream-faults.ts'),
  },
  {
    name: 'g09-retry-amplification',
    goals: ['G9'],
    figures: 'counts',
    load: () => import('./g09-retry-amplification.ts'),
  },
  {
    name: 'g15-malformed-identities',
    goals: ['G15'],
    figures: 'times',
    load: () => import('./g15-malformed-identities.ts'),
  },
  {
    name: 'g02-hostile-inputs',
    goals: ['G2'],
    figures: 'times',
    load: () => import('./g02-hostile-inputs.ts'),
  },
  { name: 'g03-isolation', goals: ['G3'], figures: 'counts', load: () => import('./g03-isolation.ts') },
  { name: 'g04-fanout', goals: ['G4'], figures: 'times', load: () => import('./g04-fanout.ts') },
  { name: 'g05-history', goals: ['G5'], figures: 'counts', load: () => import('./g05-history.ts') },
  {
    name: 'g05-replica-kills',
    goals: ['G5'],
    figures: 'counts',
    load: () => import('./g05-replica-kills.ts'),
  },
  { name: 'g07-fault-storm', goals: ['G7'], figures: 'times', load: () => import('./g07-fault-storm.ts') },
  { name: 'g08-overload', goals: ['G8'], figures: 'times', load: () => import('./g08-overload.ts') },
  { name: 'g10-outage', goals: ['G10'], figures: 'times', load: () => import('./g10-outage.ts') },
  { name: 'g10-followers', goals: ['G10'], figures: 'times', load: () => import('./g10-followers.ts') },
  { name: 'g16-large-job', goals: ['G16'], figures: 'times', load: () => import('./g16-large-job.ts') },
  {
    name: 'g17-slow-readers',
    goals: ['G17'],
    figures: 'times',
    load: () => import('./g17-slow-readers.ts'),
  },
  {
    name: 'g11-rolling-restart',
    goals: ['G11'],
    figures: 'counts',
    load: () => import('./g11-rolling-restart.ts'),
  },
  { name: 'g14-secrets', goals: ['G14'], figures: 'counts', load: () => import('./g14-secrets.ts') },
];
