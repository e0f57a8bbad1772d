import { byFollowing } from '../../test/support/isolation/by-following.ts';
import { posted } from '../../test/support/isolation/carried-requests.ts';
import { carelessProxies } from '../../test/support/isolation/careless-proxies.ts';
import { byApolloServer, byPipeline } from '../../test/support/isolation/in-process.ts';
import { openWorld, type OpenWay } from '../../test/support/isolation/open-world.ts';
import { byHttp } from '../../test/support/isolation/over-sockets.ts';
import { seededLeaksOfCaches } from '../../test/support/isolation/seeded-leaks-of-caches.ts';
import { seededLeaks, seededLeaksOfFollowers } from '../../test/support/isolation/seeded-leaks.ts';
import { runTrials, type TrialCount } from '../../test/support/isolation/trials.ts';
import type { WayIn } from '../../test/support/isolation/way-in.ts';
import { leastFound, waysIn, type ListedWay } from '../../test/support/isolation/ways-in.ts';
import type { Figure, Trial } from './figure.ts';

/** G3: callers never meet, and who would let them meet is found out (`reliability.md` 3 and 3.1). */
export const trial: Trial = async ({ size, seed }) => {
  const figures: Figure[] = [await findSeededLeaks(seed)];
  for (const way of waysIn) figures.push(await tryWay(way, way.trials[size], seed));
  return figures;
};

async function tryWay({ name, execution, open }: ListedWay, trials: number, seed: number): Promise<Figure> {
  await using world = await openWorld(open, seed);
  const start = performance.now();
  const count = await runTrials(world, { trials });
  const perSecond = count.trials / ((performance.now() - start) / 1000);
  const telling = count.telling / count.trials;
  const { keepsReads } = world.way;
  return {
    goal: 'G3',
    what: `answers that held what was meant for another, or was ${keepsReads ? 'kept too long' : 'older than the question'}: ${name}`,
    load: `${format(trials)} answers wanted, ${format(count.trials)} looked through, ${format(perSecond)}/s`,
    measured: `${format(count.leaks.length)}; ${boundOf(count)}`,
    wanted: '0, of which 95 % or more show whose they are',
    passed:
      count.leaks.length === 0 &&
      telling >= 0.95 &&
      count.trials >= trials &&
      wasExecutedSo(execution, count) &&
      wasKeptSo(execution, count, world.way),
    note: noteOf(count, telling),
  };
}

/** Errors, and documents seen for the first time, are for graphql-js. */
function wasExecutedSo(execution: ListedWay['execution'], { fast, trials }: TrialCount): boolean {
  if (execution === 'the fast way') return fast > 0.4 * trials;
  return execution === 'following' || fast === 0;
}

/** Where nothing is kept, and by those who follow, nothing is looked for; elsewhere a good part of it is found. */
function wasKeptSo(
  execution: ListedWay['execution'],
  { cacheLookups: { all, found } }: TrialCount,
  way: WayIn,
): boolean {
  return way.keepsReads && execution !== 'following' ? found > leastFound(way) * all : all === 0;
}

/** Where nothing was found in n trials, the share is below 3/n with 95 % confidence. */
function boundOf({ trials, leaks }: TrialCount): string {
  return leaks.length > 0 ? leaks.slice(0, 3).join('; ') : `below ${(3 / trials).toExponential(1)} (95 %)`;
}

function noteOf({ left, fast, trials, cacheLookups: { all, found } }: TrialCount, telling: number): string {
  const kept = all === 0 ? '' : ` ${percent(found / all)} of the reads were answered by what was kept;`;
  return `${percent(telling)} held the digits of whoever asked, ${percent(fast / trials)} were answered the fast way;${kept} ${format(left)} callers left before their answer.`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** How many trials a leak may take to be noticed. */
const enough = 5000;

async function findSeededLeaks(seed: number): Promise<Figure> {
  const spoiled: readonly (readonly [string, OpenWay])[] = [
    ...Object.entries(seededLeaks).flatMap(([name, spoil]): readonly (readonly [string, OpenWay])[] => [
      [`${name} (pipeline)`, byPipeline('graphql-js', spoil)],
      [`${name} (Apollo)`, byApolloServer('the fast way', spoil)],
    ]),
    ...Object.entries(seededLeaksOfFollowers).map(
      ([name, spoil]) => [`${name} (following)`, byFollowing(spoil)] as const,
    ),
    ...Object.entries(seededLeaksOfCaches).map(
      ([name, spoil]) => [`${name} (cache)`, byPipeline('the fast way', spoil)] as const,
    ),
    ...Object.entries(carelessProxies).map(
      ([name, putBetween]) => [`${name} (HTTP)`, byHttp(posted, { putBetween })] as const,
    ),
  ];
  const missed: string[] = [];
  let longest = 0;
  for (const [name, open] of spoiled) {
    await using world = await openWorld(open, seed);
    const { trials, leaks } = await runTrials(world, { trials: enough, untilFound: true });
    if (leaks.length === 0) missed.push(name);
    longest = Math.max(longest, trials);
  }
  return {
    goal: 'G3',
    what: 'guards taken away that were noticed within 5,000 trials',
    load: null,
    measured: `${String(spoiled.length - missed.length)} of ${String(spoiled.length)}, the last after ${String(longest)}`,
    wanted: `${String(spoiled.length)} of ${String(spoiled.length)}`,
    passed: missed.length === 0,
    note: missed.length === 0 ? null : `Missed: ${missed.join('; ')}.`,
  };
}

function format(number: number): string {
  return Math.round(number).toLocaleString('en');
}
