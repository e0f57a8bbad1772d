import fc from 'fast-check';
import { getVariableValues, Kind, parse, type OperationDefinitionNode } from 'graphql';
import { expect, it } from 'vitest';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { createVariableReader } from '../../../src/execution/variable-values.ts';

const schema = createExecutableSchema({ node: true, subscription: true });

function operationWith(definitions: string): OperationDefinitionNode {
  const [operation] = parse(`query (${definitions}) { __typename }`).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('It is no operation.');
  return operation;
}

const types = [
  'ID',
  'Int',
  'String',
  'Boolean',
  'Float',
  'DateTime',
  'IpResultStatus',
  'ScopeInput',
  'IpResultFilter',
  '_Any',
];
const withLists = fc
  .constantFrom(...types)
  .chain((name) =>
    fc.constantFrom(name, `${name}!`, `[${name}]`, `[${name}!]`, `[${name}!]!`, `[[${name}]!]`),
  );
const defaults = [
  '',
  ' = null',
  ' = 1',
  ' = "1"',
  ' = true',
  ' = FAILED',
  ' = { bkBizId: "2" }',
  ' = []',
  ' = [1, 2]',
];

const scalar = fc.oneof(
  fc.constantFrom(
    null,
    true,
    '',
    '1',
    'FAILED',
    'SUCCESS',
    'x',
    2 ** 31,
    2 ** 53,
    1.5,
    -0,
    '2020-11-11T03:11:11.000Z',
  ),
  fc.integer({ min: -3, max: 3 }),
);
const object = fc.dictionary(
  fc.constantFrom(
    'bkBizId',
    'bkBizSetId',
    'ip',
    'statusCode',
    'tag',
    'exitCode',
    '__proto__',
    'other',
    'constructor',
  ),
  fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })),
  { maxKeys: 3 },
);
const value = fc.oneof(scalar, object, fc.array(fc.oneof(scalar, object), { maxLength: 3 }));

it('variables become what graphql-js makes of them, or are left to it', () => {
  let read = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(withLists, fc.constantFrom(...defaults)), { minLength: 1, maxLength: 3 }),
      fc.dictionary(fc.constantFrom('v0', 'v1', 'v2', 'unknown'), value, { maxKeys: 4 }),
      (variables, given) => {
        const operation = operationWith(
          variables.map(([type, initial], index) => `$v${String(index)}: ${type}${initial}`).join(', '),
        );
        const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
        const values = createVariableReader(schema)(operation, given);
        if (values === null) return;
        read += 1;
        expect(values).toEqual(coerced);
        expect(Object.keys(values)).toEqual(Object.keys(coerced ?? {}));
      },
    ),
    { numRuns: 3000 },
  );
  expect(read).toBeGreaterThan(300);
});

it('reads what clients send without graphql-js', () => {
  const operation = operationWith(
    '$scope: ScopeInput!, $id: ID!, $status: [IpResultStatus!], $first: Int = 50',
  );
  const given = { scope: { bkBizId: '2' }, id: '10001', status: ['FAILED'] };
  expect(createVariableReader(schema)(operation, given)).toEqual({ ...given, first: 50 });
});
