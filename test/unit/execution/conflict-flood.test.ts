import { OverlappingFieldsCanBeMergedRule, parse, validate, type DocumentNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { noConflictFlood } from '../../../src/execution/conflict-flood.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { createRandom } from '../../../src/simulator/random.ts';
import { createDocumentFuzzer } from '../../support/fuzz/fuzz-documents.ts';

const schema = createExecutableSchema({ node: true, subscription: true });
const job = 'jobInstance(scope: {bkBizId: 2}, jobInstanceId: 1)';

function conflictsIn(text: string, fewest = 1): readonly string[] {
  return validate(schema, parse(text), [noConflictFlood(fewest)], { maxErrors: 100 }).map(
    ({ message }) => message,
  );
}

/** Fields of one name, each another than the one before. */
const differing = (count: number): string =>
  Array.from({ length: count }, (_, index) => `x: ${index % 2 === 0 ? 'name' : 'id'}`).join(' ');

describe('fields that conflict by the score', () => {
  it.each([
    ['in one selection', `{ ${job} { ${differing(60)} } }`],
    [
      'in inline fragments',
      `{ ${job} { ... { ${differing(30)} } ... on Node { x: id } ... { ${differing(30)} } } }`,
    ],
    [
      'in fragments of which each by itself has none',
      `{ ${job} { ...A ...B } } fragment A on JobInstance { ${'x: name '.repeat(40)} } fragment B on JobInstance { ${'x: id '.repeat(40)} }`,
    ],
    ['below fields that are merged', `{ ${job} { ${'steps { x: name } steps { x: id } '.repeat(40)} } }`],
    [
      'on types that exclude each other, by what they are',
      `{ node(id: 1) { ... on JobInstance { ${'x: name '.repeat(40)} } ... on StepInstance { ${'x: typeCode '.repeat(40)} } } }`,
    ],
    ['that there are none of', `{ ${job} { ${'x: nothing x: never '.repeat(30)} } }`],
  ])('are refused before they are compared with each other: %s', (_where, text) => {
    expect(conflictsIn(text, 21)).toHaveLength(21);
  });

  it.each([
    ['the same field, as often as it fits', `{ ${job} { ${'x: name '.repeat(200)} } }`],
    [
      'fields of types that exclude each other',
      '{ node(id: 1) { ... on JobInstance { x: name } ... on StepInstance { x: name } } }',
    ],
    ['a field below two that differ in name', `{ ${job} { a: steps { x: name } b: steps { x: id } } }`],
  ])('are not found where there are none: %s', (_what, text) => {
    expect(conflictsIn(text)).toEqual([]);
  });

  it('are left to the rule of graphql-js where they are fewer', () => {
    expect(conflictsIn(`{ ${job} { ${differing(10)} } }`, 21)).toEqual([]);
  });

  it('are never seen in a document in which the rule of graphql-js sees none', () => {
    const next = createDocumentFuzzer(schema, createRandom(7));
    let seen = 0;
    for (let tried = 0; tried < 600; tried += 1) {
      const document = parsed(next().text);
      if (document === null || validate(schema, document, [noConflictFlood(1)]).length === 0) continue;
      seen += 1;
      expect(validate(schema, document, [OverlappingFieldsCanBeMergedRule])).not.toEqual([]);
    }
    expect(seen).toBeGreaterThan(20);
  });
});

function parsed(text: string): DocumentNode | null {
  try {
    return parse(text);
  } catch {
    return null;
  }
}
