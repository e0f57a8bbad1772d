import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLoopWatch } from '../../../../src/server/admission/loop-watch.ts';
import type { LoadMeasure } from '../../../../src/server/admission/adaptive-limit.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A watch that has begun, unless the test says when. */
function watch({ begins = true } = {}) {
  const clock = { stoodStill: 0 };
  const measures: LoadMeasure[] = [];
  const loop = createLoopWatch({
    now: () => performance.now() + clock.stoodStill,
    limit: { observe: (measure) => measures.push(measure) },
    takePeak: () => 7,
  });
  if (begins) {
    loop.begin();
    vi.advanceTimersByTime(0);
  }
  return { clock, measures, loop };
}

it('says that a loop in time is not late, ten times a second', () => {
  const { measures, loop } = watch();
  vi.advanceTimersByTime(1000);
  expect(measures).toEqual(Array<LoadMeasure>(10).fill({ loopDelay: 0, peak: 7 }));
  expect(loop.lag()).toBeLessThanOrEqual(0);
  loop.stop();
  expect(vi.getTimerCount()).toBe(0);
});

it('says how late a loop is that stands still again and again, even before it has come round', () => {
  const { clock, measures, loop } = watch();
  vi.advanceTimersByTime(20);
  clock.stoodStill = 320;
  expect(loop.lag()).toBe(0);
  vi.advanceTimersByTime(20);
  expect(loop.lag()).toBe(0);
  clock.stoodStill += 280;
  expect(loop.lag()).toBe(260);
  vi.advanceTimersByTime(20);
  expect(loop.lag()).toBe(280);
  vi.advanceTimersByTime(40);
  expect(measures).toEqual([{ loopDelay: 120, peak: 7 }]);
  expect(loop.lag()).toBe(0);
});

it('does not call a loop late that one long piece of work held up', () => {
  const { clock, loop } = watch();
  vi.advanceTimersByTime(40);
  clock.stoodStill = 500;
  vi.advanceTimersByTime(20);
  expect(loop.lag()).toBe(0);
  vi.advanceTimersByTime(20);
  expect(loop.lag()).toBe(0);
});

it('does not count what starting takes, neither before it begins nor to the end of that work', () => {
  const { clock, measures, loop } = watch({ begins: false });
  clock.stoodStill = 3000;
  vi.advanceTimersByTime(100);
  expect(loop.lag()).toBe(0);
  loop.begin();
  clock.stoodStill += 400;
  vi.advanceTimersByTime(20);
  clock.stoodStill += 400;
  expect(loop.lag()).toBe(0);
  vi.advanceTimersByTime(80);
  expect(measures).toEqual([{ loopDelay: 80, peak: 7 }]);
});

it('looks no more when it is stopped, be it before it has begun', () => {
  const { measures, loop } = watch({ begins: false });
  loop.begin();
  loop.stop();
  vi.advanceTimersByTime(1000);
  expect(measures).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
