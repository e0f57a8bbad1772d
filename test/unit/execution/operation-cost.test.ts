import fc from 'fast-check';
import { getVariableValues, Kind, parse, type DocumentNode, type FragmentDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createOperationCost, type Price } from '../../../src/execution/operation-cost.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';

const schema = createExecutableSchema({ node: true, subscription: true });
const costOf = createOperationCost(schema);

/** A text is read once, as by the store of documents: what is kept with it is met again. */
const documents = new Map<string, DocumentNode>();

function price(document: string, given: Readonly<Record<string, unknown>> = {}): Price {
  const known = documents.get(document) ?? parse(document);
  documents.set(document, known);
  const { definitions } = known;
  const operation = definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)!;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions)
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
  return costOf({ operation, fragments, variables: coerced });
}

function cost(document: string, given?: Readonly<Record<string, unknown>>): number {
  return price(document, given).cost;
}

const job = (selection: string) => `jobInstance(scope: {bkBizId: 1}, jobInstanceId: 1) { ${selection} }`;

/** A job is 10 for its read and 1 for itself. */
const jobCost = 11;

describe('an operation costs', () => {
  it.each([
    ['nothing for leaves', '{ __typename }', 0],
    ['its read and its object', `{ ${job('name phase')} }`, jobCost],
    ['each field under another name', `{ a: ${job('name')} b: ${job('name')} }`, 2 * jobCost],
    ['ten steps where nobody knows how many', `{ ${job('steps { name }')} }`, jobCost + 10],
    ['a thousand hosts where nobody says how many', `{ ${job('ipResults { ip }')} }`, jobCost + 10 + 1_000],
    ['as many hosts as are asked for', `{ ${job('ipResults(limit: 5) { ip }')} }`, jobCost + 10 + 5],
    ['none for none', `{ ${job('ipResults(limit: 0) { ip }')} }`, jobCost + 10],
    ['none for fewer than none', `{ ${job('ipResults(limit: -5) { ip }')} }`, jobCost + 10],
    [
      'what is below each host',
      `{ ${job('ipResults(limit: 5) { step { name } host { bkHostId } }')} }`,
      jobCost + 10 + 5 * 3,
    ],
    [
      'a list within each of a list',
      `{ ${job('steps { ipResults(limit: 7) { ip } }')} }`,
      jobCost + 10 * (1 + 10 + 7),
    ],
    [
      'a page by its edges',
      `{ ${job('ipResultConnection(first: 20) { edges { node { ip } } pageInfo { endCursor } }')} }`,
      jobCost + 10 + 1 + 20 * 2 + 1,
    ],
    [
      'a page of the size that it has if none is given',
      `{ ${job('ipResultConnection { edges { cursor } }')} }`,
      jobCost + 10 + 1 + 100,
    ],
    [
      'groups by their limit',
      `{ ${job('ipResultGroups(limit: 3) { ipResults(limit: 2) { ip } }')} }`,
      jobCost + 10 + 3 * (1 + 2),
    ],
    [
      'fifty reads for a lookup of several',
      '{ jobInstancesById(scope: {bkBizId: 1}, jobInstanceIds: [1]) { jobInstanceId } }',
      500,
    ],
    ['a read for a node', '{ node(id: "biz:1:1") { id } }', 11],
    [
      'what a node may turn out to be',
      '{ node(id: "x") { ... on JobInstance { steps { name } } ... on Node { id } } }',
      11 + 10,
    ],
    [
      'a read for each reference',
      '{ _entities(representations: [{__typename: "A"}, {__typename: "B"}]) { ... on JobInstance { steps { name } } } }',
      2 * (10 + 10),
    ],
    [
      'fragments wherever they are spread',
      `{ a: ${job('...F')} b: ${job('...F')} } fragment F on JobInstance { steps { name } }`,
      2 * (jobCost + 10),
    ],
    [
      'nothing for what is never included',
      `{ ${job('ipResults @include(if: false) { ip } steps @skip(if: true) { name }')} }`,
      jobCost,
    ],
    [
      'nothing for a fragment that cannot apply',
      `{ ${job('... on Node { ... on StepInstance { ipResults { ip } } }')} }`,
      jobCost,
    ],
  ])('%s', (_what, document, expected) => {
    expect(cost(document)).toBe(expected);
  });

  it('what its variables say', () => {
    const document = `query ($n: Int = 4, $on: Boolean!) { ${job('ipResults(limit: $n) @include(if: $on) { ip }')} }`;
    expect(cost(document, { n: 9, on: true })).toBe(jobCost + 10 + 9);
    expect(cost(document, { on: true })).toBe(jobCost + 10 + 4);
    expect(cost(document, { n: null, on: true })).toBe(jobCost + 10 + 1_000);
    expect(cost(document, { n: 9, on: false })).toBe(jobCost);
  });

  it('as much for references in a variable', () => {
    const document =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on JobInstance { name } } }';
    const r = Array.from({ length: 30 }, () => ({ __typename: 'JobInstance', id: 'biz:1:1' }));
    expect(cost(document, { r })).toBe(300);
    expect(cost(document, { r: r.slice(0, 2) })).toBe(20);
  });

  it('more with every selection that is added', () => {
    const selections = fc.subarray([
      'name',
      'steps { name }',
      'ipResults(limit: 3) { ip }',
      'ipResultSummary { total }',
    ]);
    fc.assert(
      fc.property(selections, selections, (some, more) => {
        const text = (parts: readonly string[]) =>
          `{ ${job(['id', ...parts.map((part, index) => `a${String(index)}: ${part}`)].join(' '))} }`;
        expect(cost(text([...some, ...more]))).toBeGreaterThanOrEqual(cost(text(some)));
      }),
    );
  });

  it('little time to price, even where fragments double a hundred times', () => {
    const fragments = Array.from(
      { length: 100 },
      (_, index) =>
        `fragment F${String(index)} on JobInstance { ...F${String(index + 1)} ...F${String(index + 1)} }`,
    );
    const high = cost(
      `{ ${job('...F0')} } ${fragments.join(' ')} fragment F100 on JobInstance { steps { name } }`,
    );
    expect(high).toBe(jobCost + 10 * 2 ** 100);
  });
});

describe('the price of an operation', () => {
  const wait = 'waitForJobInstance(scope: {bkBizId: 1}, jobInstanceId: 1)';

  it.each([
    ['{ __schema { types { name } } }', true],
    ['{ __type(name: "JobInstance") { name } }', true],
    ['{ _service { sdl } }', true],
    [`{ ...F ${job('name')} } fragment F on Query { __type(name: "JobInstance") { name } }`, true],
    [`{ __typename ${job('__typename steps { __typename name }')} }`, false],
    [`{ ${job('name')} __schema @skip(if: true) { types { name } } }`, false],
    [`{ ${wait} { phase } }`, true],
    [`{ ...F } fragment F on Query { ${wait} { phase } ${job('name')} }`, true],
  ])('%s is what it costs, whatever is read: %s', (document, isFixed) => {
    expect(price(document).isFixed).toBe(isFixed);
  });
});
