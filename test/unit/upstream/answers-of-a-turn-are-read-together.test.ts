import { expect, it } from 'vitest';
import { readByHand } from '../../support/read-by-hand.ts';

it('answers that come in one turn of the event loop are read before anybody goes on with one of them', async () => {
  const done: string[] = [];
  const { answers, read } = readByHand({ callEnded: () => done.push('read') });
  const withHosts = read(true).then(() => done.push('went on'));
  const without = read(false).then(() => done.push('went on'));
  answers[0]!(true);
  // A socket after the other is read in a turn, and what follows at once comes between them.
  for (let step = 0; step < 20; step += 1) await Promise.resolve();
  answers[1]!(true);
  await Promise.all([withHosts, without]);
  expect(done).toEqual(['read', 'read', 'went on', 'went on']);
});

it('whoever asks when an answer is there and not read yet asks anew', async () => {
  const { answers, read } = readByHand();
  const before = read(false);
  answers[0]!(false);
  const after = read(false);
  expect(answers).toHaveLength(2);
  answers[1]!(true);
  expect(await Promise.all([before, after])).toMatchObject([{ finished: false }, { finished: true }]);
});

it('nobody waits for others where an answer is large', async () => {
  const done: string[] = [];
  const { answers, read } = readByHand({ callEnded: () => done.push('read') }, 256 * 1024);
  const large = read(false).then(() => done.push('went on'));
  answers[0]!(true);
  expect(done).toEqual(['read']);
  await large;
});
