import {
  buildSchema,
  executeSync,
  parse,
  validate,
  type DocumentNode,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import type { LookAheadType } from '../../../src/context/operation-context.ts';
import { createLookAhead } from '../../../src/execution/look-ahead.ts';

/** As much of the schema as decides; the whole one is exercised by the tests of laziness. */
const schema: GraphQLSchema = buildSchema(`
  interface Node { id: ID! }
  type Query { job: JobInstance, node: Node, lookups: [JobInstanceLookup!] }
  type JobInstanceLookup { jobInstance: JobInstance }
  type JobInstance implements Node { id: ID!, name: String, steps: [StepInstance!], ipResultSummary: Summary }
  type StepInstance implements Node { id: ID!, name: String, jobInstance: JobInstance, ipResults(limit: Int): [StepIpResult!] ipResultConnection: Summary ipResultGroups: [Summary!] }
  type StepIpResult implements Node { id: ID!, step: StepInstance }
  type Summary { total: Int }
`);

const lookAhead = createLookAhead(schema);

function infoOf(document: DocumentNode, variableValues: Record<string, unknown>): GraphQLResolveInfo {
  const infos: GraphQLResolveInfo[] = [];
  const fieldResolver = (
    _source: unknown,
    _arguments: unknown,
    _context: unknown,
    info: GraphQLResolveInfo,
  ) => {
    infos.push(info);
    return null;
  };
  executeSync({ schema, document, variableValues, fieldResolver });
  const [info] = infos;
  if (info === undefined) throw new Error('The operation resolves nothing.');
  return info;
}

function needsHosts(
  text: string,
  type: LookAheadType = 'JobInstance',
  variables: Record<string, unknown> = {},
): boolean {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  return lookAhead.selectsHostDetail(infoOf(document, variables), type);
}

describe('a selection without hosts', () => {
  it.each([
    ['fields of the job', '{ job { id name } }'],
    ['fields of the steps', '{ job { steps { name jobInstance { steps { id } } } } }'],
    ['only a type name', '{ job { __typename } }'],
    ['an alias that looks like a host field', '{ job { ipResultSummary: name } }'],
    ['a skipped host field', '{ job { name ipResultSummary @skip(if: true) { total } } }'],
    ['a host field that is not included', '{ job { name ipResultSummary @include(if: false) { total } } }'],
    [
      'a host field both included and skipped',
      '{ job { name ipResultSummary @include(if: true) @skip(if: true) { total } } }',
    ],
    [
      'a skipped fragment',
      '{ job { name ...F @skip(if: true) } } fragment F on JobInstance { ipResultSummary { total } }',
    ],
    ['a skipped parent', '{ job { name steps @skip(if: true) { ipResults { id } } } }'],
    [
      'an inline fragment that is not included',
      '{ job { name ... @include(if: false) { ipResultSummary { total } } } }',
    ],
  ])('needs none: %s', (_what, text) => {
    expect(needsHosts(text)).toBe(false);
  });
});

describe('a selection with hosts', () => {
  it.each([
    ['on the job', '{ job { ipResultSummary { total } } }'],
    ['on a step', '{ job { steps { ipResults { id } } } }'],
    ['pages', '{ job { steps { ipResultConnection { total } } } }'],
    ['groups', '{ job { steps { ipResultGroups { total } } } }'],
    ['under an alias', '{ a: job { b: steps { c: ipResults { id } } } }'],
    ['back through the step', '{ job { steps { jobInstance { ipResultSummary { total } } } } }'],
    ['of which only the type name is asked', '{ job { ipResultSummary { __typename } } }'],
    ['in an inline fragment without a type', '{ job { ... { ipResultSummary { total } } } }'],
    ['in an inline fragment on the type', '{ job { ... on JobInstance { ipResultSummary { total } } } }'],
    [
      'in an inline fragment on the interface',
      '{ job { ... on Node { ... on JobInstance { ipResultSummary { total } } } } }',
    ],
    ['in a named fragment', '{ job { ...F } } fragment F on JobInstance { ipResultSummary { total } }'],
    [
      'in nested fragments',
      '{ job { ...F } } fragment F on JobInstance { steps { ...G } } fragment G on StepInstance { ipResults { id } }',
    ],
    [
      'with a directive that changes nothing',
      '{ job { ipResultSummary @include(if: true) @skip(if: false) { total } } }',
    ],
    ['in the second of two equal fields', '{ job { name } job { ipResultSummary { total } } }'],
    [
      'behind a fragment that was skipped once',
      '{ job { ...F @skip(if: true) ...F } } fragment F on JobInstance { ipResultSummary { total } }',
    ],
  ])('needs them: %s', (_what, text) => {
    expect(needsHosts(text)).toBe(true);
  });
});

describe('variables', () => {
  const text = `query ($yes: Boolean! = true, $no: Boolean = false, $free: Boolean!) {
    job { name ...F @include(if: $free) steps { ipResults @skip(if: $yes) { id } ipResultGroups @include(if: $no) { total } } }
  } fragment F on JobInstance { ipResultSummary @skip(if: $no) { total } }`;

  it('count with their defaults', () => {
    expect(needsHosts(text, 'JobInstance', { free: false })).toBe(false);
    expect(needsHosts(text, 'JobInstance', { free: true })).toBe(true);
  });

  it('count with what was sent', () => {
    expect(needsHosts(text, 'JobInstance', { free: false, yes: false })).toBe(true);
    expect(needsHosts(text, 'JobInstance', { free: true, no: true })).toBe(true);
  });

  it('are read anew for every operation over one document', () => {
    const document = parse(text);
    const answers = [false, true, false].map((free) =>
      lookAhead.selectsHostDetail(infoOf(document, { free }), 'JobInstance'),
    );
    expect(answers).toEqual([false, true, false]);
  });
});

describe('the type that is found', () => {
  const text = `{ node { id ... on StepInstance { ipResults { id } } ... on JobInstance { name } } }`;

  it('decides which fragments count', () => {
    expect(needsHosts(text, 'JobInstance')).toBe(false);
    expect(needsHosts(text, 'StepInstance')).toBe(true);
  });

  it('needs hosts where it is a host, whatever is selected', () => {
    expect(needsHosts('{ node { id } }', 'StepIpResult')).toBe(true);
  });

  it('is looked through where jobs are looked up together', () => {
    expect(needsHosts('{ lookups { jobInstance { name } } }', 'JobInstanceLookup')).toBe(false);
    expect(needsHosts('{ lookups { jobInstance { ipResultSummary { total } } } }', 'JobInstanceLookup')).toBe(
      true,
    );
  });

  it('must be one of the schema', () => {
    const bare = createLookAhead(buildSchema('type Query { a: Int }'));
    expect(() => bare.selectsHostDetail(infoOf(parse('{ job { id } }'), {}), 'JobInstance')).toThrow(
      TypeError,
    );
  });
});

describe('a document of fragments that spread fragments', () => {
  it('is read once per fragment, not once per path', () => {
    const depth = 40;
    const fragments = Array.from({ length: depth }, (_, index) => {
      const next =
        index + 1 < depth ? `...F${String(index + 1)}` : 'ipResultSummary @include(if: $v) { total }';
      return `fragment F${String(index)} on JobInstance { steps { jobInstance { ${next} } } a: steps { jobInstance { ${next} } } }`;
    });
    const document = parse(`query ($v: Boolean!) { job { ...F0 } } ${fragments.join(' ')}`);
    expect(lookAhead.selectsHostDetail(infoOf(document, { v: true }), 'JobInstance')).toBe(true);
    expect(lookAhead.selectsHostDetail(infoOf(document, { v: false }), 'JobInstance')).toBe(false);
  });
});
