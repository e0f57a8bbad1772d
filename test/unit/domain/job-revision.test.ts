import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobInstanceData, StepInstanceData } from '../../../src/domain/create-job-instance.ts';
import { jobRevision } from '../../../src/domain/job-revision.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';

const revisionOf = (job: Partial<JobInstanceData> = {}) => jobRevision(buildJob(job));
const ofStep = (step: Partial<StepInstanceData>) => revisionOf({ steps: [stepData(step)] });

describe('the revision of a job', () => {
  it('is the same for the same state, whenever and with whatever hosts it was read', () => {
    expect(revisionOf({ observedAt: 1 })).toBe(revisionOf({ observedAt: 2 }));
    expect(ofStep({ ipResults: [hostRow()] })).toBe(ofStep({ ipResults: [hostRow({ statusCode: 11 })] }));
    expect(revisionOf({ hostDetailRead: false })).toBe(revisionOf());
  });

  it.each<[string, string]>([
    ['the status', revisionOf({ statusCode: 4 })],
    ['whether it is over', revisionOf({ finished: false })],
    ['the name', revisionOf({ name: 'other' })],
    ['its end', revisionOf({ endTime: null })],
    ['how long it took', revisionOf({ totalTime: 1001 })],
    ['the number of its steps', revisionOf({ steps: [stepData(), stepData()] })],
    ['the status of a step', ofStep({ statusCode: 4 })],
    ['the attempt of a step', ofStep({ executeCount: 1 })],
    ['the start of a step', ofStep({ startTime: 1001 })],
    ['the name of a step', ofStep({ name: 'other' })],
  ])('changes with %s', (_what, other) => {
    expect(other).not.toBe(revisionOf());
  });

  it('tells ten thousand states apart that differ in one number', () => {
    const revisions = Array.from({ length: 10_000 }, (_, startTime) => ofStep({ startTime }));
    expect(new Set(revisions).size).toBe(revisions.length);
  });

  it('tells names apart, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        expect(revisionOf({ name: one }) === revisionOf({ name: other })).toBe(one === other);
      }),
    );
  });

  it('is made of the state alone: another process makes the same', () => {
    const script = `
      import { jobRevision } from './src/domain/job-revision.ts';
      import { buildJob } from './test/support/build-job.ts';
      process.stdout.write(jobRevision(buildJob()));`;
    const node = ['--import', 'tsx', '--input-type=module', '--eval', script];
    expect(execFileSync(process.execPath, node, { encoding: 'utf8' })).toBe(revisionOf());
  });
});
