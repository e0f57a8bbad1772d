import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where metrics are read. */
export interface MetricsServer {
  readonly url: string;
  /** Resolves when it listens no more. */
  close(): Promise<void>;
}

/** What the metrics are served with. */
export interface MetricsServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly path: string;
  /** Answers whoever asks for health; false, and no answer, where it is not asked for. */
  readonly answerHealth: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly page: () => Promise<string>;
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

/**
 * Serves the metrics on an address of their own, which clients of GraphQL need not reach, and which still answers when
 * their connections are used up. Rejects where it cannot listen.
 */
export async function startMetricsServer({
  host,
  port,
  path,
  answerHealth,
  page,
}: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer(shortConnections, (request, response) => {
    if (answerHealth(request, response)) return;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || request.url?.split('?', 1)[0] !== path) {
      response.writeHead(404).end();
      return;
    }
    page().then(
      (text) => response.writeHead(200, { 'content-type': contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${String((server.address() as AddressInfo).port)}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const contentType = 'text/plain; version=0.0.4; charset=utf-8';
