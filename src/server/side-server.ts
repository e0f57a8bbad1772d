import { createServer, type RequestListener } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';

/** A server beside the one of clients: neither their connections nor what they ask can keep anybody from being answered. */
export interface SideServer {
  readonly url: string;
  /** Resolves when it listens no more. */
  close(): Promise<void>;
}

/** Where it is asked. */
export interface SideAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly path: string;
}

/** Those who ask are few, and ask for little: who says nothing takes a place from them for seconds. Milliseconds. */
const shortConnections = {
  maxHeaderSize: 8192,
  headersTimeout: 2000,
  requestTimeout: 5000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
};

const maxConnections = 100;

/** How long nothing may move on a connection: to who takes nothing of an answer, none of the other times applies. */
const silence = 2000;

/** Rejects where it cannot listen. */
export async function startSideServer(
  { host, port, path }: SideAddress,
  answer: RequestListener,
): Promise<SideServer> {
  const server = createServer(shortConnections, answer);
  server.maxConnections = maxConnections;
  server.setTimeout(silence);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: taken } = server.address() as AddressInfo; // A server that listens on a port has an address of this kind.
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${String(taken)}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
