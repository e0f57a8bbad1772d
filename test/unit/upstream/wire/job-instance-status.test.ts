import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJobInstanceStatus } from '../../../../src/upstream/wire/job-instance-status.ts';
import type { WireObject } from '../../../../src/upstream/wire/json.ts';
import { WireFormatError } from '../../../../src/upstream/wire/wire-format-error.ts';

type Json = Record<string, unknown>;

const job = { scope: { kind: 'biz', id: '2' }, jobInstanceId: '9007199254740993' } as const;

function statusJson(changes: { job?: Json; step?: Json; row?: Json; data?: Json } = {}): WireObject {
  const row = {
    bk_host_id: 101,
    ip: '192.0.2.1',
    bk_cloud_id: 0,
    status: 9,
    tag: 'ok',
    exit_code: 0,
    error_code: 0,
    start_time: 1_000,
    end_time: 3_000,
    total_time: 2_000,
    ...changes.row,
  };
  const step = {
    step_instance_id: 75,
    name: 'step',
    status: 4,
    type: 1,
    execute_count: 2,
    create_time: 500,
    start_time: 1_000,
    end_time: 3_000,
    total_time: 2_000,
    step_ip_result_list: [row],
    ...changes.step,
  };
  return {
    finished: true,
    job_instance: {
      job_instance_id: 9007199254740993n,
      name: 'job',
      status: 4,
      create_time: 500,
      start_time: 1_000,
      end_time: 3_000,
      total_time: 2_000,
      ...changes.job,
    },
    step_instance_list: [step],
    ...changes.data,
  };
}

const decode = (data: WireObject, hostDetail = true) =>
  decodeJobInstanceStatus(data, { job, hostDetail, observedAt: 0 });
const decodedRow = (row: Json) => decode(statusJson({ row })).steps[0]!.ipResults[0]!;
const decodedStep = (step: Json) => decode(statusJson({ step })).steps[0]!;

it('a status is read member by member', () => {
  expect(decode(statusJson())).toEqual({
    ...job,
    observedAt: 0,
    name: 'job',
    statusCode: 4,
    finished: true,
    createTime: 500,
    startTime: 1_000,
    endTime: 3_000,
    totalTime: 2_000,
    hostDetailRead: true,
    steps: [
      {
        stepInstanceId: '75',
        name: 'step',
        typeCode: 1,
        statusCode: 4,
        executeCount: 2,
        createTime: 500,
        startTime: 1_000,
        endTime: 3_000,
        totalTime: 2_000,
        ipResults: [
          {
            ip: '192.0.2.1',
            bkCloudId: '0',
            bkHostId: '101',
            statusCode: 9,
            tag: 'ok',
            exitCode: 0,
            errorCode: 0,
            startTime: 1_000,
            endTime: 3_000,
            totalTime: 2_000,
          },
        ],
      },
    ],
  });
});

it('rows that were not asked for are not read', () => {
  const status = decode(statusJson({ step: { step_ip_result_list: 'anything' } }), false);
  expect(status).toMatchObject({ hostDetailRead: false, steps: [{ ipResults: [] }] });
});

describe.each([
  [
    'a row',
    'row',
    [
      'ip',
      'bk_cloud_id',
      'bk_host_id',
      'tag',
      'exit_code',
      'error_code',
      'start_time',
      'end_time',
      'total_time',
    ],
  ],
  ['a step', 'step', ['create_time', 'start_time', 'end_time', 'total_time']],
  ['a job', 'job', ['create_time', 'start_time', 'end_time', 'total_time']],
] as const)('what %s may lack', (_what, place, members) => {
  const domainNames: Readonly<Record<string, string>> = {
    ip: 'ip',
    bk_cloud_id: 'bkCloudId',
    bk_host_id: 'bkHostId',
    tag: 'tag',
    exit_code: 'exitCode',
    error_code: 'errorCode',
    create_time: 'createTime',
    start_time: 'startTime',
    end_time: 'endTime',
    total_time: 'totalTime',
  };

  it.each(members)('%s is null where it is null or absent', (member) => {
    for (const value of [null, undefined]) {
      const status = decode(statusJson({ [place]: { [member]: value } }));
      const read = { job: status, step: status.steps[0]!, row: status.steps[0]!.ipResults[0]! }[place];
      expect(Object.entries(read)).toContainEqual([domainNames[member], null]);
    }
  });
});

