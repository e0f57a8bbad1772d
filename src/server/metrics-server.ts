import type { IncomingMessage, ServerResponse } from 'node:http';
import { startSideServer, type SideAddress, type SideServer } from './side-server.ts';

/** What the metrics are served with. */
export interface MetricsServerOptions extends SideAddress {
  /** Answers whoever asks for health; false, and no answer, where it is not asked for. */
  readonly answerHealth: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly page: () => Promise<string>;
}

/** Serves the metrics on an address of their own, which clients of GraphQL need not reach. Rejects where it cannot listen. */
export function startMetricsServer(options: MetricsServerOptions): Promise<SideServer> {
  const { path, answerHealth, page } = options;
  return startSideServer(options, (request, response) => {
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
}

const contentType = 'text/plain; version=0.0.4; charset=utf-8';
