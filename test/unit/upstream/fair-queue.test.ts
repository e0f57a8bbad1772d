import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFairQueue } from '../../../src/upstream/fair-queue.ts';

function drain(queue: ReturnType<typeof createFairQueue<string>>): readonly string[] {
  const taken: string[] = [];
  for (let item = queue.shift(); item !== null; item = queue.shift()) taken.push(item);
  return taken;
}

describe('who waits', () => {
  it('is served in turn with the others, however many one of them has', () => {
    const queue = createFairQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.push(item[0]!, item);
    expect(drain(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
    expect(queue.size).toBe(0);
  });

  it('gets everything back that was put in and not taken out, each account in its order', () => {
    const account = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.array(fc.tuple(account, fc.boolean())), (steps) => {
        const queue = createFairQueue<string>();
        const kept: string[] = [];
        for (const [index, [name, isRemoved]] of steps.entries()) {
          const item = `${name}${String(index)}`;
          queue.push(name, item);
          if (isRemoved) queue.remove(name, item);
          else kept.push(item);
        }
        expect(queue.size).toBe(kept.length);
        const served = drain(queue);
        expect(served.toSorted()).toEqual(kept.toSorted());
        for (const name of ['a', 'b', 'c', 'd']) {
          expect(served.filter((item) => item.startsWith(name))).toEqual(
            kept.filter((item) => item.startsWith(name)),
          );
        }
      }),
    );
  });

  it('waits for one turn of each of the others at most', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }), (names) => {
        const queue = createFairQueue<string>();
        for (const name of names) queue.push(name, name);
        const served = drain(queue);
        for (const [index, name] of served.entries()) {
          const between = served.slice(served.lastIndexOf(name, index - 1) + 1, index);
          if (index > 0 && served.lastIndexOf(name, index - 1) >= 0) {
            expect(new Set(between).size).toBe(between.length);
          }
        }
      }),
    );
  });
});

describe('a queue that is full', () => {
  it('drops the newest of who has most, for the sake of who has less', () => {
    const queue = createFairQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1']) queue.push(item[0]!, item);
    expect(queue.dropForTheSakeOf('b')).toBe('a3');
    expect(drain(queue)).toEqual(['a1', 'b1', 'a2']);
  });

  it('drops nothing for who has most already, or as many as anybody', () => {
    const queue = createFairQueue<string>();
    for (const item of ['a1', 'a2', 'b1']) queue.push(item[0]!, item);
    expect(queue.dropForTheSakeOf('a')).toBeNull();
    expect(queue.dropForTheSakeOf('b')).toBeNull();
    expect(queue.size).toBe(3);
  });

  it('has nothing to drop where nothing waits', () => {
    expect(createFairQueue<string>().dropForTheSakeOf('a')).toBeNull();
  });
});
