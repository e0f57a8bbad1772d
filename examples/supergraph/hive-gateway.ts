import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { identityHeaders, pickHeaders, type StartGateway } from './gateway.ts';

/** Hive Gateway, as a library: queries, entities and subscriptions. */
export const startHiveGateway: StartGateway = async ({
  supergraphSdl,
  forward = identityHeaders,
  port = 0,
}) => {
  const runtime = createGatewayRuntime({
    supergraph: supergraphSdl,
    logging: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => pickHeaders(forward, (name) => request.headers.get(name)),
    },
  });
  const server = createServer((request, response) => void runtime(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(taken)}/graphql`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await runtime[Symbol.asyncDispose]();
    },
  };
};
