import type { ApolloServerPlugin } from '@apollo/server';
import type { OperationContext } from '../context/operation-context.ts';

type Plugin = ApolloServerPlugin<OperationContext>;

/** All hooks but the one that is called when a server starts. */
const laterHooks = [
  'requestDidStart',
  'unexpectedErrorProcessingRequest',
  'contextCreationDidFail',
  'invalidRequestWasReceived',
  'startupDidFail',
] as const satisfies readonly (keyof Plugin)[];

/**
 * The plugins, of which those that listen to no request are given up once the server has started: each has a promise
 * made for it in every request, and those that turn off what Apollo Server would do by itself have nothing more to do.
 * Apollo Server keeps the list that it is given.
 */
export function listeningPlugins(plugins: readonly Plugin[]): Plugin[] {
  const asked: Plugin[] = [...plugins];
  asked.push({
    serverWillStart: async () => {
      // It is called while the list is gone through.
      await Promise.resolve();
      const listening = asked.filter((plugin) => laterHooks.some((hook) => hook in plugin));
      asked.splice(0, asked.length, ...listening);
    },
  });
  return asked;
}
