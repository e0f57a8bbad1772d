import { createServer } from 'node:http';
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
  /** Path at which it is told, too, that the process lives. */
  readonly healthPath: string;
  readonly page: () => Promise<string>;
}

/**
 * Serves the metrics on an address of their own, which clients of GraphQL need not reach, and which still answers when
 * their connections are used up. Rejects where it cannot listen.
 */
export async function startMetricsServer({
  host,
  port,
  path,
  healthPath,
  page,
}: MetricsServerOptions): Promise<MetricsServer> {
  const server = createServer(
    { maxHeaderSize: 8192, headersTimeout: 5000, requestTimeout: 5000 },
    (request, response) => {
      const isAsked = request.method === 'GET' && request.url?.split('?', 1)[0] === path;
      if (request.method === 'GET' && (request.url === healthPath || request.url === `${healthPath}?live`)) {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"UP"}');
        return;
      }
      if (!isAsked) {
        response.writeHead(404).end();
        return;
      }
      page().then(
        (text) => response.writeHead(200, { 'content-type': contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    },
  );
  server.maxConnections = 100;
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
