import { byFollowing } from './by-following.ts';
import {
  asEventStream,
  asParts,
  asReferences,
  inUrl,
  posted,
  postedForGraphqlJs,
} from './carried-requests.ts';
import { byApolloServer, byPipeline, type Execution } from './in-process.ts';
import type { OpenWay } from './open-world.ts';
import { byHttp } from './over-sockets.ts';
import { byWebSocket } from './over-websocket.ts';
import { keptShortly, withCache } from './service-parts.ts';
import type { WayIn } from './way-in.ts';

/** A way into the service, and how often it is tried: with the other tests and each landing, and for a release. */
export interface ListedWay {
  readonly name: string;
  /** How what is asked there is executed, or that it is followed. */
  readonly execution: Execution | 'following';
  readonly open: OpenWay;
  readonly trials: { readonly ci: number; readonly long: number };
}

const inProcess = { ci: 50_000, long: 250_000 };
const inProcessWithCache = { ci: 10_000, long: 100_000 };

/** Every way in. */
export const waysIn: readonly ListedWay[] = [
  ...(['the fast way', 'graphql-js'] as const).flatMap((execution): readonly ListedWay[] => [
    { name: `Apollo Server, ${execution}`, execution, open: byApolloServer(execution), trials: inProcess },
    { name: `the pipeline, ${execution}`, execution, open: byPipeline(execution), trials: inProcess },
  ]),
  {
    name: 'HTTP POST, the fast way',
    execution: 'the fast way',
    open: byHttp(posted),
    trials: { ci: 4000, long: 40_000 },
  },
  {
    name: 'HTTP POST, graphql-js',
    execution: 'graphql-js',
    open: byHttp(postedForGraphqlJs),
    trials: { ci: 2000, long: 20_000 },
  },
  {
    name: 'HTTP GET',
    execution: 'the fast way',
    open: byHttp(inUrl),
    trials: { ci: 1500, long: 15_000 },
  },
  {
    name: 'HTTP POST of references to entities',
    execution: 'the fast way',
    open: byHttp(asReferences),
    trials: { ci: 1500, long: 15_000 },
  },
  {
    name: 'server-sent events',
    execution: 'following',
    open: byHttp(asEventStream),
    trials: { ci: 500, long: 5000 },
  },
  {
    name: 'multipart over HTTP',
    execution: 'following',
    open: byHttp(asParts),
    trials: { ci: 500, long: 5000 },
  },
  { name: 'WebSocket', execution: 'following', open: byWebSocket(), trials: { ci: 2000, long: 20_000 } },
  {
    name: 'the pipeline, following',
    execution: 'following',
    open: byFollowing(),
    trials: { ci: 10_000, long: 50_000 },
  },
  {
    name: 'the pipeline, the fast way, with a cache',
    execution: 'the fast way',
    open: byPipeline('the fast way', withCache),
    trials: inProcessWithCache,
  },
  {
    name: 'Apollo Server, graphql-js, with a cache',
    execution: 'graphql-js',
    open: byApolloServer('graphql-js', withCache),
    trials: inProcessWithCache,
  },
  {
    name: 'the pipeline, following, with a cache',
    execution: 'following',
    open: byFollowing(withCache),
    trials: { ci: 2000, long: 20_000 },
  },
  {
    name: 'HTTP POST, with a cache',
    execution: 'the fast way',
    // The least memory that may be set.
    open: byHttp(posted, { cache: { ...keptShortly, maxBytes: 1024 ** 2 } }),
    trials: { ci: 1000, long: 10_000 },
  },
];

/**
 * The share of reads that what is kept has to answer before nothing found says anything. By chance it is 21 % at least;
 * over sockets what is kept is over by the clock of the machine: a slow one finds less of it.
 */
export function leastFound({ inTransit }: Pick<WayIn, 'inTransit'>): number {
  return inTransit ? 0.05 : 0.15;
}