describe('times', () => {
  it('of 0 are none, durations of 0 are durations', () => {
    expect(decodedRow({ start_time: 0, end_time: 0, total_time: 0 })).toMatchObject({
      startTime: null,
      endTime: null,
      totalTime: 0,
    });
  });

  it('may lie anywhere that a DateTime can, and durations may be negative', () => {
    const [first, last] = [Date.parse('0000-01-01T00:00:00.000Z'), Date.parse('9999-12-31T23:59:59.999Z')];
    expect(decodedRow({ start_time: -1, end_time: last, total_time: -5 })).toMatchObject({
      startTime: -1,
      endTime: last,
      totalTime: -5,
    });
    expect(decodedRow({ start_time: first }).startTime).toBe(first);
  });

  it.each([253_402_300_800_000, -62_167_219_200_001, 8.64e15, 1.5, '1000', true, 9007199254740993n, {}])(
    'of %s are refused',
    (value) => {
      expect(() => decodedRow({ start_time: value })).toThrow(/^start_time is not a time\.$/);
    },
  );

  it.each([1.5, '1000', 9007199254740993n])('and durations of %s are refused', (value) => {
    expect(() => decodedRow({ total_time: value })).toThrow(/^total_time is not a duration\.$/);
  });
});

describe('ids', () => {
  it.each([
    [9007199254740993n, '9007199254740993'],
    [1, '1'],
    [0, '0'],
  ])('of %s are text', (value, text) => {
    expect(decodedRow({ bk_host_id: value, bk_cloud_id: value })).toMatchObject({
      bkHostId: text,
      bkCloudId: text,
    });
    expect(decodedStep({ step_instance_id: value }).stepInstanceId).toBe(text);
  });

  it.each([1.5, true, 'x', 1e300, {}])('of %s are refused', (value) => {
    expect(() => decodedRow({ bk_host_id: value })).toThrow(/^bk_host_id is not an id\.$/);
  });

  it('of a job must be the one that was asked for', () => {
    expect(() => decode(statusJson({ job: { job_instance_id: 1 } }))).toThrow(/another job/);
    expect(() => decode(statusJson({ job: { job_instance_id: null } }))).toThrow(
      /^job_instance_id is not an id\.$/,
    );
  });
});

describe('numbers', () => {
  it.each([2 ** 31 - 1, -(2 ** 31), 0])('of 32 bits are read: %i', (value) => {
    expect(decodedRow({ status: value, exit_code: value, error_code: value })).toMatchObject({
      statusCode: value,
      exitCode: value,
      errorCode: value,
    });
  });

  it.each([2 ** 31, -(2 ** 31) - 1, 1.5, '9', null, undefined, true, [9]])(
    'of a status are not %s',
    (value) => {
      expect(() => decodedRow({ status: value })).toThrow(/^status is not a 32-bit number\.$/);
    },
  );

  it.each(['type', 'execute_count', 'status'])('of a step are needed: %s', (member) => {
    expect(() => decodedStep({ [member]: undefined })).toThrow(`${member} is not a 32-bit number.`);
  });
});

describe('a status that is not whole', () => {
  it.each<[string, Parameters<typeof statusJson>[0]]>([
    ['finished', { data: { finished: 'true' } }],
    ['finished', { data: { finished: null } }],
    ['job_instance', { data: { job_instance: null } }],
    ['job_instance', { data: { job_instance: [] } }],
    ['step_instance_list', { data: { step_instance_list: {} } }],
    ['step_instance_list', { data: { step_instance_list: [null] } }],
    ['step_instance_list', { data: { step_instance_list: [[]] } }],
    ['step_ip_result_list', { step: { step_ip_result_list: 'none' } }],
    ['step_ip_result_list', { step: { step_ip_result_list: [1] } }],
    ['name', { job: { name: null } }],
    ['name', { step: { name: 5 } }],
    ['ip', { row: { ip: 5 } }],
    ['tag', { row: { tag: false } }],
  ])('is refused by the name of %s', (member, changes) => {
    expect(() => decode(statusJson(changes))).toThrow(WireFormatError);
    expect(() => decode(statusJson(changes))).toThrow(
      new RegExp(`^${member} is not an? |^${member} is not true`),
    );
  });

  it.each([{ step_instance_list: [] }, { step_instance_list: null }, { step_instance_list: undefined }])(
    'is one without steps: %j',
    (data) => {
      expect(() => decode(statusJson({ data }))).toThrow(/no steps/);
    },
  );

  it('does not take inherited members for its own', () => {
    const inherited = Object.create({ finished: true }) as WireObject;
    const { finished: _finished, ...rest } = statusJson();
    expect(() => decode(Object.assign(inherited, rest))).toThrow(/^finished is not true or false\.$/);
  });
});

it('a host without an address has null, an empty tag stays empty', () => {
  expect(decodedRow({ ip: '', tag: '' })).toMatchObject({ ip: null, tag: '' });
});

it('rows of null are none', () => {
  expect(decodedStep({ step_ip_result_list: null }).ipResults).toEqual([]);
});

it('whatever JSON is sent, it is read or refused, and nothing else', () => {
  const members = [
    'finished',
    'job_instance',
    'step_instance_list',
    'step_ip_result_list',
    'status',
    'name',
    'ip',
  ];
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.bigInt(), fc.string(), fc.double()),
      fc.array(tie('tree')),
      fc.dictionary(fc.constantFrom(...members), tie('tree')),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...members), tree), (data) => {
      try {
        expect(decode(data as WireObject).steps.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(WireFormatError);
      }
    }),
  );
});
