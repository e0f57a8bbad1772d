import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipResultsOfJob } from '../../../src/domain/ip-result-access.ts';
import {
  groupIpResults,
  type IpResultGroupBy,
  type IpResultGrouping,
} from '../../../src/domain/ip-result-groups.ts';
import { IpResults } from '../../../src/domain/ip-results.ts';
import { arbitraryHostRows } from '../../support/arbitrary-hosts.ts';
import { buildHosts, buildJob, hostRow, stepData } from '../../support/build-job.ts';

const hosts = buildHosts([
  hostRow({ bkHostId: '1', statusCode: 11, exitCode: 1, tag: 'b', errorCode: 126 }),
  hostRow({ bkHostId: '2', statusCode: 104, exitCode: 1, tag: null, errorCode: 999 }),
  hostRow({ bkHostId: '3', statusCode: 104, exitCode: null, tag: '', errorCode: null }),
  hostRow({ bkHostId: '4', statusCode: 9, exitCode: 0, tag: 'a', errorCode: 0 }),
  hostRow({ bkHostId: '5', statusCode: 9, exitCode: 0, tag: 'a', errorCode: 0 }),
  hostRow({ bkHostId: '6', statusCode: 9, exitCode: 0, tag: 'a', errorCode: 0 }),
]);

const nothing = {
  step: null,
  phase: null,
  status: null,
  statusCode: null,
  tag: null,
  exitCode: null,
  error: null,
  errorCode: null,
};

function groups(by: readonly IpResultGroupBy[], rest: Partial<IpResultGrouping> = {}) {
  return groupIpResults(hosts, { by, limit: 100, ...rest }).map(({ ipResults, ...group }) => ({
    ...group,
    hosts: Array.from(ipResults, ({ bkHostId }) => bkHostId).join(),
  }));
}

describe('groups of hosts', () => {
  it('by STATUS hold one number each, largest first, with its word and phase', () => {
    expect(groups(['STATUS'])).toEqual([
      { ...nothing, count: 3, status: 'SUCCEEDED', statusCode: 9, phase: 'SUCCEEDED', hosts: '4,5,6' },
      { ...nothing, count: 2, status: 'SCRIPT_NONZERO_EXIT', statusCode: 104, phase: 'FAILED', hosts: '2,3' },
      { ...nothing, count: 1, status: 'FAILED', statusCode: 11, phase: 'FAILED', hosts: '1' },
    ]);
  });

  it('by PHASE put all ways of failing together', () => {
    expect(groups(['PHASE'])).toEqual([
      { ...nothing, count: 3, phase: 'FAILED', hosts: '1,2,3' },
      { ...nothing, count: 3, phase: 'SUCCEEDED', hosts: '4,5,6' },
    ]);
  });

  it('by TAG take no tag and an empty one for the same', () => {
    expect(groups(['TAG'])).toEqual([
      { ...nothing, count: 3, tag: 'a', hosts: '4,5,6' },
      { ...nothing, count: 2, tag: '', hosts: '2,3' },
      { ...nothing, count: 1, tag: 'b', hosts: '1' },
    ]);
  });

  it('by EXIT_CODE keep hosts without one apart from those with 0', () => {
    expect(groups(['EXIT_CODE'])).toEqual([
      { ...nothing, count: 3, exitCode: 0, hosts: '4,5,6' },
      { ...nothing, count: 2, exitCode: 1, hosts: '1,2' },
      { ...nothing, count: 1, exitCode: null, hosts: '3' },
    ]);
  });

  it('by ERROR_CODE carry the number and what it means', () => {
    expect(groups(['ERROR_CODE'])).toEqual([
      { ...nothing, count: 3, error: 'NONE', errorCode: 0, hosts: '4,5,6' },
      { ...nothing, count: 1, error: 'STOPPED', errorCode: 126, hosts: '1' },
      { ...nothing, count: 1, error: 'UNRECOGNIZED', errorCode: 999, hosts: '2' },
      { ...nothing, count: 1, error: null, errorCode: null, hosts: '3' },
    ]);
  });

  it('by STEP carry their step, in the order of steps where they are as large', () => {
    const job = buildJob({
      steps: ['75', '76', '77'].map((stepInstanceId, index) =>
        stepData({ stepInstanceId, ipResults: index === 2 ? [hostRow(), hostRow()] : [hostRow()] }),
      ),
    });
    const bySteps = groupIpResults(ipResultsOfJob(job), { by: ['STEP'], limit: 100 });
    expect(bySteps.map(({ step, count }) => [step, count])).toEqual([
      [job.steps[2], 2],
      [job.steps[0], 1],
      [job.steps[1], 1],
    ]);
  });

  it('by several properties share all of them, a repeated one counting once', () => {
    expect(groups(['STATUS', 'EXIT_CODE', 'STATUS'], { phase: ['FAILED'] })).toEqual([
      { ...nothing, count: 1, status: 'FAILED', statusCode: 11, phase: 'FAILED', exitCode: 1, hosts: '1' },
      {
        ...nothing,
        count: 1,
        status: 'SCRIPT_NONZERO_EXIT',
        statusCode: 104,
        phase: 'FAILED',
        exitCode: 1,
        hosts: '2',
      },
      {
        ...nothing,
        count: 1,
        status: 'SCRIPT_NONZERO_EXIT',
        statusCode: 104,
        phase: 'FAILED',
        exitCode: null,
        hosts: '3',
      },
    ]);
  });

  it('by nothing are one group of all, and none where there are no hosts', () => {
    expect(groups([])).toEqual([{ ...nothing, count: 6, hosts: '1,2,3,4,5,6' }]);
    expect(groups([], { status: [] })).toEqual([]);
  });

  it('are made of the hosts that the conditions keep', () => {
    expect(groups(['STATUS'], { status: ['FAILED'] }).map(({ hosts: kept }) => kept)).toEqual(['1']);
    expect(groups(['STATUS'], { filter: { exitCode: [1] } }).map(({ hosts: kept }) => kept)).toEqual([
      '1',
      '2',
    ]);
  });

  it.each([
    [-1, null],
    [0, null],
    [1, 1],
    [2, 2],
    [1_000, 3],
    [1_001, null],
  ])('limited to %i are %s', (limit, count) => {
    if (count !== null) expect(groups(['STATUS'], { limit })).toHaveLength(count);
    else {
      expect(() => groups(['STATUS'], { limit })).toThrow(
        expect.objectContaining({ code: 'BAD_USER_INPUT', message: 'limit must be from 1 to 1000.' }),
      );
    }
  });

  it('hold every host once, and do not depend on the order of hosts', () => {
    const properties = fc.subarray<IpResultGroupBy>([
      'STEP',
      'PHASE',
      'STATUS',
      'TAG',
      'EXIT_CODE',
      'ERROR_CODE',
    ]);
    fc.assert(
      fc.property(arbitraryHostRows, properties, (rows, by) => {
        const all = buildHosts(rows);
        const there = groupIpResults(all, { by, limit: 1_000 });
        const back = groupIpResults(reversed(all), { by, limit: 1_000 });
        expect(new Set(there.flatMap(({ ipResults }) => [...ipResults]))).toEqual(new Set(all));
        expect(there.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        expect(back.map(({ ipResults: _hosts, ...group }) => group)).toEqual(
          there.map(({ ipResults: _hosts, ...group }) => group),
        );
      }),
    );
  });
});

function reversed({ table, rows }: IpResults): IpResults {
  return new IpResults(table, rows.toReversed());
}
