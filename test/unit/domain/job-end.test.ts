import { describe, expect, it } from 'vitest';
import { confirmationOf, isFinal, needsConfirmation } from '../../../src/domain/job-end.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';

const ofSteps = (...statusCodes: readonly number[]) => ({
  steps: statusCodes.map((statusCode) => stepData({ statusCode })),
});
const ofHosts = (...statusCodes: readonly number[]) => ({
  steps: [stepData({ ipResults: statusCodes.map((statusCode) => hostRow({ statusCode })) })],
});

describe('a job that is over', () => {
  it.each([
    ['succeeded', {}],
    ['was given up', { statusCode: 14 }],
    [
      'has steps that succeeded, failed and are passed over, were stopped or left out',
      ofSteps(3, 4, 6, 11, 5),
    ],
    ['has hosts that succeeded, failed or were stopped', ofHosts(9, 11, 103)],
  ])('and %s can never be another', (_how, job) => {
    expect(isFinal(buildJob(job))).toBe(true);
    expect(needsConfirmation(buildJob(job))).toBe(false);
  });

  it.each([4, 8, 9, 11, 13])('with state %i may run again', (statusCode) => {
    expect(isFinal(buildJob({ statusCode }))).toBe(false);
    expect(needsConfirmation(buildJob({ statusCode }))).toBe(true);
  });

  it.each([2, 7, 10, 15])('is not believed while one step is in state %i', (statusCode) => {
    const job = buildJob(ofSteps(3, statusCode));
    expect(isFinal(job)).toBe(false);
    expect(needsConfirmation(job)).toBe(true);
  });

  it.each([
    ['a step that has not begun', ofSteps(3, 1)],
    ['a step in a state that nobody knows', ofSteps(3, 99)],
    ['a host that waits', ofHosts(9, 5)],
    ['a host at work', ofHosts(7, 9)],
    ['a host in a state that nobody knows', ofHosts(9, 999)],
  ])('may become another where it has %s, and is believed', (_what, job) => {
    expect(isFinal(buildJob(job))).toBe(false);
    expect(needsConfirmation(buildJob(job))).toBe(false);
  });
});

it('a job that is not over is not final, whatever else it says', () => {
  expect(isFinal(buildJob({ finished: false }))).toBe(false);
});

describe('the end of a job that was read twice', () => {
  const withoutHosts = buildJob({ hostDetailRead: false });
  const withHosts = buildJob(ofHosts(9, 11));

  it('is confirmed where both say the same, its hosts where both have as many', () => {
    const again = buildJob({ ...ofHosts(9, 9), observedAt: 1 });
    expect(confirmationOf(again, withHosts)).toEqual({ job: true, hosts: true });
    expect(confirmationOf(buildJob(), buildJob())).toEqual({ job: true, hosts: true });
  });

  it.each([
    ['neither read has any', withoutHosts, withoutHosts],
    ['the earlier read has none', withHosts, withoutHosts],
    ['the later read has none', withoutHosts, withHosts],
    ['the earlier read has none, and the later one looked in vain', buildJob(), withoutHosts],
    ['the later read has none, and the earlier one looked in vain', withoutHosts, buildJob()],
    ['one has come', buildJob(ofHosts(9, 11, 9)), withHosts],
    ['one has gone', buildJob(ofHosts(9)), withHosts],
    ['one stands in another step', ofTwoSteps(1, 2), ofTwoSteps(2, 1)],
  ])('is confirmed without its hosts where %s', (_why, job, earlier) => {
    expect(confirmationOf(job, earlier)).toEqual({ job: true, hosts: false });
  });

  it.each([
    ['its name is another', buildJob({ name: 'renamed' }), buildJob()],
    ['a step ran again', buildJob({ steps: [stepData({ executeCount: 1 })] }), buildJob()],
    ['a step has come', buildJob(ofSteps(3, 3)), buildJob(ofSteps(3))],
  ])('is not confirmed where %s', (_why, job, earlier) => {
    expect(confirmationOf(job, earlier)).toEqual({ job: false, hosts: false });
  });
});

/** A job of two steps, each with so many hosts. */
function ofTwoSteps(...counts: readonly number[]) {
  return buildJob({
    steps: counts.map((count, place) =>
      stepData({
        stepInstanceId: String(place),
        ipResults: Array.from({ length: count }, (_none, host) => hostRow({ bkHostId: String(host) })),
      }),
    ),
  });
}
