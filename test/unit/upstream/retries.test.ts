import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobApiError, type JobApiErrorCode } from '../../../src/domain/errors.ts';
import { DeadlineReached } from '../../../src/upstream/exchange.ts';
import { createRetries, type RetryOptions } from '../../../src/upstream/retries.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const usual: RetryOptions = {
  maxAttempts: 3,
  base: 100,
  max: 1000,
  budgetPercent: 20,
  budgetMinPerSecond: 10,
};
const reset = new JobApiError('UPSTREAM_UNAVAILABLE');
const patient = { attempts: 1, timeLeft: 10_000 };

describe('another attempt', () => {
  it.each<[string, JobApiError]>([
    ['bk-job was not reached', reset],
    ['a gateway says that it did not answer in time', new JobApiError('UPSTREAM_TIMEOUT')],
  ])('is made where %s', (_case, error) => {
    const retries = createRetries(usual, createManualClock(), () => 0.5);
    expect(retries.pauseAfter(error, patient)).toBe(50);
  });

  const final: readonly JobApiErrorCode[] = [
    'NOT_FOUND',
    'PERMISSION_DENIED',
    'UNAUTHENTICATED',
    'BAD_USER_INPUT',
    'RATE_LIMITED',
    'UPSTREAM_ERROR',
    'UPSTREAM_BAD_RESPONSE',
    'SERVICE_MISCONFIGURED',
    'INTERNAL_SERVER_ERROR',
  ];
  it.each<[string, unknown]>([
    ...final.map((code) => [code, new JobApiError(code)] as [string, unknown]),
    [
      'the time of the read is used up',
      new JobApiError('UPSTREAM_TIMEOUT', null, { cause: new DeadlineReached() }),
    ],
    ['it was told how long to wait', new JobApiError('UPSTREAM_UNAVAILABLE', null, { retryAfter: 1 })],
    ['it is no failure of bk-job', new TypeError('x is not a function')],
  ])('is not made after %s', (_case, error) => {
    const retries = createRetries(usual, createManualClock(), () => 0);
    expect(retries.pauseAfter(error, patient)).toBe('final');
  });

  it('is not made beyond the most, nor where the pause would outlast the read', () => {
    const retries = createRetries(usual, createManualClock(), () => 0.5);
    expect(retries.pauseAfter(reset, { attempts: 2, timeLeft: 10_000 })).toBe(100);
    expect(retries.pauseAfter(reset, { attempts: 3, timeLeft: 10_000 })).toBe('final');
    expect(retries.pauseAfter(reset, { attempts: 2, timeLeft: 100 })).toBe('final');
  });

  it('waits anything up to a bound that doubles up to the longest', () => {
    const retries = createRetries({ ...usual, maxAttempts: 9 }, createManualClock(), () => 1);
    const pauses = [1, 2, 3, 4, 5, 6].map((attempts) =>
      retries.pauseAfter(reset, { attempts, timeLeft: 1e6 }),
    );
    expect(pauses).toEqual([100, 200, 400, 800, 1000, 1000]);
  });
});

describe('the budget', () => {
  it('lets a quiet service try ten times in a second, and saves no more than five seconds of that', () => {
    const clock = createManualClock();
    const retries = createRetries(usual, clock, () => 0);
    const spend = () => {
      let spent = 0;
      while (retries.pauseAfter(reset, patient) !== 'denied') spent += 1;
      return spent;
    };
    expect(retries.budget()).toBe(10);
    expect(spend()).toBe(10);
    expect(retries.budget()).toBe(0);
    clock.pass(1000);
    expect(spend()).toBe(10);
    clock.pass(3_600_000);
    expect(spend()).toBe(50);
  });

  it('adds no more than a fifth to what bk-job has to bear, and what was saved, when everything fails', () => {
    const readsBySecond = fc.array(fc.integer({ min: 50, max: 500 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(readsBySecond, (seconds) => {
        const clock = createManualClock();
        const retries = createRetries(usual, clock, () => 0);
        let reads = 0;
        let again = 0;
        for (const count of seconds) {
          for (let index = 0; index < count; index += 1) {
            reads += 1;
            retries.countRead();
            for (const attempts of [1, 2]) {
              if (retries.pauseAfter(reset, { attempts, timeLeft: 1e6 }) === 'denied') break;
              again += 1;
            }
            clock.pass(1000 / count);
          }
        }
        // A second can hold one read less than it was meant to, which is then given.
        expect(again).toBeLessThanOrEqual(reads * 0.2 + 10 + seconds.length);
      }),
      { numRuns: 20 },
    );
  });

  it('grows with each read by its share of a try, and is filled up to ten where reads of a second earn less', () => {
    const clock = createManualClock();
    const retries = createRetries({ ...usual, budgetPercent: 25 }, clock, () => 0);
    while (retries.pauseAfter(reset, patient) !== 'denied');
    for (let index = 0; index < 8; index += 1) retries.countRead();
    expect(retries.budget()).toBe(2);
    clock.pass(1000);
    expect(retries.budget()).toBe(10);
    for (let index = 0; index < 100; index += 1) retries.countRead();
    clock.pass(1000);
    expect(retries.budget()).toBe(35);
  });

  it('pays for reads that stand in for failed ones, and gets back what those cost that are answered', () => {
    const retries = createRetries(usual, createManualClock(), () => 0);
    for (let tries = 10; tries > 0; tries -= 1) expect(retries.pay()).toBe(true);
    expect(retries.pay()).toBe(false);
    expect(retries.pauseAfter(reset, patient)).toBe('denied');
    retries.giveBack();
    expect(retries.pay()).toBe(true);
    for (let times = 0; times < 100; times += 1) retries.giveBack();
    expect(retries.budget()).toBe(50);
  });

  it.each([
    [10, 5],
    [2, 5],
    [1, 2],
  ])('of %d a second leaves %d for reads that stand in for others', (budgetMinPerSecond, left) => {
    const clock = createManualClock();
    const retries = createRetries({ ...usual, budgetMinPerSecond, budgetPercent: 0 }, clock, () => 0);
    while (retries.pauseAfter(reset, { ...patient, isReplaceable: true }) !== 'denied');
    expect(retries.budget()).toBe(left);
  });

  it.each([
    [0, 20],
    [1, 0],
    [2, 0],
    [10, 20],
  ])(
    'of %d a second and %d %% tries the first failure again, whatever failed',
    (perSecond, budgetPercent) => {
      for (const isReplaceable of [false, true]) {
        const options = { ...usual, budgetMinPerSecond: perSecond, budgetPercent };
        const retries = createRetries(options, createManualClock(), () => 0);
        expect(retries.pauseAfter(reset, { ...patient, isReplaceable })).toBe(0);
      }
    },
  );

  it('of nothing bounds no reads that stand in for failed ones, of which nothing is given back', () => {
    const none = { ...usual, budgetPercent: 0, budgetMinPerSecond: 0 };
    const retries = createRetries(none, createManualClock(), () => 0);
    for (let times = 0; times < 100; times += 1) expect(retries.pay()).toBe(true);
    retries.giveBack();
    expect(retries.budget()).toBe(0);
    expect(retries.pauseAfter(reset, patient)).toBe('denied');
  });

  it('of nothing tries nothing again', () => {
    const none = { ...usual, budgetPercent: 0, budgetMinPerSecond: 0 };
    const retries = createRetries(none, createManualClock(), () => 0);
    for (let index = 0; index < 100; index += 1) retries.countRead();
    expect(retries.pauseAfter(reset, patient)).toBe('denied');
  });
});
