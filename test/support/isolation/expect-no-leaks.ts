import { expect } from 'vitest';
import { openWorld } from './open-world.ts';
import { runTrials } from './trials.ts';
import type { CacheLookups } from './way-in.ts';
import { leastFound, type ListedWay } from './ways-in.ts';

const seed = 20_261_124;

/** Tries a way in as often as each landing does, and holds that nobody got what was meant for another. */
export async function expectNoLeaks({ execution, open, trials: { ci: trials } }: ListedWay): Promise<void> {
  await using world = await openWorld(open, seed);
  const { leaks, telling, fast, cacheLookups } = await runTrials(world, { trials });
  expect(leaks).toEqual([]);
  // An answer that holds nothing of its own caller cannot show that it holds nothing of others.
  expect(telling).toBeGreaterThan(0.9 * trials);
  // Errors, and documents seen for the first time, are for graphql-js.
  if (execution === 'the fast way') expect(fast).toBeGreaterThan(0.4 * trials);
  if (execution === 'graphql-js') expect(fast).toBe(0);
  const isAskedAgain = world.way.keepsReads && execution !== 'following';
  if (isAskedAgain) expect(shareFound(cacheLookups)).toBeGreaterThan(leastFound(world.way));
  // Where nothing is kept, and whoever follows: a follower waits for news.
  else expect(cacheLookups.all).toBe(0);
}

/** How much of what was looked for was there. */
function shareFound({ found, all }: CacheLookups): number {
  return found / all;
}
