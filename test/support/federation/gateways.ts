import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import type { GraphqlAnswer } from '../start-test-service.ts';

/** Headers a gateway has to hand on, so that this subgraph knows who asks, in which tenant and language. */
export const forwardedHeaders: readonly string[] = [
  'x-bkapi-authorization',
  'x-bk-tenant-id',
  'blueking-language',
];

/** A supergraph, and which headers of its clients reach the subgraphs. */
export interface GatewayOptions {
  readonly supergraphSdl: string;
  readonly forward: readonly string[];
}

/** What a client of a gateway asks. */
export interface GatewayRequest {
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A gateway that listens on a free port of 127.0.0.1. */
export interface Gateway extends AsyncDisposable {
  query(request: GatewayRequest): Promise<GraphqlAnswer>;
}

/** Starts a gateway. The caller disposes of it. */
export type StartGateway = (options: GatewayOptions) => Promise<Gateway>;

/** The gateways that schema.md 9 speaks of and that run on Node, by package. */
export const gateways: Readonly<Record<'@apollo/gateway' | '@graphql-hive/gateway-runtime', StartGateway>> = {
  '@apollo/gateway': startApolloGateway,
  '@graphql-hive/gateway-runtime': startHiveGateway,
};

interface ApolloContext {
  readonly forwarded?: Readonly<Record<string, string>>;
}

async function startApolloGateway({ supergraphSdl, forward }: GatewayOptions): Promise<Gateway> {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ url = '' }) =>
      new RemoteGraphQLDataSource<ApolloContext>({
        url,
        willSendRequest: ({ request, context }) => {
          const { forwarded = {} }: ApolloContext = context;
          for (const [name, value] of Object.entries(forwarded)) request.http?.headers.set(name, value);
        },
      }),
  });
  const server = new ApolloServer<ApolloContext>({ gateway, logger: silentLogger });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: ({ req }) =>
      Promise.resolve({ forwarded: pick(forward, (name) => req.headers[name]?.toString() ?? null) }),
  });
  return { query: (request) => post(url, request), [Symbol.asyncDispose]: () => server.stop() };
}

async function startHiveGateway({ supergraphSdl, forward }: GatewayOptions): Promise<Gateway> {
  const runtime = createGatewayRuntime({
    supergraph: supergraphSdl,
    logging: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => pick(forward, (name) => request.headers.get(name)),
    },
  });
  const server = createServer((request, response) => void runtime(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    query: (request) => post(`http://127.0.0.1:${String(port)}/graphql`, request),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await runtime[Symbol.asyncDispose]();
    },
  };
}

const silentLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  return undefined;
}

function pick(names: readonly string[], read: (name: string) => string | null): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = read(name);
      return value === null ? [] : [[name, value] as const];
    }),
  );
}

async function post(url: string, { document, variables, headers }: GatewayRequest): Promise<GraphqlAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify({ query: document, variables }),
  });
  return (await response.json()) as GraphqlAnswer;
}
