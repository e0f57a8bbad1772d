import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDocumentTemplates } from '../../../src/execution/document-templates.ts';
import { scanLiterals } from '../../../src/execution/literal-scan.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';

afterEach(() => vi.restoreAllMocks());

/** How many characters of texts are looked at, where what is searched for is nowhere. */
function charactersSeen(work: () => unknown): number {
  const single = vi.spyOn(String.prototype, 'charCodeAt');
  const searches = [vi.spyOn(String.prototype, 'indexOf'), vi.spyOn(String.prototype, 'includes')];
  work();
  const calls = searches.flatMap(({ mock }) =>
    mock.calls.map(([, from = 0], call) => ({ length: String(mock.contexts[call]).length, from })),
  );
  return calls.reduce((seen, { length, from }) => seen + length - from, single.mock.calls.length);
}

describe('the literals of a document', () => {
  const comment = `#${'x'.repeat(5_000)}`;

  it.each([
    ['texts', `{ a(b: [${'"1" '.repeat(128)}]) }${comment}`],
    ['numbers', `{ a(b: [${'1 '.repeat(128)}]) }${comment}`],
    ['one long text', `{ a(b: "${'x'.repeat(5_000)}") }`],
  ])('are found without going through the rest of it for each: %s', (_which, document) => {
    expect(charactersSeen(() => scanLiterals(document))).toBeLessThan(3 * document.length);
  });

  it('are looked for until there are more than can become variables', () => {
    const withLiterals = (count: number): string => `{ a(b: [${'"1" '.repeat(count)}]) }`;
    expect(scanLiterals(withLiterals(128))?.literals).toHaveLength(128);
    expect(scanLiterals(withLiterals(129))).toBeNull();
    expect(charactersSeen(() => scanLiterals(withLiterals(10_000)))).toBeLessThan(2_000);
  });
});

describe('the places of errors in a document whose literals became variables', () => {
  const lines = 900;
  const lastLine = '{ node(id: "x") { id } other: node(id: 12345678901) { typename: __typename } }';
  const document = '\n'.repeat(lines - 1) + lastLine;

  const parameterize = createDocumentTemplates(
    {
      schema: createExecutableSchema({ node: true, subscription: true }),
      parseOptions: {},
      validationRules: [],
    },
    { maxEntries: 10, maxCharacters: 100_000 },
  );
  parameterize(document);
  const { text, toPlaceAsked } = parameterize(document)!;
  const columnOf = (part: string, whole: string): number => whole.indexOf(part) + 1;
  const lastLineRun = text.split('\n').at(-1)!;

  it.each(['{', 'node', 'id }', 'other', 'typename', '} }'])('are those of its own text: %s', (part) => {
    expect(toPlaceAsked({ line: lines, column: columnOf(part, lastLineRun) })).toEqual({
      line: lines,
      column: columnOf(part, lastLine),
    });
  });

  it('are those of literals where a variable is at fault, used or declared', () => {
    const placeOf = (part: string) => toPlaceAsked({ line: lines, column: columnOf(part, lastLineRun) });
    expect(placeOf('$_literal1)')).toEqual({ line: lines, column: columnOf('12345678901', lastLine) });
    expect(placeOf('$_literal1: ')).toEqual({ line: lines, column: 1 });
  });

  it('are found without going through its lines again for each', () => {
    const lineEnds = vi.spyOn(RegExp.prototype, 'exec');
    for (let column = 1; column <= lastLineRun.length; column++) toPlaceAsked({ line: lines, column });
    expect(lineEnds.mock.calls.length).toBeLessThanOrEqual(2 * lines);
  });
});
