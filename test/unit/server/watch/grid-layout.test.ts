import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellAt, cellsBetween, layOut, moveBy } from '../../../../src/server/watch/page/grid-layout.ts';

const size = fc.constantFrom<('fit' | number)[]>('fit', 7, 13, 24);
const grid = fc.record({
  count: fc.integer({ min: 1, max: 20_000 }),
  width: fc.integer({ min: 1, max: 3000 }),
  size,
});

describe('the grid of hosts', () => {
  it('shows 10,000 hosts at once on a screen of ordinary width', () => {
    expect(layOut(10_000, { width: 1180, height: 440 }, 'fit')).toMatchObject({ cell: 6, height: 420 });
  });

  it('shows few hosts as large as can be', () => {
    expect(layOut(12, { width: 1180, height: 440 }, 'fit')).toMatchObject({ cell: 24, rows: 1 });
  });

  it('has a place for every host, and finds the host of that place', () => {
    fc.assert(
      fc.property(grid, fc.nat(), ({ count, width, size: wanted }, any) => {
        const layout = layOut(count, { width, height: 440 }, wanted);
        const index = any % count;
        const x = (index % layout.columns) * layout.pitch;
        const y = Math.floor(index / layout.columns) * layout.pitch;
        expect(y + layout.cell).toBeLessThanOrEqual(layout.height);
        expect(cellAt(layout, count, { x, y })).toBe(index);
        expect(cellAt(layout, count, { x: x + layout.cell, y })).toBeNull();
      }),
    );
  });

  it('paints every cell of which something is in sight, and not many more', () => {
    fc.assert(
      fc.property(grid, fc.nat(5000), ({ count, width, size: wanted }, top) => {
        const layout = layOut(count, { width, height: 440 }, wanted);
        const bottom = top + 440;
        const { first, end } = cellsBetween(layout, count, { top, bottom });
        const seen = (index: number): boolean => {
          const y = Math.floor(index / layout.columns) * layout.pitch;
          return y < bottom && y + layout.cell > top;
        };
        for (const index of [0, first - 1, end, count - 1]) {
          if (index >= 0 && index < count && (index < first || index >= end)) expect(seen(index)).toBe(false);
        }
        expect(end - first).toBeLessThanOrEqual((Math.ceil(440 / layout.pitch) + 1) * layout.columns);
      }),
    );
  });
});

describe('a key', () => {
  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'];

  it('never leads out of the grid, and up and down stay in their column', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        fc.constantFrom(...keys),
        (count, columns, any, key) => {
          const from = any % count;
          const to = moveBy(key, from, { count, columns, rowsSeen: 5 })!;
          expect(to).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThan(count);
          if (/Up|Down/.test(key)) expect(to % columns).toBe(from % columns);
        },
      ),
    );
  });

  it('leads to every host by the right arrow, and to the ends by Home and End', () => {
    const all = { count: 10, columns: 3, rowsSeen: 2 };
    const walked = Array.from({ length: 10 }).reduce<number[]>(
      (path) => [...path, moveBy('ArrowRight', path.at(-1)!, all)!],
      [0],
    );
    expect(walked).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]);
    expect([moveBy('Home', 7, all), moveBy('End', 2, all)]).toEqual([0, 9]);
  });

  it('that means nothing here is left to the browser', () => {
    expect(moveBy('Tab', 0, { count: 10, columns: 3, rowsSeen: 2 })).toBeNull();
  });
});
