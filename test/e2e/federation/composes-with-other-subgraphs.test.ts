import { buildSchema, isObjectType, parse, print, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { cmdbSubgraphSdl } from '../../../examples/supergraph/cmdb-subgraph.ts';
import { composers, type Subgraph } from '../../../examples/supergraph/compose.ts';
import { jobSubgraphSdl } from '../../support/job-subgraph-sdl.ts';

const cmdb: Subgraph = { name: 'cmdb', url: 'http://127.0.0.1:1/cmdb', sdl: cmdbSubgraphSdl };

function jobs(options: { node: boolean }): Subgraph {
  return { name: 'jobs', url: 'http://127.0.0.1:1/graphql', sdl: jobSubgraphSdl(options) };
}

function fieldsOf(schema: GraphQLSchema, type: string): string[] {
  const found = schema.getType(type);
  if (!isObjectType(found)) throw new Error(`The supergraph has no type ${type}.`);
  return Object.keys(found.getFields());
}

const anotherOwnerOfNode: Subgraph = {
  name: 'catalogue',
  url: 'http://127.0.0.1:1/catalogue',
  sdl: /* GraphQL */ `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query {
      node(id: ID!): Node
    }
    interface Node {
      id: ID!
    }
    type Article implements Node @key(fields: "id") {
      id: ID!
    }
  `,
};

describe.each(Object.entries(composers))('%s', (_name, compose) => {
  it.each([{ node: true }, { node: false }])(
    'composes the subgraph alone, node file there: $node',
    (options) => {
      expect(() => compose([jobs(options)])).not.toThrow();
    },
  );

  it.each([{ node: true }, { node: false }])('composes it with a CMDB, node file there: $node', (options) => {
    const supergraph = compose([jobs(options), cmdb]);
    const schema = buildSchema(supergraph, { assumeValidSDL: true });
    expect(fieldsOf(schema, 'Host').sort()).toEqual(['bkHostId', 'name', 'os']);
    expect(fieldsOf(schema, 'JobInstance')).toEqual(
      expect.arrayContaining(['bkBizId', 'steps', 'ipResults']),
    );
    expect(fieldsOf(schema, 'StepIpResult')).toContain('host');
    expect(fieldsOf(schema, 'Subscription')).toEqual(['jobInstanceUpdated']);
    expect(fieldsOf(schema, 'Query').sort()).toEqual(
      [
        'alarm',
        'deployment',
        'deployments',
        'host',
        'jobInstance',
        'jobInstancesById',
        ...(options.node ? ['node'] : []),
        'stepInstance',
        'waitForJobInstance',
      ].sort(),
    );
  });

  it('tells the gateway both keys of a job and of a step, and one of a host result', () => {
    const supergraph = print(parse(compose([jobs({ node: true }), cmdb])));
    for (const key of ['id', 'bkBizId jobInstanceId', 'bkBizId jobInstanceId stepInstanceId']) {
      expect(supergraph).toMatch(new RegExp(`@join__type\\(graph: JOBS, key: "${key}"[,)]`));
    }
    expect(supergraph).toMatch(/@join__type\(graph: JOBS, key: "bkHostId", resolvable: false\)/);
  });

  it('refuses two owners of Query.node, and takes the other one where the file is left out', () => {
    expect(() => compose([jobs({ node: true }), anotherOwnerOfNode])).toThrow(/Query\.node/);
    expect(() => compose([jobs({ node: false }), anotherOwnerOfNode])).not.toThrow();
  });
});

it('links the subgraph to Federation 2.9', () => {
  expect(jobSubgraphSdl({ node: true })).toContain('@link(url: "https://specs.apollo.dev/federation/v2.9"');
});

it('keeps the rule of exactly one scope in the supergraph of the one composer and loses it in the other', () => {
  const subgraphs = [jobs({ node: true }), cmdb];
  expect(composers['@theguild/federation-composition'](subgraphs)).toMatch(/input ScopeInput[^{]*@oneOf/);
  expect(composers['@apollo/composition'](subgraphs)).not.toMatch(/input ScopeInput[^{]*@oneOf/);
});
