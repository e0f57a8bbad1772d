import { describe, expect, it } from 'vitest';
import { carelessProxies } from '../support/isolation/careless-proxies.ts';
import { byApolloServer, byPipeline } from '../support/isolation/in-process.ts';
import { openWorld } from '../support/isolation/open-world.ts';
import { byHttp } from '../support/isolation/over-sockets.ts';
import { seededLeaks } from '../support/isolation/seeded-leaks.ts';
import { runTrials } from '../support/isolation/trials.ts';
import { waysIn } from '../support/isolation/ways-in.ts';

const seed = 20_261_124;

describe('callers that are hard to tell apart', () => {
  it.each(waysIn)(
    'never get what was meant for another by $name, nor what was true before they asked',
    async ({ open, trials }) => {
      await using world = await openWorld(open, seed);
      const { leaks, telling } = await runTrials(world, { trials: trials.test });
      expect(leaks).toEqual([]);
      // An answer that holds nothing of its own caller cannot show that it holds nothing of others.
      expect(telling).toBeGreaterThan(0.95 * trials.test);
    },
  );
});

/** How many trials a leak may take to be noticed. */
const enough = 1000;

describe('a leak is noticed within a thousand trials: by the pipeline,', () => {
  it.each(Object.entries(seededLeaks))('%s', async (_guard, spoil) => {
    await using world = await openWorld(byPipeline(spoil), seed);
    const { leaks } = await runTrials(world, { trials: enough, untilFound: true });
    expect(leaks).not.toEqual([]);
  });
});

describe('a leak is noticed within a thousand trials: by Apollo Server,', () => {
  it.each(Object.entries(seededLeaks))('%s', async (_guard, spoil) => {
    await using world = await openWorld(byApolloServer(spoil), seed + 1);
    const { leaks } = await runTrials(world, { trials: enough, untilFound: true });
    expect(leaks).not.toEqual([]);
  });
});

describe('a leak is noticed within a thousand trials: at the sockets,', () => {
  it.each(Object.entries(carelessProxies))('%s', async (_fault, putBetween) => {
    await using world = await openWorld(byHttp(putBetween), seed);
    const { leaks } = await runTrials(world, { trials: enough, untilFound: true });
    expect(leaks).not.toEqual([]);
  });
});
