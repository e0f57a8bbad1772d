import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Linked, LinkedList } from '../../../src/memory/linked-list.ts';

class Item extends Linked<Item> {
  readonly name: number;

  constructor(name: number) {
    super();
    this.name = name;
  }
}

it('holds what Sets would, in the same order, and nothing leads on from what has left', () => {
  const change = fc.record({ adds: fc.boolean(), name: fc.nat(7), which: fc.nat(1) });
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const items = Array.from({ length: 8 }, (_none, name) => new Item(name));
      const pairs = [0, 1].map(() => ({ list: new LinkedList<Item>(), set: new Set<Item>() }));
      for (const { adds, name, which } of changes) {
        const item = items[name]!;
        const { list, set } = pairs[which]!;
        if (!adds) expect(list.delete(item)).toBe(set.delete(item));
        else if (pairs.some((pair) => pair.set.has(item))) expect(() => list.add(item)).toThrow(RangeError);
        else {
          set.add(item);
          list.add(item);
        }
        for (const pair of pairs) {
          expect([...pair.list].map((one) => one.name)).toEqual([...pair.set].map((one) => one.name));
          expect(pair.list.size).toBe(pair.set.size);
          expect(pair.list.first).toBe([...pair.set][0] ?? null);
        }
        const gone = items.filter((one) => !pairs.some((pair) => pair.set.has(one)));
        for (const one of gone) expect([one.before, one.after, one.list]).toEqual([null, null, null]);
      }
    }),
  );
});
