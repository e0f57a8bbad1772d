import { ApolloServer } from '@apollo/server';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import Fastify from 'fastify';
import { schema } from './schema.js';
import { createContext, port } from './upstream.js';

// Apollo Server with Fastify, undici and a DataLoader: what a careful team sets up.

const app = Fastify();
const server = new ApolloServer({ schema, plugins: [fastifyApolloDrainPlugin(app)] });
await server.start();
await app.register(fastifyApollo(server), { context: () => Promise.resolve(createContext()) });
await app.listen({ port, host: '127.0.0.1' });
