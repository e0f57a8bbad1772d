import { describe, expect, it } from 'vitest';
import { withFailedHostDetail } from '../../../src/domain/create-job-instance.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import { ipResultsOfJob, ipResultsOfStep } from '../../../src/domain/ip-result-access.ts';
import { summarizeJob, summarizeStep } from '../../../src/domain/ip-result-summary.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';

const job = buildJob({
  steps: [
    stepData({ ipResults: [hostRow({ bkHostId: '1' }), hostRow({ bkHostId: '2' })] }),
    stepData({ stepInstanceId: '76' }),
    stepData({ stepInstanceId: '77', ipResults: [hostRow({ bkHostId: '3' })] }),
  ],
});

it('hosts of a job are those of its steps, step by step', () => {
  expect(Array.from(ipResultsOfJob(job), ({ bkHostId }) => bkHostId)).toEqual(['1', '2', '3']);
  expect(ipResultsOfStep(job.steps[0]!)).toBe(job.steps[0]!.ipResults);
});

describe.each([
  ['ipResultsOfJob', (read: typeof job) => ipResultsOfJob(read)],
  ['ipResultsOfStep', (read: typeof job) => ipResultsOfStep(read.steps[0]!)],
  ['summarizeJob', (read: typeof job) => summarizeJob(read)],
  ['summarizeStep', (read: typeof job) => summarizeStep(read.steps[0]!)],
])('%s', (_name, read) => {
  it('fails with the reason for which hosts could not be read', () => {
    const error = new JobApiError('UPSTREAM_TIMEOUT');
    const failed = withFailedHostDetail(buildJob({ hostDetailRead: false }), error);
    expect(() => read(failed)).toThrow(error);
  });

  it('never shows hosts that were not asked for as no hosts', () => {
    expect(() => read(buildJob({ hostDetailRead: false }))).toThrow(
      expect.objectContaining({
        code: 'INTERNAL_SERVER_ERROR',
        cause: expect.objectContaining({ message: expect.stringContaining('read without them') }),
      }),
    );
  });
});
