import { setImmediate as endOfTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Cohort } from '../../../src/event-loop/cohort.ts';

/** Notes two steps of each who joins. */
function notingCohort(done: string[] = []) {
  const cohort = new Cohort();
  async function goOn(name: string): Promise<void> {
    await cohort.join();
    done.push(`${name} 1`);
    await Promise.resolve();
    done.push(`${name} 2`);
  }
  return { done, goOn };
}

/** All that follows at once has been done, still in this turn. */
async function allElse(): Promise<void> {
  for (let step = 0; step < 20; step += 1) await Promise.resolve();
}

const steps = (names: readonly string[]): string[] =>
  [1, 2].flatMap((step) => names.map((name) => `${name} ${String(step)}`));

describe('those who come in one turn of the event loop', () => {
  it('wait until all else is done that was begun in it', async () => {
    const { done, goOn } = notingCohort();
    const first = goOn('first');
    await allElse();
    await new Promise<void>((resolve) => {
      process.nextTick(resolve);
    });
    expect(done).toEqual([]);
    await first;
    expect(done).toEqual(steps(['first']));
  });

  it('go on step by step together, however long they wait', async () => {
    const { done, goOn } = notingCohort();
    const first = goOn('first');
    await allElse();
    await Promise.all([first, goOn('second')]);
    expect(done).toEqual(steps(['first', 'second']));
  });

  it('go on eight at a time, the others after them', async () => {
    const { done, goOn } = notingCohort();
    const names = Array.from({ length: 20 }, (_name, at) => String(at));
    await Promise.all(names.map(goOn));
    expect(done).toEqual([0, 8, 16].flatMap((from) => steps(names.slice(from, from + 8))));
  });

  it('are others than those of the next turn', async () => {
    const { done, goOn } = notingCohort();
    const first = goOn('first');
    await endOfTurn();
    expect(done).toEqual(steps(['first']));
    await Promise.all([first, goOn('second')]);
    expect(done).toEqual([...steps(['first']), ...steps(['second'])]);
  });

  it('go on apart from those who came elsewhere', async () => {
    const { done, goOn } = notingCohort();
    const { goOn: goOnElsewhere } = notingCohort(done);
    await Promise.all([goOn('here'), goOnElsewhere('there'), goOn('here, too')]);
    expect(done).toEqual([...steps(['here', 'here, too']), ...steps(['there'])]);
  });
});
