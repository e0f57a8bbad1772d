import type { FoundSettings } from './model.ts';

/** Paths of the server, whether something is served at each or not. */
export function completePaths(found: FoundSettings['server']): {
  readonly path: string;
  readonly graphiqlPath: string;
  readonly watchPath: string;
} {
  return {
    path: found.path ?? '/graphql',
    graphiqlPath: found.graphiql_path ?? '/graphiql',
    watchPath: found.watch_path ?? '/watch',
  };
}
