import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLong, jsonInPieces } from '../../../src/execution/json-in-pieces.ts';

/** Counts how often others get their turn. */
function createWork() {
  const longWork = {
    given: 0,
    isOver: () => true,
    next: () => {
      longWork.given += 1;
      return Promise.resolve();
    },
    take: () => null,
  };
  return longWork;
}

const written = async (value: unknown): Promise<string> =>
  Buffer.from(await jsonInPieces(value, createWork())).toString();

const rows = Array.from({ length: 3000 }, (_, index) => ({ index, ip: '10.0.0.1', nothing: null }));

describe('JSON in pieces', () => {
  it('is that of JSON.stringify', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.boolean(), async (value, isBeside) => {
        // Beside so many rows it is gone through, by itself it is mostly one piece.
        const whole = isBeside ? { value, list: [[rows], value], none: undefined } : value;
        expect(await written(whole)).toBe(JSON.stringify(whole));
      }),
    );
  });

  it.each([
    ['nothing', null],
    ['a text of its own length', 'é'.repeat(200_000)],
    ['characters of four bytes', [rows, '😀'.repeat(70_000)]],
    ['half a character', [rows, '\ud800']],
    ['lists and objects without members', [rows, [], {}, [[]], { a: {} }]],
    ['what JSON has no word for', [rows, undefined, { a: undefined, b: 1 }]],
    ['instants', [rows, new Date(0)]],
    ['objects without a prototype', [rows, Object.assign(Object.create(null) as object, { a: 1 })]],
  ])('is that of %s', async (_what, value) => {
    expect(await written(value)).toBe(JSON.stringify(value));
  });

  it('lets others have their turn at least every few hundred values', async () => {
    const longWork = createWork();
    await jsonInPieces({ rows }, longWork);
    expect(longWork.given).toBeGreaterThan((rows.length * 3) / 500);
  });
});

describe('a value is long', () => {
  it.each([
    [{ rows }, true],
    [rows.slice(0, 1000), false],
    [{ text: 'a'.repeat(100_000) }, false],
    [null, false],
  ])('where it has thousands of values', (value, expected) => {
    expect(isLong(value)).toBe(expected);
  });
});
