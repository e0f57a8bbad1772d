import { createServer } from 'node:http';
import { useGraphQlJit } from '@envelop/graphql-jit';
import { createYoga } from 'graphql-yoga';
import { schema } from './schema.js';
import { createContext, port } from './upstream.js';

const yoga = createYoga({
  schema,
  context: () => createContext(),
  graphqlEndpoint: '/graphql',
  logging: false,
  plugins: [useGraphQlJit()],
});
createServer(yoga).listen(port, '127.0.0.1');
