import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { describe, expect, it } from 'vitest';
import type { OperationContext } from '../../../src/context/operation-context.ts';
import { listeningPlugins } from '../../../src/server/listening-plugins.ts';

describe('plugins that listen', () => {
  it('are all that a started server asks, while all are told that it starts', async () => {
    const events: string[] = [];
    const starting: ApolloServerPlugin<OperationContext> = {
      serverWillStart: () => Promise.resolve(void events.push('started')),
    };
    const listening: ApolloServerPlugin<OperationContext> = {
      serverWillStart: () => Promise.resolve(void events.push('started, too')),
      requestDidStart: () => Promise.resolve(void events.push('asked')),
    };
    const plugins = listeningPlugins([ApolloServerPluginCacheControlDisabled(), starting, listening]);
    const server = new ApolloServer<OperationContext>({ typeDefs: 'type Query { text: String }', plugins });
    await server.start();
    await server.executeOperation({ query: '{ text }' });
    expect(events).toEqual(['started', 'started, too', 'asked']);
    expect(plugins).not.toContain(starting);
    expect(plugins).toContain(listening);
  });
});
