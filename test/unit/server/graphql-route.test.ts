import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { createOperationContext, type OperationContext } from '../../../src/context/operation-context.ts';
import { createPlacesOfErrors } from '../../../src/server/places-of-errors.ts';
import { registerGraphqlRoute } from '../../../src/server/graphql-route.ts';
import { createTestLiveJobs } from '../../support/live/test-live-jobs.ts';
import { uncounted } from '../../support/uncounted.ts';

const fetchJobInstanceStatus = (): Promise<never> => Promise.reject(new Error('Nobody is asked.'));

const context = (): OperationContext =>
  createOperationContext(
    {
      jobApi: { fetchJobInstanceStatus },
      liveJobs: createTestLiveJobs({ fetchJobInstanceStatus }).liveJobs,
      lookAhead: { selectsHostDetail: () => false },
      maxParallelReads: 1,
      jobWebUrl: null,
      report: (error) => {
        throw error;
      },
    },
    { identification: null, signal: new AbortController().signal },
  );

async function serve(
  plugin: ApolloServerPlugin<OperationContext> = {},
  { text = 'grün', untaken = uncounted } = {},
): Promise<FastifyInstance> {
  const server = new ApolloServer<OperationContext>({
    typeDefs: 'type Query { text: String }',
    resolvers: { Query: { text: () => text } },
    plugins: [plugin],
  });
  await server.start();
  const app = Fastify();
  registerGraphqlRoute(app, server, {
    path: '/graphql',
    context,
    parameterize: () => null,
    places: createPlacesOfErrors(),
    untaken,
    hasPage: false,
  });
  return app;
}

const ask = { method: 'POST', url: '/graphql', payload: { query: '{ text }' } } as const;

describe('the route of GraphQL', () => {
  it.each([
    [undefined, 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    ['', 'application/json; charset=utf-8'],
    ['text/html, */*;q=0.1', 'application/json; charset=utf-8'],
    ['Application/JSON ; Charset="UTF-8"', 'application/json; charset=utf-8'],
    ['application/json;q=0.9, application/graphql-response+json;q=0.8', 'application/json; charset=utf-8'],
    ['application/json, application/graphql-response+json;q=0', 'application/json; charset=utf-8'],
    ['application/json;q=0.9, application/*', 'application/graphql-response+json; charset=utf-8'],
    ['application/graphql-response+json, */*;q=0.5', 'application/graphql-response+json; charset=utf-8'],
  ])('answers who accepts %s with %s', async (accept, type) => {
    const app = await serve();
    const response = await app.inject({ ...ask, headers: accept === undefined ? {} : { accept } });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe(type);
    expect(response.json()).toEqual({ data: { text: 'grün' } });
    await app.close();
  });

  it('sends the bytes of a written answer as they are, with their length', async () => {
    const bytes = Buffer.from('{"data":{"text":"grün"}}');
    const app = await serve({
      requestDidStart: () =>
        Promise.resolve({
          responseForOperation: ({ contextValue, response: { http } }) => {
            contextValue.written.bytes = bytes;
            return Promise.resolve({ http, body: { kind: 'single', singleResult: { data: null } } });
          },
        }),
    });
    const response = await app.inject(ask);
    expect(response.rawPayload).toEqual(bytes);
    expect(response.headers['content-length']).toBe(String(bytes.length));
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    await app.close();
  });

  it('counts what it sends by bytes, also where graphql-js made a text', async () => {
    const text = '状'.repeat(20_000);
    const counted: number[] = [];
    const assertRoomFor = (_caller: string | null, bytes: number): void => {
      counted.push(bytes);
    };
    const app = await serve({}, { text, untaken: { ...uncounted, assertRoomFor } });
    const { rawPayload } = await app.inject(ask);
    expect(counted).toEqual([rawPayload.length]);
    expect(rawPayload.length).toBeGreaterThan(60_000);
    await app.close();
  });

  it.each([
    ['POST', 'application/json; a=b   c', undefined],
    ['GET', 'Application/JSON \t; a=b   c', 'application/json'],
  ] as const)('hands no parameters of a type on: %s of %s', async (method, type, handedOn) => {
    let seen: string | undefined = 'nobody looked';
    const app = await serve({
      requestDidStart: ({ request: { http } }) => {
        seen = http?.headers.get('content-type');
        return Promise.resolve();
      },
    });
    const headers = { 'content-type': type, 'apollo-require-preflight': '1' };
    const { statusCode } = await app.inject(
      method === 'GET' ? { url: '/graphql?query={text}', headers } : { ...ask, headers },
    );
    expect({ statusCode, seen }).toEqual({ statusCode: 200, seen: handedOn });
    await app.close();
  });

  it.each(['text/html', `application/json${' '.repeat(300)}x`])(
    'reads no GET of type %.30s',
    async (type) => {
      const app = await serve();
      const headers = { 'content-type': type, 'apollo-require-preflight': '1' };
      expect((await app.inject({ url: '/graphql?query={text}', headers })).statusCode).toBe(415);
      await app.close();
    },
  );

  it('lets no page make a browser ask by a GET', async () => {
    const app = await serve();
    expect((await app.inject('/graphql?query={text}')).statusCode).toBe(400);
    const headers = { 'apollo-require-preflight': '1' };
    const response = await app.inject({ url: '/graphql?query={text}', headers });
    expect(response.json()).toEqual({ data: { text: 'grün' } });
    await app.close();
  });
});
