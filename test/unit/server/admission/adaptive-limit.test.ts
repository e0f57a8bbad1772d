import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAdaptiveLimit } from '../../../../src/server/admission/adaptive-limit.ts';

interface SimulatedProcess {
  readonly arrivalsPerSecond: number;
  readonly workMs: number;
  readonly upstreamMs: number;
  readonly seconds: number;
}

/**
 * A process, millisecond by millisecond: an operation waits for bk-job and then needs the processor. Arrivals that find
 * no place are turned away. A round of the event loop takes as long as all the work that is ready takes together, and a
 * timer that becomes due within it waits for half of it.
 */
function simulate({ arrivalsPerSecond, workMs, upstreamMs, seconds }: SimulatedProcess) {
  const limit = createAdaptiveLimit({ min: 16, max: 256 });
  const backAt: number[] = [];
  let ready = 0;
  let arrivals = 0;
  let turnedAway = 0;
  let workLeft = 0;
  let answered = 0;
  let measure = { delays: 0, peak: 0 };
  let longest = 0;
  for (let now = 0; now < seconds * 1000; now++) {
    while ((backAt[0] ?? Infinity) <= now) {
      backAt.shift();
      ready++;
    }
    for (workLeft += 1; ready > 0 && workLeft >= workMs; workLeft -= workMs) {
      ready--;
      answered++;
    }
    if (ready === 0) workLeft = 0;
    for (arrivals += arrivalsPerSecond / 1000; arrivals >= 1; arrivals--) {
      if (ready + backAt.length < limit.current) backAt.push(now + upstreamMs);
      else turnedAway++;
    }
    measure = {
      delays: measure.delays + (ready * workMs) / 2,
      peak: Math.max(measure.peak, ready + backAt.length),
    };
    if (now % 100 === 99) {
      const loopDelay = measure.delays / 100;
      limit.observe({ loopDelay, peak: measure.peak });
      if (now > 3000) longest = Math.max(longest, loopDelay);
      measure = { delays: 0, peak: 0 };
    }
  }
  return { limit: limit.current, answered, turnedAway, longest };
}

describe('the adaptive limit', () => {
  it('stays where it is while the process keeps up, however slow bk-job is', () => {
    const slow = { arrivalsPerSecond: 30, workMs: 1, upstreamMs: 8000, seconds: 60 };
    expect(simulate(slow)).toMatchObject({ limit: 256, turnedAway: 0 });
  });

  it.each([5, 50, 200])(
    'shrinks where work comes in faster than it is done, bk-job taking %i ms, and keeps the processor busy',
    (upstreamMs) => {
      const { answered, longest } = simulate({ arrivalsPerSecond: 3000, workMs: 1, upstreamMs, seconds: 60 });
      // With 256 under way it would be 128.
      expect(longest).toBeLessThan(64);
      expect(answered).toBeGreaterThan(0.85 * 60_000);
    },
  );

  it('grows back when rounds are short again', () => {
    const limit = createAdaptiveLimit({ min: 16, max: 256 });
    for (let round = 0; round < 50; round++) limit.observe({ loopDelay: 80, peak: limit.current });
    expect(limit.current).toBe(16);
    for (let round = 0; round < 100; round++) limit.observe({ loopDelay: 1, peak: limit.current });
    expect(limit.current).toBe(256);
  });

  it('is not moved by one long round while little is under way', () => {
    const limit = createAdaptiveLimit({ min: 16, max: 256 });
    limit.observe({ loopDelay: 500, peak: 3 });
    expect(limit.current).toBe(256);
  });

  it('never leaves its bounds', () => {
    const measure = fc.record({
      loopDelay: fc.double({ min: 0, max: 1000, noNaN: true }),
      peak: fc.nat({ max: 400 }),
    });
    fc.assert(
      fc.property(fc.array(measure, { maxLength: 300 }), (measures) => {
        const limit = createAdaptiveLimit({ min: 4, max: 32 });
        for (const one of measures) {
          limit.observe(one);
          expect(limit.current).toBeGreaterThanOrEqual(4);
          expect(limit.current).toBeLessThanOrEqual(32);
          expect(Number.isInteger(limit.current)).toBe(true);
        }
      }),
    );
  });
});
