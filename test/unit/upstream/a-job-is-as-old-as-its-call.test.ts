import { expect, it } from 'vitest';
import { readByHand } from '../../support/read-by-hand.ts';

it('a job is as old as the call that it was read by, and not as its answer', async () => {
  const { clock, answers, read } = readByHand();
  const began = clock.now();
  const before = read(true);
  clock.pass(1000);
  const after = read(false);
  clock.pass(500);
  answers[1]!(true);
  clock.pass(2000);
  answers[0]!(false);
  expect([await before, await after]).toMatchObject([
    { finished: false, observedAt: began },
    { finished: true, observedAt: began + 1000 },
  ]);
});
