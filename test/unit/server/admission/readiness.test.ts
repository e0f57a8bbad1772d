import { expect, it } from 'vitest';
import { createReadiness } from '../../../../src/server/admission/readiness.ts';

function open() {
  const clock = { now: 1000 };
  const readiness = createReadiness({ allowed: 3, sampling: 5000, unready: 10_000 }, () => clock.now);
  const turnAway = (times: number) => {
    for (let time = 0; time < times; time++) readiness.overloaded();
  };
  return { clock, readiness, turnAway };
}

it('a service is ready while it turns away as many as it may', () => {
  const { clock, readiness, turnAway } = open();
  turnAway(3);
  expect(readiness.isReady()).toBe(true);
  clock.now += 5000;
  turnAway(3);
  expect(readiness.isReady()).toBe(true);
});

it('a service that turned away more is not ready for a while, and then is again', () => {
  const { clock, readiness, turnAway } = open();
  turnAway(4);
  expect(readiness.isReady()).toBe(false);
  clock.now += 9999;
  expect(readiness.isReady()).toBe(false);
  clock.now += 1;
  expect(readiness.isReady()).toBe(true);
});
