import { Kind, parse, type FragmentDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createRowBudget } from '../../../src/context/row-budget.ts';
import { selectionWidth, type SelectedField } from '../../../src/context/selection-width.ts';

/** The one field of the operation, as a resolver is told of it. */
function fieldOf(document: string): SelectedField {
  const { definitions } = parse(document);
  const operation = definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)!;
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const one of definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments[one.name.value] = one;
  return {
    fieldNodes: operation.selectionSet.selections.filter((one) => one.kind === Kind.FIELD),
    fragments,
  };
}

const rows = (length: number) => ({ length });
const narrow = fieldOf('{ hosts { ip } }');

describe('the width of a selection', () => {
  it.each([
    ['{ hosts { ip } }', 1],
    ['{ hosts }', 0],
    ['{ hosts { ip step { id name } } }', 4],
    ['{ hosts { ... { ip } ... on Host { id } } }', 2],
    ['{ hosts { ip } hosts { id } }', 2],
    ['{ hosts { ...F ...F } } fragment F on Host { ip id }', 2],
    [`{ hosts { ${'a'.repeat(16)}: ip } }`, 2],
    [`{ hosts { ${'a'.repeat(160)}: ip } }`, 11],
    ['{ hosts { ...F } }', 0],
  ])('counts what each object becomes: %.60s', (document, width) => {
    expect(selectionWidth(fieldOf(document))).toBe(width);
  });

  it('counts fragments within fragments at once, however often they double', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, index) =>
        `fragment F${String(index)} on Host { a: step { ...F${String(index + 1)} } b: step { ...F${String(index + 1)} } }`,
    );
    const field = fieldOf(`{ hosts { ...F0 } } ${fragments.join(' ')} fragment F60 on Host { ip }`);
    expect(selectionWidth(field)).toBeGreaterThan(2 ** 60);
  });
});

describe('the budget of an operation', () => {
  const tooMany = expect.objectContaining({ code: 'OPERATION_TOO_COMPLEX' });

  it('lets a million rows be gone through, in one go or several, and no more', () => {
    const budget = createRowBudget();
    budget.examine(rows(999_999));
    expect(budget.examine(rows(1))).toEqual({ length: 1 });
    expect(() => budget.examine(rows(1))).toThrow(tooMany);
  });

  it('lets a hundred thousand rows be handed out, and no more', () => {
    const budget = createRowBudget();
    expect(budget.handOut(rows(100_000), narrow)).toEqual({ length: 100_000 });
    expect(() => budget.handOut(rows(1), narrow)).toThrow(tooMany);
  });

  it('lets as many fewer be handed out as they are wider', () => {
    const wide = fieldOf(
      `{ hosts { ${Array.from({ length: 200 }, (_, index) => `a${String(index)}: ip`).join(' ')} } }`,
    );
    const budget = createRowBudget();
    budget.handOut(rows(10_000), wide);
    expect(() => budget.handOut(rows(1), wide)).toThrow(tooMany);
  });

  it('lets a thousand references be asked for, in one go or several, and no more', () => {
    const budget = createRowBudget();
    budget.countReferences(rows(600));
    budget.countReferences(rows(400));
    budget.assertReferencesFit();
    const another = budget.copy();
    const many = expect.objectContaining({ code: 'BAD_USER_INPUT' });
    for (const one of [budget, another]) {
      expect(() => {
        one.countReferences(rows(1));
      }).toThrow(many);
      expect(() => {
        one.assertReferencesFit();
      }).toThrow(many);
    }
  });

  it('tells what was done with it, and with copies whose work counts', () => {
    const budget = createRowBudget();
    expect(budget.spent).toBe(0);
    budget.handOut(rows(7), narrow);
    const first = budget.copy();
    first.examine(rows(30));
    first.handOut(rows(2), narrow);
    expect([budget.spent, first.spent]).toEqual([7, 5]);
    budget.countSpentOf(first);
    budget.copy().handOut(rows(1000), narrow);
    expect(budget.spent).toBe(12);
    const wide = fieldOf(
      `{ hosts { ${Array.from({ length: 40 }, (_, at) => `a${String(at)}: ip`).join(' ')} } }`,
    );
    budget.handOut(rows(3), wide);
    expect(budget.spent).toBe(18);
  });
});
