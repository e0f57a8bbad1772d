/** urql: follows a job over a socket. */
import { Client, gql, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { headers, socketUrl, url, variables } from '../service.ts';

const socket = createClient({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: headers });
const client = new Client({
  url,
  preferGetMethod: false,
  exchanges: [
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables: values }) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe(
            { query, variables: values },
            {
              next: ({ data = null, errors }) => {
                sink.next({ data, ...(errors && { errors }) });
              },
              error: sink.error,
              complete: sink.complete,
            },
          ),
        }),
      }),
    }),
  ],
});

const query = gql<{ jobInstanceUpdated: { phase: string } | null }>`
  subscription Follow($scope: ScopeInput!, $job: ID!) {
    jobInstanceUpdated(scope: $scope, jobInstanceId: $job) {
      phase
    }
  }
`;

client.subscription(query, variables).subscribe(({ data, error, hasNext }) => {
  if (hasNext) {
    console.log(data?.jobInstanceUpdated?.phase ?? error?.message);
  } else {
    console.log('over');
    void socket.dispose();
  }
});
