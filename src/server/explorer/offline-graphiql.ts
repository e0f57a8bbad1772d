import type { FastifyInstance } from 'fastify';
import { hashSource, registerBuiltPage } from '../built-page.ts';
import { firstOperation } from './first-operation.ts';

/** Where the page is served and what it asks. */
export interface OfflineGraphiqlOptions {
  /** Path of the page. */
  readonly path: string;
  /** Path of the GraphQL endpoint on the same origin. */
  readonly graphqlPath: string;
  /** Whether the first operation may name the demonstration's job and user. */
  readonly embeddedUpstream: boolean;
}

/** Serves GraphiQL as one page. */
export function registerOfflineGraphiql(app: FastifyInstance, options: OfflineGraphiqlOptions): void {
  registerBuiltPage(app, {
    path: options.path,
    file: 'graphiql.html',
    options: graphiqlOptions(options),
    policy: (page) => [
      `script-src ${hashSource(page, '<script>', '</script>')}`,
      // The editor's workers, and the style elements and attributes that it writes while it runs.
      'worker-src blob:',
      "style-src 'unsafe-inline'",
      'img-src data:',
      'font-src data:',
    ],
  });
}

function graphiqlOptions({
  graphqlPath,
  embeddedUpstream,
}: OfflineGraphiqlOptions): Readonly<Record<string, unknown>> {
  const { document, variables, headers } = firstOperation({ embeddedUpstream });
  return {
    title: 'bkjob-graphql',
    logo: '',
    endpoint: graphqlPath,
    query: document,
    variables: JSON.stringify(variables, null, 2),
    headers: JSON.stringify(headers, null, 2),
    // A token that was typed in must not outlive the page.
    shouldPersistHeaders: false,
  };
}
