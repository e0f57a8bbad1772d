/** Apollo Client: a query, and what its cache makes of ids. */
import {
  ApolloClient,
  ApolloLink,
  gql,
  HttpLink,
  InMemoryCache,
  type TypedDocumentNode,
} from '@apollo/client';
import { headers, url, variables } from '../service.ts';

let requests = 0;
const counting = new ApolloLink((operation, forward) => {
  requests += 1;
  return forward(operation);
});

const client = new ApolloClient({
  link: counting.concat(new HttpLink({ uri: url, headers })),
  // Jobs, steps and hosts have an `id` that stays the same, so the cache keeps one of each without being told how.
  cache: new InMemoryCache(),
});

interface Status {
  jobInstance: {
    id: string;
    name: string;
    phase: string;
    steps: { id: string; name: string; phase: string }[];
  };
}

const query: TypedDocumentNode<Status> = gql`
  query Status($scope: ScopeInput!, $job: ID!) {
    jobInstance(scope: $scope, jobInstanceId: $job) {
      id
      name
      phase
      steps {
        id
        name
        phase
      }
    }
  }
`;

const first = await client.query({ query, variables });
console.log(`${first.data?.jobInstance.name ?? ''}: ${first.data?.jobInstance.phase ?? ''}`);

// The same question again is answered without asking anybody.
await client.query({ query, variables });

// So is another question about something that is in the cache already.
for (const { id } of first.data?.jobInstance.steps ?? []) {
  const step = client.readFragment<{ name: string; phase: string }>({
    id: `StepInstance:${id}`,
    fragment: gql`
      fragment StepPhase on StepInstance {
        name
        phase
      }
    `,
  });
  console.log(`  ${step?.name ?? ''}: ${step?.phase ?? ''}`);
}
console.log(`requests: ${String(requests)}`);
client.stop();
