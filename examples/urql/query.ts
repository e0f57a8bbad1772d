/** urql: a query. */
import { Client, fetchExchange, gql } from '@urql/core';
import { headers, url, variables } from '../service.ts';

const client = new Client({
  url,
  exchanges: [fetchExchange],
  fetchOptions: { headers },
  preferGetMethod: false,
});

const query = gql<{
  jobInstance: { name: string; phase: string; ipResults: { ip: string; status: string }[] } | null;
}>`
  query FailedHosts($scope: ScopeInput!, $job: ID!) {
    jobInstance(scope: $scope, jobInstanceId: $job) {
      name
      phase
      ipResults(phase: FAILED, orderBy: HOST_ASC) {
        ip
        status
      }
    }
  }
`;

const { data, error } = await client.query(query, variables).toPromise();
if (data?.jobInstance) {
  console.log(`${data.jobInstance.name}: ${data.jobInstance.phase}`);
  for (const { ip, status } of data.jobInstance.ipResults) console.log(`  ${ip} ${status}`);
} else {
  // Decide on the code, never on the text.
  console.log(error?.graphQLErrors[0]?.extensions['code'] ?? error?.message);
  process.exitCode = 1;
}
