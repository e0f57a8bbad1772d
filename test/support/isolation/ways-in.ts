import { byApolloServer, byPipeline } from './in-process.ts';
import type { OpenWay } from './open-world.ts';
import { byHttp } from './over-sockets.ts';
import { byWebSocket } from './over-websocket.ts';

/** A way into the service, and how often it is tried: with the other tests, with each landing, and for a release. */
export interface ListedWay {
  readonly name: string;
  readonly open: OpenWay;
  readonly trials: { readonly test: number; readonly ci: number; readonly long: number };
}

/** Every way in. */
export const waysIn: readonly ListedWay[] = [
  {
    name: 'Apollo Server',
    open: byApolloServer(),
    trials: { test: 3000, ci: 100_000, long: 500_000 },
  },
  {
    name: 'the pipeline',
    open: byPipeline(),
    trials: { test: 3000, ci: 100_000, long: 500_000 },
  },
  {
    name: 'HTTP',
    open: byHttp(),
    trials: { test: 500, ci: 10_000, long: 100_000 },
  },
  {
    name: 'WebSocket',
    open: byWebSocket(),
    trials: { test: 200, ci: 2000, long: 20_000 },
  },
];
