import type { Settings } from './config/settings.ts';
import { firstQuery } from './server/explorer/first-operation.ts';
import type { RunningService } from './service.ts';

/** What the start says: where it listens, what upstream it uses, and what to try. */
export function startUpLines(service: RunningService, { server, upstream }: Settings): readonly string[] {
  const { graphqlUrl, graphiqlUrl, simulator } = service;
  const explorers = [
    ...(server.sandbox ? [`  Apollo Sandbox in a browser: ${graphqlUrl}`] : []),
    ...(graphiqlUrl === null ? [] : [`  GraphiQL, without a network: ${graphiqlUrl}`]),
  ];
  if (simulator === null || upstream.kind !== 'embedded') {
    const address = upstream.kind === 'embedded' ? 'embedded' : `${upstream.kind} at ${upstream.baseUrl}`;
    return [`bkjob-graphql listens on ${graphqlUrl}, upstream: bk-job through ${address}`, ...explorers];
  }
  return [
    `bkjob-graphql listens on ${graphqlUrl}, upstream: the embedded bk-job at ${simulator.url} (a demonstration)`,
    ...explorers,
    `  Calls that queries cause: ${simulator.url}/simulator/calls`,
    '  Which hosts failed? Try:',
    `  curl -s ${graphqlUrl} -H 'content-type: application/json' -d '${JSON.stringify({ query: firstQuery })}'`,
  ];
}
