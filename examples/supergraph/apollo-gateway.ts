import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { identityHeaders, pickHeaders, type StartGateway } from './gateway.ts';

interface ClientContext {
  readonly forwarded?: Readonly<Record<string, string>>;
}

/** Apollo Gateway: queries and entities. It has no subscriptions. */
export const startApolloGateway: StartGateway = async ({
  supergraphSdl,
  forward = identityHeaders,
  port = 0,
}) => {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ url = '' }) =>
      new RemoteGraphQLDataSource<ClientContext>({
        url,
        willSendRequest: ({ request, context }) => {
          const { forwarded = {} } = context as ClientContext;
          for (const [name, value] of Object.entries(forwarded)) request.http?.headers.set(name, value);
        },
      }),
  });
  const server = new ApolloServer<ClientContext>({
    gateway,
    logger: silentLogger,
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port },
    context: ({ req }) =>
      Promise.resolve({ forwarded: pickHeaders(forward, (name) => req.headers[name]?.toString() ?? null) }),
  });
  return { url, [Symbol.asyncDispose]: () => server.stop() };
};

const silentLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  return undefined;
}
