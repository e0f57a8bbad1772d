import { afterEach, describe, expect, it, vi } from 'vitest';
import { scanLiterals } from '../../../src/execution/literal-scan.ts';

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
