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
  '{ node(id: "biz:2:1:75") { id } }',
  '{ _entities(representations: [1, {__typename: "StepInstance", id: "biz:2:1:75"}]) { __typename } }',
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
  '{ node(id: "biz:2:1:75:0/10.0.0.1") { id } }',
  '{ _entities(representations: [{__typename: "JobInstance"}, {__typename: "StepIpResult"}]) { __typename } }',
])('an operation that can is of the class of hosts: %s', (text) => {
  expect(classOf(text, { hosts: true })).toBe('hosts');
});

it('what leads to a host by a variable is of the class of hosts, each time anew', () => {
  const { definitions } = parse(
    'query ($id: ID!, $all: [_Any!]!) { node(id: $id) { id } _entities(representations: $all) { __typename } }',
  );
  const operation = definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)!;
  const ofHosts = (id: string, ...all: unknown[]) =>
    operationClassOf(operation, () => new Map(), { id, all }) === 'hosts';
  expect(ofHosts('biz:2:1')).toBe(false);
  expect(ofHosts('biz:2:1:75:101')).toBe(true);
  expect(ofHosts('biz:2:1', null, { __typename: 'JobInstance' })).toBe(false);
  expect(ofHosts('biz:2:1', { __typename: 'StepIpResult', id: 'x' })).toBe(true);
});
