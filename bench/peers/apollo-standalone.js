import { RESTDataSource } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { schema } from './schema.js';
import { authorization, port, statusPath, unwrap, UPSTREAM } from './upstream.js';

// Apollo Server with its REST data source, as its documentation has it.

class JobApi extends RESTDataSource {
  baseURL = UPSTREAM;

  willSendRequest(_path, { headers }) {
    headers['X-Bkapi-Authorization'] = authorization;
  }

  async readJob(bizId, jobInstanceId, hosts) {
    return unwrap(await this.get(statusPath(bizId, jobInstanceId, hosts).slice(1)));
  }
}

const server = new ApolloServer({ schema });
await startStandaloneServer(server, {
  listen: { port, host: '127.0.0.1' },
  context: () => {
    const api = new JobApi({ cache: server.cache });
    return Promise.resolve({ readJob: (bizId, id, hosts) => api.readJob(bizId, id, hosts) });
  },
});
