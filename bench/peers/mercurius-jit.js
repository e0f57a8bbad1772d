import Fastify from 'fastify';
import mercurius from 'mercurius';
import { schema } from './schema.js';
import { createContext, port } from './upstream.js';

const app = Fastify();
await app.register(mercurius, { schema, jit: 1, context: () => createContext() });
await app.listen({ port, host: '127.0.0.1' });
