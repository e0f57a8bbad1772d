import { ApolloServer, HeaderMap } from '@apollo/server';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerTypeOf, prefersPage } from '../../../src/server/accepted-types.ts';

const pages = { html: '<html></html>' };
const server = new ApolloServer({
  typeDefs: 'type Query { text: String }',
  csrfPrevention: false,
  plugins: [{ serverWillStart: () => Promise.resolve({ renderLandingPage: () => Promise.resolve(pages) }) }],
});
beforeAll(() => server.start());
afterAll(() => server.stop());

/** What Apollo Server makes of an `accept`: the type of its answer, or null. */
async function typeByApollo(accept: string, method: 'GET' | 'POST'): Promise<string | null> {
  const query = '{ __typename }';
  const { status, headers } = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method,
      headers: new HeaderMap([['accept', accept]]),
      body: { query },
      search: `?${new URLSearchParams({ query }).toString()}`,
    },
    context: () => Promise.resolve({}),
  });
  return status === 406 ? null : (headers.get('content-type') ?? null);
}

describe('what a client accepts', () => {
  const type = fc.constantFrom(
    ...['application/json', 'application/graphql-response+json', 'application/*', '*/*', 'text/html'],
    ...['Application/JSON', 'text/*', 'multipart/mixed', 'image/png', 'application', 'text/event-stream'],
  );
  const quality = fc.constantFrom('', '', ';q=0', '; q=0.0', ';q=0.5', ' ; q=0.9', ';q=1', ';Q=0.4');
  const parameter = fc.constantFrom(
    ...['', '', '', ';charset=utf-8', ';charset="UTF-8"', ';charset=utf-16', ';callbackSpec=1.0'],
    ...[';x=y', ';charset=*'],
  );
  const range = fc
    .oneof(fc.tuple(type, quality, parameter), fc.tuple(type, parameter, quality))
    .map((parts) => parts.join(''));
  const accept = fc
    .tuple(fc.array(range, { minLength: 1, maxLength: 5 }), fc.constantFrom(',', ', ', ' , '))
    .map(([ranges, comma]) => ranges.join(comma));

  it('is answered in the type that Apollo Server finds out, or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(accept, async (text) => {
        expect(answerTypeOf(text)).toBe(await typeByApollo(text, 'POST'));
      }),
      { numRuns: 3000 },
    );
  });

  it('is a page for whom Apollo Server shows one', async () => {
    await fc.assert(
      fc.asyncProperty(accept, async (text) => {
        expect(prefersPage(text)).toBe((await typeByApollo(text, 'GET')) === 'text/html');
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['image/png', 'application/json;q=0', 'application/json;q=x', 'json', ','])(
    'is none of the answers that there are for %s',
    (text) => {
      expect(answerTypeOf(text)).toBeNull();
    },
  );

  it('is none of the answers that there are where it is longer than any client has it', () => {
    const longest = `${'a/b,'.repeat(509)}*/*`.padEnd(2048);
    expect(answerTypeOf(longest)).toBe('application/json; charset=utf-8');
    expect(answerTypeOf(`${longest} `)).toBeNull();
    expect(prefersPage(`text/html,${longest}`)).toBe(false);
  });

  it.each([undefined, '', '*/*', 'application/json'])('is nothing to find out for %s', (text) => {
    expect(answerTypeOf(text)).toBe('application/json; charset=utf-8');
    expect(prefersPage(text)).toBe(false);
  });
});
