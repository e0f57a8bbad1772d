import { describe, expect, it } from 'vitest';
import type { Identification, OperationContext } from '../../../src/context/operation-context.ts';
import { createOperationPipeline } from '../../../src/execution/operation-pipeline.ts';
import { RefusedOperation } from '../../../src/execution/refused-operation.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { createGraphqlServer } from '../../../src/server/graphql-server.ts';

const alice: Identification = {
  proof: { kind: 'bk_token', value: 'token of alice' },
  tenantId: null,
  language: null,
  fingerprint: 'fingerprint of alice',
  account: 'fingerprint of alice',
};

const schema = createExecutableSchema({ node: true, subscription: true });

function pipelineWith(introspection: boolean) {
  return createOperationPipeline({
    schema,
    introspection,
    limits: { maxDocumentBytes: 2000, parserMaxTokens: 100, maxCost: 1000 },
    report: (error) => {
      throw error;
    },
  });
}

const job = '(scope: {bkBizId: 2}, jobInstanceId: $job)';

const refused: Readonly<Record<string, { readonly query: string; readonly who?: Identification }>> = {
  'a text that is no GraphQL': { query: '{ jobInstance(' },
  'too many tokens': { query: `{ ${'a: __typename '.repeat(50)} }` },
  'fields that there are none of': { query: `query A($job: ID!) { jobInstance${job} { phas stat } }` },
  'an introspection': { query: '{ __schema { types { name } } }' },
  'the SDL': { query: '{ _service { sdl } }' },
  'nobody who asks': { query: `query A($job: ID! = 1) { jobInstance${job} { name } }`, who: null },
  'variables that do not fit': { query: `query A($job: ID!) { jobInstance${job} { name } }` },
  'a subscription that there is none of': { query: 'subscription { nothing }' },
  'too high a price': {
    query: `query A($job: ID! = 1) { jobInstance${job} { ipResultConnection(first: 1000) { edges { node { ip } } } } }`,
  },
};

describe('one pipeline for every way in', () => {
  it.each(Object.entries(refused))('refuses %s in the same words as Apollo Server', async (_what, asked) => {
    const { query, who = alice } = asked;
    const pipeline = pipelineWith(false);
    const server = createGraphqlServer({ pipeline, plugins: [] });
    const written = { bytes: null, listener: null, charge: null, place: null };
    const contextValue = { identification: who, written } as Partial<OperationContext> as OperationContext;
    const { body } = await server.executeOperation({ query }, { contextValue });
    await server.stop();
    const refusal = await pipeline.prepare({ query }, who).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RefusedOperation);
    const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
    expect(errors?.length).toBeGreaterThan(0);
    expect((refusal as RefusedOperation).errors).toEqual(errors);
  });

  it('refuses a text that is too large before it is read', async () => {
    const refusal = await pipelineWith(true)
      .prepare({ query: `{ __typename } #${'x'.repeat(2000)}` }, alice)
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_TOO_COMPLEX' } }] });
  });

  it('refuses to choose among operations', async () => {
    const refusal = await pipelineWith(true)
      .prepare({ query: 'query A { __typename } query B { __typename }' }, alice)
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] });
  });

  it('gives what runs: the operation that was named, with the values of its variables', async () => {
    const pipeline = pipelineWith(true);
    const query = `query A($job: ID! = 7) { jobInstance${job} { name } } query B { __typename }`;
    const first = await pipeline.prepare({ query, operationName: 'A' }, alice);
    expect(first.operation.name?.value).toBe('A');
    expect(first.variables).toEqual({ job: '7' });
    expect(first.givenVariables).toEqual({});
    const variables = { more: [], job: '8' };
    const asSent = await pipeline.prepare({ query, operationName: 'A', variables }, alice);
    expect(asSent.givenVariables).toEqual({ job: '8' });
    const second = await pipeline.prepare({ query, operationName: 'B' }, alice);
    expect(second.document).toBe(first.document);
  });

  it('tells the schema where it may be told', async () => {
    const { operation } = await pipelineWith(true).prepare(
      { query: '{ __schema { types { name } } }' },
      alice,
    );
    expect(operation.operation).toBe('query');
  });
});
