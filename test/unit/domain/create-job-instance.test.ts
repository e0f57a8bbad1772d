import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withFailedHostDetail } from '../../../src/domain/create-job-instance.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import { stepIpResultGlobalId } from '../../../src/domain/identifiers.ts';
import { arbitraryHostRows } from '../../support/arbitrary-hosts.ts';
import { buildHosts, buildJob, hostRow, stepData } from '../../support/build-job.ts';

describe('a job', () => {
  it('knows its steps, they know it and their place, and hosts know their step', () => {
    const job = buildJob({
      steps: [stepData({ ipResults: [hostRow()] }), stepData({ stepInstanceId: '76', name: 'second' })],
    });
    expect(job.steps.map(({ stepInstanceId, position, name }) => [stepInstanceId, position, name])).toEqual([
      ['75', 0, 'step'],
      ['76', 1, 'second'],
    ]);
    for (const step of job.steps) expect(step.jobInstance).toBe(job);
    expect(job.steps[0]!.ipResults.at(0)!.step).toBe(job.steps[0]);
    expect(job.steps[0]!.ipResults.at(0)).toMatchObject(hostRow());
  });

  it.each([
    [true, 'read'],
    [false, 'not-read'],
  ])('read with hosts (%s) says so', (hostDetailRead, kind) => {
    expect(buildJob({ hostDetailRead }).hostDetail).toEqual({ kind });
  });

  it('whose hosts failed keeps everything else and the reason', () => {
    const plain = buildJob({ hostDetailRead: false });
    const error = new JobApiError('UPSTREAM_TIMEOUT');
    const job = withFailedHostDetail(plain, error);
    const { steps, hostDetail, ...rest } = job;
    expect(hostDetail).toEqual({ kind: 'failed', error });
    expect(rest).toEqual({ ...plain, steps: undefined, hostDetail: undefined });
    expect(steps).toHaveLength(1);
    expect(steps[0]).toEqual({ ...plain.steps[0], jobInstance: job });
    expect(steps[0]!.jobInstance).toBe(job);
  });
});

describe('rows of one host in one step', () => {
  it('are numbered by when they started, those that have not last', () => {
    const rows = [hostRow({ startTime: null }), hostRow({ startTime: 3_000 }), hostRow({ startTime: 1_000 })];
    expect(Array.from(buildHosts(rows), ({ startTime, occurrence }) => [startTime, occurrence])).toEqual([
      [null, 2],
      [3_000, 1],
      [1_000, 0],
    ]);
  });

  it('are told apart by address where bk-job does not tell their id', () => {
    const rows = [
      hostRow({ bkHostId: null }),
      hostRow({ bkHostId: null, bkCloudId: '2' }),
      hostRow({ bkHostId: null, ip: '192.0.2.2' }),
      hostRow({ bkHostId: null, ip: null, bkCloudId: null }),
    ];
    expect(Array.from(buildHosts(rows), ({ occurrence }) => occurrence)).toEqual([0, 0, 0, 0]);
  });

  it('are one host under one id, whatever their addresses', () => {
    const rows = [hostRow({ ip: null, startTime: 1_000 }), hostRow({ startTime: 2_000 })];
    expect(Array.from(buildHosts(rows), ({ occurrence }) => occurrence)).toEqual([0, 1]);
  });

  it.each(['endTime', 'totalTime', 'statusCode', 'exitCode', 'errorCode'] as const)(
    'that started together are told apart by %s',
    (property) => {
      const rows = [hostRow({ [property]: 2 }), hostRow({ [property]: 1 })];
      expect(Array.from(buildHosts(rows), ({ occurrence }) => occurrence)).toEqual([1, 0]);
    },
  );

  it('get the same id wherever they stand in the answer', () => {
    fc.assert(
      fc.property(
        arbitraryHostRows.chain((rows) =>
          fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
        ),
        ([rows, shuffled]) => {
          expect(idsWithContent(shuffled)).toEqual(idsWithContent(rows));
        },
      ),
    );
  });
});

function idsWithContent(rows: Parameters<typeof buildHosts>[0]): readonly string[] {
  return Array.from(buildHosts(rows), (result) => {
    const { step: _step, ...row } = result;
    return `${stepIpResultGlobalId(result)} ${JSON.stringify(row)}`;
  }).sort();
}
