import {
  executeSync,
  getIntrospectionQuery,
  Kind,
  parse,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql';
import { expect, it } from 'vitest';
import { createOperationCost } from '../../../src/execution/operation-cost.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';

const schema = createExecutableSchema({ node: true, subscription: true });
const costOf = createOperationCost(schema);
const mostAllowed = 50_000;

function cost(document: string): number {
  const { definitions } = parse(document);
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const one of definitions) {
    if (one.kind === Kind.OPERATION_DEFINITION) operation = one;
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  }
  return costOf({ operation: operation!, fragments, variables: {} }).cost;
}

function many(count: number, selection: string): string {
  return Array.from({ length: count }, (_, index) => `a${String(index)}: ${selection}`).join(' ');
}

function countObjects(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const below = Object.values(value).reduce<number>((sum, one) => sum + countObjects(one), 0);
  return Array.isArray(value) ? below : 1 + below;
}

it('what tools ask of the schema may be asked', () => {
  const asked = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true });
  expect(cost(asked)).toBeLessThan(mostAllowed);
  expect(cost('{ _service { sdl } }')).toBeLessThan(mostAllowed);
});

it.each([
  `{ __schema { types { ${many(10, `fields { type { ${many(12, 'fields { name }')} } }`)} } } }`,
  `{ __schema { types { ${many(90, 'enumValues { name description }')} } } }`,
  `{ ${many(60, '__schema { types { fields { args { name } } } }')} }`,
  `{ ${many(190, '_service { sdl }')} }`,
  `{ __schema { ${many(30, `types { fields { ${many(220, 'name')} } }`)} } }`,
  `{ __schema { types { fields { ${'a'.repeat(60_000)}: __typename } } } }`,
])('lists within lists of it cost too much: %.60s', (document) => {
  expect(cost(document)).toBeGreaterThan(mostAllowed);
});

it.each([
  `{ __schema { types { ${many(1, `fields { type { ${many(20, 'fields { name }')} } }`)} } } }`,
  `{ __schema { types { ${many(50, 'enumValues { name }')} } } }`,
  `{ ${many(80, '__type(name: "JobInstance") { fields { args { name } } }')} }`,
  `{ __schema { types { fields { ${many(300, 'name')} } } } }`,
  `{ __schema { types { fields { ${'a'.repeat(4000)}: name } } } }`,
])('what may still be asked is not long: %.60s', (document) => {
  expect(cost(document)).toBeLessThan(mostAllowed);
  const { data } = executeSync({ schema, document: parse(document) });
  expect(countObjects(data)).toBeLessThan(15_000);
  expect(JSON.stringify(data).length).toBeLessThan(2_500_000);
});
