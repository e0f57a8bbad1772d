import { describe, expect, it } from 'vitest';
import { Turns, turns, type LongWork } from '../../../src/event-loop/turns.ts';

/** An event loop whose turns end when the test says so, and whose time passes with the work that is done. */
function createLoop() {
  let time = 0;
  let calls: (() => void)[] = [];
  let rests: { readonly milliseconds: number; readonly call: () => void }[] = [];
  const shared = new Turns({
    now: () => time,
    afterTurn: (call) => calls.push(call),
    afterTime: (milliseconds, call) => rests.push({ milliseconds, call }),
    afterWork: (call) => void settled().then(call),
  });
  return {
    turns: shared,
    pass: (milliseconds: number) => (time += milliseconds),
    endTurn: async (): Promise<void> => {
      const due = calls;
      calls = [];
      for (const call of due) call();
      for (let time = 0; time < 20; time += 1) await settled();
    },
    /** Lets the time pass that was asked for; tells how long that is. */
    endRest: async (): Promise<readonly number[]> => {
      const due = rests;
      rests = [];
      for (const { call } of due) call();
      await settled();
      return due.map(({ milliseconds }) => milliseconds);
    },
    /** How many turns are asked for. */
    asked: () => calls.length,
  };
}

/** All that follows at once has been done. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

type Loop = ReturnType<typeof createLoop>;

/** Does so many pieces of a millisecond each, and notes each. */
async function work({ pass }: Loop, longWork: LongWork, { name, pieces, done }: Task): Promise<void> {
  await longWork.take();
  for (let piece = 0; piece < pieces; piece += 1) {
    if (longWork.isOver()) await longWork.next();
    pass(1);
    done.push(name);
  }
}

interface Task {
  readonly name: string;
  readonly pieces: number;
  readonly done: string[];
}

describe('long work', () => {
  it('is done at once as long as there is time, and goes on in later turns', async () => {
    const loop = createLoop();
    const done: string[] = [];
    const worked = work(loop, loop.turns.begin('alice'), { name: 'a', pieces: 8, done });
    await settled();
    expect(done).toHaveLength(3);
    // What was received before the work began comes first, and what was received meanwhile.
    await loop.endTurn();
    expect(done).toHaveLength(3);
    await loop.endTurn();
    expect(done).toHaveLength(6);
    await loop.endTurn();
    expect(done).toHaveLength(8);
    await worked;
    await loop.endTurn();
    expect(loop.asked()).toBe(0);
  });

  it('of all accounts shares the time of a turn', async () => {
    const loop = createLoop();
    const done: string[] = [];
    const worked = ['alice', 'bob', 'carol'].map((name) =>
      work(loop, loop.turns.begin(name), { name, pieces: 4, done }),
    );
    const perTurn: number[] = [];
    while (done.length < 12) {
      const before = done.length;
      await loop.endTurn();
      perTurn.push(done.length - before);
    }
    await Promise.all(worked);
    expect(Math.max(...perTurn)).toBe(3);
    // Each in turn, so that the last one to come is not the last one to be served.
    expect(new Set(done.slice(0, 9))).toEqual(new Set(['alice', 'bob', 'carol']));
  });

  it('of one account is done one after the other, whoever else waits', async () => {
    const loop = createLoop();
    const done: string[] = [];
    const worked = ['alice 1', 'alice 2', 'alice 3', 'bob'].map((name) =>
      work(loop, loop.turns.begin(name.split(' ')[0]!), { name, pieces: 4, done }),
    );
    while (done.length < 16) await loop.endTurn();
    await Promise.all(worked);
    const ofAlice = done.filter((name) => name !== 'bob');
    expect(ofAlice).toEqual(ofAlice.toSorted());
    expect(done.lastIndexOf('bob')).toBeLessThan(done.indexOf('alice 3'));
  });

  it('that is not divided has a turn to itself where others begin at the same time', async () => {
    const loop = createLoop();
    const first = loop.turns.begin('alice');
    const second = loop.turns.begin('alice');
    expect(first.take()).toBeNull();
    let isSecond = false;
    const taken = second.take()!.then(() => (isSecond = true));
    expect(isSecond).toBe(false);
    loop.pass(10);
    await settled();
    await settled();
    expect(isSecond).toBe(false);
    await loop.endTurn();
    await loop.endTurn();
    expect(isSecond).toBe(false);
    // Others have had as much time by then.
    expect(await loop.endRest()).toEqual([7]);
    await taken;
    expect(isSecond).toBe(true);
  });

  it.each([
    [5, []],
    [6, [3]],
    [400, [20]],
  ])('that took %i ms in one piece leaves time to others: %j', async (took, rests) => {
    const loop = createLoop();
    expect(loop.turns.begin('alice').take()).toBeNull();
    loop.pass(took);
    for (let turn = 0; turn < 3; turn += 1) await loop.endTurn();
    expect(loop.asked()).toBe(0);
    const next = loop.turns.begin('bob');
    expect(next.isOver()).toBe(rests.length > 0);
    const taken = next.take();
    expect(await loop.endRest()).toEqual(rests);
    await taken;
    expect(next.isOver()).toBe(false);
  });

  it('that is not divided goes on in its turn while there is time, and then waits for another', async () => {
    const loop = createLoop();
    const [mine, another] = [loop.turns.begin('alice'), loop.turns.begin('bob')];
    expect(mine.take()).toBeNull();
    const order: string[] = [];
    const other = another.take()!.then(() => order.push('another'));
    loop.pass(2);
    expect(mine.take()).toBeNull();
    loop.pass(2);
    const later = mine.take()!.then(() => order.push('mine'));
    await settled();
    expect(order).toEqual([]);
    await loop.endTurn();
    await loop.endTurn();
    await Promise.all([other, later]);
    expect(order).toEqual(['another', 'mine']);
  });

  it('is none where only a few rows are gone through, however late it is', () => {
    const loop = createLoop();
    const work = loop.turns.begin('alice');
    expect(work.takeFor(1001)).toBeNull();
    loop.pass(10);
    expect(work.takeFor(1000)).toBeNull();
    expect(work.takeFor(1001)).toBeInstanceOf(Promise);
  });

  it('of one account goes on in the order in which it began, whichever asks first', async () => {
    const loop = createLoop();
    const works = [1, 2, 3].map((name) => ({ name, longWork: loop.turns.begin('alice') }));
    const called: number[] = [];
    const asked = [3, 1, 2, 1, 3].map(async (name) => {
      await works[name - 1]!.longWork.next();
      called.push(name);
    });
    for (let turn = 0; turn < 3; turn += 1) await loop.endTurn();
    await Promise.all(asked);
    expect(called).toEqual([1, 1, 2, 3, 3]);
  });

  it('follows in the same turn where the one before took little', async () => {
    const loop = createLoop();
    const [first, second] = [loop.turns.begin('alice'), loop.turns.begin('alice')];
    expect(first.take()).toBeNull();
    loop.pass(1);
    await second.take();
    expect(second.isOver()).toBe(false);
    loop.pass(2);
    expect(second.isOver()).toBe(true);
  });
});

it('others are served between two pieces, whatever they ask for', async () => {
  const longWork = turns.begin('alice');
  let served = 0;
  const serve = (): void => {
    served += 1;
    if (served < 3) setImmediate(serve);
  };
  setImmediate(serve);
  for (let piece = 0; piece < 4; piece += 1) {
    await longWork.next();
    while (!longWork.isOver());
  }
  expect(served).toBe(3);
});
