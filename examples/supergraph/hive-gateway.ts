import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { identityHeaders, pickHeaders, type StartGateway } from './gateway.ts';

/**
 * Without `cache: false` it remembers entities for as long as a stream lasts, and messages tell the hosts of the first one.
 * Its types know the other option alone, which is as it would be.
 */
const batching = { cache: false, maxBatchSize: Infinity };

/** Of its own it asks for streams by GET, and a service in production answers nothing that stands in a URL. */
const transports = { '*': { options: { method: 'POST' } } } as const;

/** Hive Gateway, as a library: queries, entities and subscriptions. */
export const startHiveGateway: StartGateway = async ({
  supergraphSdl,
  forward = identityHeaders,
  port = 0,
}) => {
  const runtime = createGatewayRuntime({
    supergraph: supergraphSdl,
    logging: false,
    transportEntries: transports,
    __experimental__batchDelegateOptions: batching,
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
