import { expect, it } from 'vitest';
import { pollInterval } from '../../../src/domain/poll-interval.ts';
import { buildJob } from '../../support/build-job.ts';

const start = 1_000_000;

function runningFor(age: number, times: { startTime?: number | null; createTime?: number | null } = {}) {
  return buildJob({ finished: false, statusCode: 2, startTime: start, observedAt: start + age, ...times });
}

it.each([
  [0, 1000],
  [9_999, 1000],
  [10_000, 2000],
  [59_999, 2000],
  [60_000, 5000],
  [299_999, 5000],
  [300_000, 10_000],
  [864_000_000, 10_000],
  [-60_000, 1000],
])('a job that runs for %i ms is worth a look every %i ms', (age, interval) => {
  expect(pollInterval(runningFor(age))).toBe(interval);
});

it('a job that has not begun is as old as since it was made', () => {
  expect(pollInterval(runningFor(0, { startTime: null, createTime: start - 20_000 }))).toBe(2000);
});

it('a job without times is looked at as rarely as an old one', () => {
  expect(pollInterval(runningFor(0, { startTime: null, createTime: null }))).toBe(10_000);
});

it('a job that is over is worth none', () => {
  expect(pollInterval(buildJob())).toBeNull();
});
