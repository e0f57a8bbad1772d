/** Apollo Client: follows a job over multipart HTTP, or over a socket where the second argument is `websocket`. */
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { headers, socketUrl, url, variables } from '../service.ts';

const socket = createClient({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: headers });
const client = new ApolloClient({
  link: process.argv[3] === 'websocket' ? new GraphQLWsLink(socket) : new HttpLink({ uri: url, headers }),
  cache: new InMemoryCache(),
});

const query = gql`
  subscription Follow($scope: ScopeInput!, $job: ID!) {
    jobInstanceUpdated(scope: $scope, jobInstanceId: $job) {
      id
      phase
      finished
    }
  }
`;

interface Update {
  jobInstanceUpdated: { id: string; phase: string; finished: boolean } | null;
}

client.subscribe<Update>({ query, variables }).subscribe({
  next: ({ data, error }) => {
    console.log(data?.jobInstanceUpdated?.phase ?? error?.message);
  },
  error: (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
  complete: () => {
    console.log('over');
    void socket.dispose();
    client.stop();
  },
});
