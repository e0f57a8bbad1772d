import { expect, it } from 'vitest';
import { keepTicksFast } from '../../src/fast-ticks.ts';

it('holds one of what Node queues, and nothing of what it queues later', async () => {
  const held = keepTicksFast();
  expect(held).toHaveLength(1);
  expect(held[0]).toHaveProperty('callback', expect.any(Function));
  await new Promise((resolve) => {
    process.nextTick(resolve);
  });
  expect(held).toHaveLength(1);
});
