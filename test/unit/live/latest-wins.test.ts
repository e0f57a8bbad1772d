import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatestWins } from '../../../src/live/latest-wins.ts';

describe('a reader of the newest', () => {
  it('gets what it missed as one: the newest', async () => {
    const items = new LatestWins<number>(() => undefined);
    for (const item of [1, 2, 3]) items.offer(item);
    expect(await items.next()).toEqual({ done: false, value: 3 });
    const next = items.next();
    items.offer(4);
    expect(await next).toEqual({ done: false, value: 4 });
  });

  it('is never kept from the last item, whatever is offered after it', async () => {
    const items = new LatestWins<string>(() => undefined);
    items.offer('first');
    items.offer('last');
    items.end();
    items.offer('late');
    expect(await items.next()).toEqual({ done: false, value: 'last' });
    expect(await items.next()).toEqual({ done: true, value: undefined });
  });

  it('lets go once, whether it leaves or is at the end, and however often it says so', async () => {
    let left = 0;
    const leaving = new LatestWins<number>(() => left++);
    const pending = leaving.next();
    await leaving.return();
    await leaving.return();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(left).toBe(1);
    const ending = new LatestWins<number>(() => left++);
    ending.offer(1);
    ending.end();
    for await (const _item of ending) expect(left).toBe(1);
    expect(left).toBe(2);
  });

  it('sees numbers go up and ends with the last, however its reads fall among them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 50 }), async (readsNow) => {
        const items = new LatestWins<number>(() => undefined);
        const reads: Promise<IteratorResult<number, undefined>>[] = [];
        for (const [number, readsNow_] of readsNow.entries()) {
          if (readsNow_) reads.push(items.next());
          items.offer(number);
        }
        items.offer(readsNow.length);
        items.end();
        const seen = (await Promise.all(reads)).map(({ value }) => value);
        for await (const item of items) seen.push(item);
        const told = seen.filter((item) => item !== undefined);
        expect(told).toEqual([...new Set(told)].sort((one, other) => one - other));
        expect(told.at(-1)).toBe(readsNow.length);
      }),
    );
  });
});
