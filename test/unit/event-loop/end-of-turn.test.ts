import { setImmediate as endOfThisTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { endOfTurn } from '../../../src/event-loop/end-of-turn.ts';

/** Two steps after the end of the turn, each noted. */
async function goOn(name: string, done: string[]): Promise<void> {
  await endOfTurn();
  done.push(`${name} 1`);
  await Promise.resolve();
  done.push(`${name} 2`);
}

describe('the end of a turn', () => {
  it('comes when all else is done that was begun in the turn', async () => {
    const done: string[] = [];
    const goesOn = goOn('first', done);
    for (let step = 0; step < 20; step += 1) await Promise.resolve();
    await new Promise<void>((resolve) => {
      process.nextTick(resolve);
    });
    expect(done).toEqual([]);
    await goesOn;
    expect(done).toEqual(['first 1', 'first 2']);
  });

  it('has all who wait for it go on step by step together, however long they wait', async () => {
    const done: string[] = [];
    const first = goOn('first', done);
    for (let step = 0; step < 20; step += 1) await Promise.resolve();
    await Promise.all([first, goOn('second', done)]);
    expect(done).toEqual(['first 1', 'second 1', 'first 2', 'second 2']);
  });

  it('is another one in each turn', async () => {
    const done: string[] = [];
    const first = goOn('first', done);
    await endOfThisTurn();
    expect(done).toContain('first 2');
    await Promise.all([first, goOn('second', done)]);
    expect(done).toEqual(['first 1', 'first 2', 'second 1', 'second 2']);
  });
});
