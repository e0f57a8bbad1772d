import { Kind, parse, type FragmentDefinitionNode } from 'graphql';
import { expect, it } from 'vitest';
import { operationClassOf } from '../../../src/execution/operation-class.ts';

function classOf(text: string, variables: Readonly<Record<string, unknown>> = {}) {
  const { definitions } = parse(text);
  const operation = definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)!;
  const fragments = definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  const byName = new Map(fragments.map((one): [string, FragmentDefinitionNode] => [one.name.value, one]));
  return operationClassOf(operation, () => byName, variables);
}

const job = 'jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "1")';

it.each([
  `{ ${job} { name steps { name } } }`,
  '{ __schema { types { name } } }',
  `{ ${job} { ...F } } fragment F on JobInstance { name steps { ...G } } fragment G on StepInstance { name }`,
  `{ ${job} { name ipResultSummary @include(if: false) { total } } }`,
  `query ($hosts: Boolean!) { ${job} { name steps { ipResults @include(if: $hosts) { ip } } } }`,
  `{ ${job} { ...F @skip(if: true) } } fragment F on JobInstance { ipResults { ip } }`,
])('an operation that can have no hosts read is plain: %s', (text) => {
  expect(classOf(text, { hosts: false })).toBe('plain');
});

it('an operation that is held is of a class of its own, whatever it selects', () => {
  const wait = 'waitForJobInstance(scope: {bkBizId: "2"}, jobInstanceId: "1")';
  expect(classOf(`{ ${wait} { phase } }`)).toBe('waiting');
  expect(classOf(`{ ...F } fragment F on Query { ${wait} { ipResultSummary { total } } }`)).toBe('waiting');
  expect(classOf(`{ ${job} { phase } ${wait} @include(if: false) { phase } }`)).toBe('plain');
});

it.each([
  `{ ${job} { ipResultSummary { total } } }`,
  `{ ${job} { steps { ipResultConnection { totalCount } } } }`,
  `{ ${job} { ...F } } fragment F on JobInstance { steps { ipResultGroups(by: STATUS) { count } } }`,
  `query ($hosts: Boolean!) { ${job} { steps { ipResults @include(if: $hosts) { ip } } } }`,
  '{ node(id: "x") { ... on StepIpResult { ip } } }',
  '{ _entities(representations: []) { ...F } } fragment F on StepIpResult { ip }',
])('an operation that can is of the class of hosts: %s', (text) => {
  expect(classOf(text, { hosts: true })).toBe('hosts');
});
