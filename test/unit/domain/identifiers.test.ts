import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findIpResult,
  jobInstanceGlobalId,
  parseBkCloudId,
  parseGlobalId,
  parseUpstreamId,
  stepInstanceGlobalId,
  stepIpResultGlobalId,
} from '../../../src/domain/identifiers.ts';
import type { StepInstance } from '../../../src/domain/job-instance.ts';
import { arbitraryHostRows } from '../../support/arbitrary-hosts.ts';
import { buildJob, buildStep, hostRow, stepData } from '../../support/build-job.ts';

const notUpstreamIds = [
  '',
  '0',
  '01',
  '-1',
  '+1',
  '1.0',
  '1e3',
  ' 1',
  '1 ',
  '1\n',
  '１',
  '12345678901234567890',
  'x',
];

describe('an identifier of the upstream', () => {
  it.each(['1', '100', '20000000004', '9007199254740993', '9999999999999999999'])(
    '%s is taken as it is',
    (id) => {
      expect(parseUpstreamId(id, 'jobInstanceId')).toBe(id);
    },
  );

  it.each(notUpstreamIds)('%j is refused by the name of its argument', (id) => {
    expect(() => parseUpstreamId(id, 'jobInstanceId')).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        message: expect.stringMatching(/^jobInstanceId must be/),
      }),
    );
  });
});

describe('a cloud area', () => {
  it.each(['0', '1', '9007199254740993'])('%s is taken as it is', (id) => {
    expect(parseBkCloudId(id, 'filter.bkCloudId')).toBe(id);
  });

  it.each(notUpstreamIds.filter((id) => id !== '0'))('%j is refused by the name of its argument', (id) => {
    expect(() => parseBkCloudId(id, 'filter.bkCloudId')).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        message: expect.stringMatching(/^filter\.bkCloudId must be/),
      }),
    );
  });
});

describe('a global id', () => {
  it('is a path in clear text', () => {
    const step = buildStep([hostRow(), hostRow({ bkHostId: null })]);
    expect(jobInstanceGlobalId(step.jobInstance)).toBe('biz:1:100');
    expect(stepInstanceGlobalId(step)).toBe('biz:1:100:75');
    expect(Array.from(step.ipResults, stepIpResultGlobalId)).toEqual([
      'biz:1:100:75:101',
      'biz:1:100:75:0/192.0.2.1',
    ]);
  });

  it.each(['biz', 'biz_set', 'tenant_set'] as const)('of a job of a %s names it again', (kind) => {
    const job = { scope: { kind, id: '9' }, jobInstanceId: '9007199254740993' };
    expect(parseGlobalId(jobInstanceGlobalId(job))).toEqual({ kind: 'JobInstance', job });
    const step = { jobInstance: job, stepInstanceId: '75' };
    expect(parseGlobalId(stepInstanceGlobalId(step))).toEqual({
      kind: 'StepInstance',
      job,
      stepInstanceId: '75',
    });
  });

  it.each([
    ['biz:12:345', { kind: 'JobInstance', job: { scope: { kind: 'biz', id: '12' }, jobInstanceId: '345' } }],
    [
      'biz:12:345:6789',
      {
        kind: 'StepInstance',
        job: { scope: { kind: 'biz', id: '12' }, jobInstanceId: '345' },
        stepInstanceId: '6789',
      },
    ],
    [
      'biz:12:345:6789:0/a:b~1',
      {
        kind: 'StepIpResult',
        job: { scope: { kind: 'biz', id: '12' }, jobInstanceId: '345' },
        stepInstanceId: '6789',
        host: '0/a:b~1',
      },
    ],
  ])('%s is taken apart', (text, parsed) => {
    expect(parseGlobalId(text)).toEqual(parsed);
  });

  it('of a host without an id is its cloud area and address, as far as they are known', () => {
    const rows = [{ ip: null, bkCloudId: '3' }, { ip: null, bkCloudId: null }, { bkCloudId: null }];
    const step = buildStep(rows.map((row) => hostRow({ bkHostId: null, ...row })));
    const ids = Array.from(step.ipResults, stepIpResultGlobalId);
    expect(ids).toEqual(['biz:1:100:75:3/', 'biz:1:100:75:/', 'biz:1:100:75:/192.0.2.1']);
    expect(ids.map((id) => findByGlobalId(step, id))).toEqual([...step.ipResults]);
  });

  it('of a host finds that host and no other, whatever is known of the hosts', () => {
    fc.assert(
      fc.property(arbitraryHostRows, (rows) => {
        const step = buildStep(rows);
        const ids = Array.from(step.ipResults, stepIpResultGlobalId);
        expect(new Set(ids).size).toBe(rows.length);
        expect(ids.map((id) => findByGlobalId(step, id))).toEqual([...step.ipResults]);
      }),
    );
  });

  it('of a host that the step does not have finds nothing', () => {
    expect(findIpResult(buildStep([hostRow()]), '102')).toBeNull();
    expect(findIpResult(buildStep([hostRow()]), '101~1')).toBeNull();
  });

  it.each([
    '',
    'biz',
    'biz:1',
    'biz:1:',
    'biz:0:100',
    'biz:1:0',
    'plan:1:100',
    'biz:1:100:',
    'biz:1:100:0',
    'biz:1:100:75:',
    ' biz:1:100',
    'biz:1:100 ',
    'xbiz:1:100',
    'biz:12345678901234567890:1',
  ])('%j is none', (text) => {
    expect(parseGlobalId(text)).toBeNull();
  });
});

function findByGlobalId(step: StepInstance, id: string) {
  const parsed = parseGlobalId(id);
  if (parsed?.kind !== 'StepIpResult') throw new Error(`${id} names no host.`);
  expect(parsed).toMatchObject({
    job: { scope: { kind: 'biz', id: '1' }, jobInstanceId: '100' },
    stepInstanceId: '75',
  });
  return findIpResult(step, parsed.host);
}

it('hosts of two steps with the same number are told apart by their step', () => {
  const job = buildJob({
    steps: ['75', '76'].map((stepInstanceId) => stepData({ stepInstanceId, ipResults: [hostRow()] })),
  });
  const ids = job.steps.flatMap((step) => Array.from(step.ipResults, stepIpResultGlobalId));
  expect(ids).toEqual(['biz:1:100:75:101', 'biz:1:100:76:101']);
});
