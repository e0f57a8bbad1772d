import type { Settings } from './config/settings.ts';
import { connectionsWithin } from './open-files.ts';
import { firstQuery } from './server/explorer/first-operation.ts';
import type { RunningService } from './service.ts';

/** What the start says: where it listens, what upstream it uses, what it cannot do, and what to try. */
export function startUpLines(
  service: RunningService,
  settings: Settings,
  openFiles: number | null,
): readonly string[] {
  const { server, upstream, identity } = settings;
  const { graphqlUrl, graphiqlUrl, watchUrl, metricsUrl, simulator } = service;
  const pages = [
    ...(server.sandbox ? [`  Apollo Sandbox in a browser: ${graphqlUrl}`] : []),
    ...(graphiqlUrl === null ? [] : [`  GraphiQL, without a network: ${graphiqlUrl}`]),
    ...(watchUrl === null ? [] : [`  A page that follows a job: ${watchUrl}`]),
    ...(metricsUrl === null ? [] : [`  Metrics: ${metricsUrl}`]),
    ...fewerConnections(settings, openFiles),
  ];
  if (upstream.kind === 'embedded') {
    const url = simulator?.url ?? '';
    const guest = identity.guestProof;
    return [
      `bkjob-graphql listens on ${graphqlUrl}, upstream: the embedded bk-job at ${url} (a demonstration)`,
      ...pages,
      '  The jobs are invented, and no real bk-job is asked: set BKJOB_GQL__UPSTREAM__KIND for one.',
      `  Calls that queries cause: ${url}/simulator/calls`,
      guest === null
        ? '  Which hosts failed? Try:'
        : `  Which hosts failed? Try (without credentials you ask as ${guest.value}):`,
      curlLine(graphqlUrl, firstQuery, guest === null ? '{"bk_token":"alice"}' : null),
    ];
  }
  return [
    `bkjob-graphql listens on ${graphqlUrl}, upstream: bk-job through ${upstream.kind} at ${upstream.baseUrl}`,
    ...pages,
    '  Fill in your sign-in, a business and a job, and try:',
    curlLine(
      graphqlUrl,
      '{ jobInstance(scope: {bkBizId: ""}, jobInstanceId: "") { name phase } }',
      '{"bk_token":""}',
    ),
  ];
}

/** Nothing where as many connections are taken as were set. */
function fewerConnections({ server, upstream }: Settings, openFiles: number | null): readonly string[] {
  const { maxConnections } = server.connections;
  const taken = connectionsWithin(openFiles, { maxConnections, upstreamConnections: upstream.connections });
  if (taken === maxConnections) return [];
  return [
    `  Connections of clients: ${String(taken)} at most, not ${String(maxConnections)} (server.max_connections), since the process may have ${String(openFiles)} files open (ulimit -n)`,
  ];
}

/** Texts stand between single quotes, of which neither queries nor proofs have one. */
function curlLine(url: string, query: string, authorization: string | null): string {
  const proof = authorization === null ? '' : ` -H 'X-Bkapi-Authorization: ${authorization}'`;
  return `  curl -s ${url} -H 'content-type: application/json'${proof} -d '${JSON.stringify({ query })}'`;
}
