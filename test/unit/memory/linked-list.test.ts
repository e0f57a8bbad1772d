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

it('holds what a Set would, in the same order, and nothing leads on from what has left', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ adds: fc.boolean(), name: fc.nat(7) })), (changes) => {
      const items = Array.from({ length: 8 }, (_none, name) => new Item(name));
      const list = new LinkedList<Item>();
      const set = new Set<Item>();
      for (const { adds, name } of changes) {
        const item = items[name]!;
        if (adds && !set.has(item)) {
          set.add(item);
          list.add(item);
        } else if (!adds) expect(list.delete(item)).toBe(set.delete(item));
        expect([...list].map((one) => one.name)).toEqual([...set].map((one) => one.name));
        expect(list.size).toBe(set.size);
        expect(list.first).toBe([...set][0] ?? null);
        for (const one of items) if (!set.has(one)) expect([one.before, one.after]).toEqual([null, null]);
      }
    }),
  );
});

it('goes on from one that leaves while it is looked through to those that are left', () => {
  const list = new LinkedList<Item>();
  for (const name of [1, 2, 3]) list.add(new Item(name));
  const seen: number[] = [];
  for (const item of list) {
    seen.push(item.name);
    list.delete(item);
  }
  expect(seen).toEqual([1, 2, 3]);
  expect(list.size).toBe(0);
});
