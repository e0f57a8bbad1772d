/** graphql-ws: follows a job over a socket, with nothing but the protocol's own client. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { headers, socketUrl, variables } from '../service.ts';

const client = createClient({
  url: socketUrl,
  webSocketImpl: WebSocket,
  // A browser cannot set headers on a socket. What would be a header is said when the connection begins.
  connectionParams: headers,
});

const query = `subscription Follow($scope: ScopeInput!, $job: ID!) {
  jobInstanceUpdated(scope: $scope, jobInstanceId: $job) {
    phase
    ipResultSummary { total succeeded failed }
  }
}`;

interface Update {
  jobInstanceUpdated: {
    phase: string;
    ipResultSummary: { total: number; succeeded: number; failed: number } | null;
  } | null;
}

for await (const { data, errors } of client.iterate<Update>({ query, variables })) {
  const job = data?.jobInstanceUpdated;
  const hosts = job?.ipResultSummary;
  console.log(
    job
      ? `${job.phase} ${String(hosts?.succeeded)}+${String(hosts?.failed)} of ${String(hosts?.total)}`
      : errors?.[0]?.message,
  );
}
console.log('over');
await client.dispose();
