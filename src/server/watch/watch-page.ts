import type { FastifyInstance } from 'fastify';
import { hashSource, registerBuiltPage } from '../built-page.ts';

/** Where the page is served and whom it asks. */
export interface WatchPageOptions {
  /** Path of the page. */
  readonly path: string;
  /** Path of the GraphQL endpoint on the same origin. */
  readonly graphqlPath: string;
  /** Whether the page may be filled in with the demonstration's job and user. */
  readonly embeddedUpstream: boolean;
}

/** The job of the demonstration that never comes to rest. */
const demonstration = {
  scopeKind: 'bkBizId',
  scopeId: '2',
  jobInstanceId: '20000000022',
  token: 'alice',
};

/** Serves the page that follows a job; what is in `page/` is assembled to one file by `npm run build`. */
export function registerWatchPage(app: FastifyInstance, options: WatchPageOptions): void {
  registerBuiltPage(app, {
    path: options.path,
    file: 'watch.html',
    options: {
      endpoint: options.graphqlPath,
      first: options.embeddedUpstream ? demonstration : null,
    },
    policy: (page) => [
      `script-src ${hashSource(page, '<script type="module">', '</script>')}`,
      `style-src ${hashSource(page, '<style>', '</style>')}`,
      'img-src data:',
    ],
  });
}
