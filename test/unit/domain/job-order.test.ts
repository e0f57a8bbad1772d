import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOlder, noAttempts, withAttemptsOf } from '../../../src/domain/job-order.ts';
import { buildJob, stepData } from '../../support/build-job.ts';

/** A job of steps, each with its number and its attempt. */
const jobOf = (...steps: readonly (readonly [string, number])[]) =>
  buildJob({
    steps: steps.map(([stepInstanceId, executeCount]) => stepData({ stepInstanceId, executeCount })),
  });

const seen = (...jobs: readonly ReturnType<typeof jobOf>[]) =>
  jobs.reduce((attempts, job) => withAttemptsOf(job, attempts), noAttempts);

/** Few numbers, so that many come twice. */
const arbitraryJob = fc
  .array(fc.tuple(fc.constantFrom('7', '8', '9'), fc.integer({ min: 0, max: 3 })), { maxLength: 6 })
  .map((steps) => jobOf(...steps));

describe('a job', () => {
  it('is older where a step of it is in an attempt before one that was seen', () => {
    const attempts = seen(jobOf(['7', 1], ['8', 2]));
    expect(isOlder(jobOf(['7', 1], ['8', 1]), attempts)).toBe(true);
    expect(isOlder(jobOf(['7', 0], ['8', 2]), attempts)).toBe(true);
    expect(isOlder(jobOf(['7', 1], ['8', 3]), attempts)).toBe(false);
    expect(isOlder(jobOf(['9', 0]), attempts)).toBe(false);
  });

  it('counts by the lowest attempt of a step that comes twice', () => {
    expect([...seen(jobOf(['7', 1], ['7', 2]))]).toEqual([['7', 1]]);
    expect([...seen(jobOf(['7', 2], ['7', 1]))]).toEqual([['7', 1]]);
    expect([...seen(jobOf(['7', 0], ['7', 2]))]).toEqual([]);
    expect([...seen(jobOf(['7', 2], ['7', 0]))]).toEqual([]);
    const attempts = seen(jobOf(['7', 1], ['7', 2]));
    expect(isOlder(jobOf(['7', 1], ['7', 2]), attempts)).toBe(false);
    expect(isOlder(jobOf(['7', 0], ['7', 2]), attempts)).toBe(true);
  });

  it('is never older than itself, nor than itself after what it is not older than', () => {
    fc.assert(
      fc.property(arbitraryJob, arbitraryJob, (before, job) => {
        expect(isOlder(job, seen(job))).toBe(false);
        if (!isOlder(job, seen(before))) expect(isOlder(job, seen(before, job))).toBe(false);
      }),
    );
  });

  it('leaves nothing seen before lower than it was, where it is not older', () => {
    fc.assert(
      fc.property(arbitraryJob, arbitraryJob, (before, job) => {
        fc.pre(!isOlder(job, seen(before)));
        const attempts = seen(before, job);
        for (const [step, attempt] of seen(before)) {
          expect(attempts.get(step)).toBeGreaterThanOrEqual(attempt);
        }
      }),
    );
  });
});
