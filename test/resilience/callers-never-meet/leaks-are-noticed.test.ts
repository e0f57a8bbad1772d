import { describe, expect, it } from 'vitest';
import { byFollowing } from '../../support/isolation/by-following.ts';
import { posted } from '../../support/isolation/carried-requests.ts';
import { carelessProxies } from '../../support/isolation/careless-proxies.ts';
import { byApolloServer, byPipeline } from '../../support/isolation/in-process.ts';
import { openWorld, type OpenWay } from '../../support/isolation/open-world.ts';
import { byHttp } from '../../support/isolation/over-sockets.ts';
import { seededLeaksOfCaches } from '../../support/isolation/seeded-leaks-of-caches.ts';
import { seededLeaks, seededLeaksOfFollowers } from '../../support/isolation/seeded-leaks.ts';
import { runTrials } from '../../support/isolation/trials.ts';

const seed = 20_261_124;

/** How many trials a leak may take to be noticed. */
const enough = 5000;

async function expectLeaks(open: OpenWay): Promise<void> {
  await using world = await openWorld(open, seed);
  const { leaks } = await runTrials(world, { trials: enough, untilFound: true });
  expect(leaks).not.toEqual([]);
}

describe('a leak is noticed within five thousand trials: by the pipeline and graphql-js,', () => {
  it.each(Object.entries(seededLeaks))('%s', (_guard, spoil) => expectLeaks(byPipeline('graphql-js', spoil)));
});

describe('a leak is noticed within five thousand trials: by Apollo Server and the fast way,', () => {
  it.each(Object.entries(seededLeaks))('%s', (_guard, spoil) =>
    expectLeaks(byApolloServer('the fast way', spoil)),
  );
});

describe('a leak is noticed within five thousand trials: by those who follow,', () => {
  it.each(Object.entries(seededLeaksOfFollowers))('%s', (_guard, spoil) => expectLeaks(byFollowing(spoil)));
});

describe('a leak is noticed within five thousand trials: with a cache, by the pipeline and the fast way,', () => {
  it.each(Object.entries(seededLeaksOfCaches))('%s', (_guard, spoil) =>
    expectLeaks(byPipeline('the fast way', spoil)),
  );
});

describe('a leak is noticed within five thousand trials: at the sockets,', () => {
  it.each(Object.entries(carelessProxies))('%s', (_fault, putBetween) =>
    expectLeaks(byHttp(posted, { putBetween })),
  );
});
