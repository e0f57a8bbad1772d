/** graphql-sse: follows a job over server-sent events, which pass where sockets do not. */
import { createClient } from 'graphql-sse';
import { headers, url, variables } from '../service.ts';

const client = createClient({ url, headers });

const query = `subscription Follow($scope: ScopeInput!, $job: ID!) {
  jobInstanceUpdated(scope: $scope, jobInstanceId: $job) {
    phase
    steps(phase: [RUNNING, FAILED]) { name phase }
  }
}`;

interface Update {
  jobInstanceUpdated: { phase: string; steps: { name: string; phase: string }[] } | null;
}

for await (const { data, errors } of client.iterate<Update>({ query, variables })) {
  const job = data?.jobInstanceUpdated;
  const steps = job?.steps.map(({ name, phase }) => ` · ${name}: ${phase}`).join('');
  console.log(job ? `${job.phase}${steps ?? ''}` : errors?.[0]?.message);
}
console.log('over');
client.dispose();
