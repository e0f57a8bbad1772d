import type { SimulatedJob } from '../job-model.ts';
import {
  hostRow,
  hour,
  job,
  machines,
  minute,
  scriptFailed,
  since,
  stopped,
  succeeded,
  succeededRows,
  timedOut,
  took,
  type DemoOptions,
} from './build.ts';

/** Jobs that show one thing each: a kind of step, of host, of owner, of number. */
export function otherJobs({ start }: DemoOptions): readonly SimulatedJob[] {
  return [
    retried(start),
    ipv6Only(start),
    unknownCodes(start),
    plainSuccess(start),
    sql(start),
    jobOfBob(start),
    onContainers(start),
    ofBusinessSet(start),
    ofTenantSet(start),
  ];
}

function retried(start: number): SimulatedJob {
  const begin = start - 90 * minute;
  const [one, two] = machines(2);
  const again = begin + 595_100;
  return job({
    jobInstanceId: '20000000006',
    name: 'renew certificates',
    statusCode: 3,
    createTime: begin - 400,
    ...took(begin, 600_000),
    shows: 'A step was retried (execute_count 1): the host that had succeeded keeps its first times.',
    steps: [
      {
        name: 'renew',
        statusCode: 3,
        executeCount: 1,
        ...took(begin + 30, 599_870),
        hosts: [
          ...(one === undefined ? [] : [hostRow(one, succeeded, took(begin + 600, 1100))]),
          ...(two === undefined ? [] : [hostRow(two, succeeded, took(again, 4700))]),
        ],
      },
    ],
  });
}

function ipv6Only(start: number): SimulatedJob {
  const begin = start - 100 * minute;
  return job({
    jobInstanceId: '20000000008',
    name: 'check time servers',
    statusCode: 3,
    createTime: begin - 400,
    ...took(begin, 3000),
    shows: 'One host has no IPv4: its ip is null, and its id alone names it.',
    steps: [
      {
        name: 'check',
        statusCode: 3,
        ...took(begin + 30, 2870),
        hosts: [
          ...succeededRows(machines(1), begin + 100, 1000),
          hostRow({ bkHostId: '102', ip: null, bkCloudId: '3' }, succeeded, took(begin + 100, 1100)),
        ],
      },
    ],
  });
}

function unknownCodes(start: number): SimulatedJob {
  const begin = start - 6 * minute;
  return job({
    jobInstanceId: '20000000010',
    name: 'job of a newer bk-job',
    statusCode: 16,
    createTime: begin - 400,
    ...since(begin),
    shows: 'Numbers that no bk-job of today sends: of the job, its step, its type, its host and its error.',
    steps: [
      {
        name: 'step of a newer bk-job',
        statusCode: 16,
        typeCode: 5,
        ...since(begin + 30),
        hosts: machines(1).map((machine) =>
          hostRow(machine, { statusCode: 999, exitCode: null, errorCode: -1 }, since(begin + 100)),
        ),
      },
    ],
  });
}

function plainSuccess(start: number): SimulatedJob {
  const begin = start - 110 * minute;
  return job({
    jobInstanceId: '20000000011',
    name: 'nightly cleanup',
    statusCode: 3,
    createTime: begin - 400,
    ...took(begin, 12_000),
    shows: 'Plain success on hosts of two cloud areas.',
    steps: [
      {
        name: 'delete temporary files',
        statusCode: 3,
        ...took(begin + 30, 5070),
        hosts: [
          ...succeededRows(machines(4), begin + 100, 1000),
          ...succeededRows(machines(2, 250), begin + 100, 4000),
        ],
      },
      {
        name: 'report',
        statusCode: 3,
        ...took(begin + 5200, 6700),
        hosts: succeededRows(machines(1), begin + 5300, 6500),
      },
    ],
  });
}

function sql(start: number): SimulatedJob {
  const begin = start - 120 * minute;
  return job({
    jobInstanceId: '20000000012',
    name: 'add index on orders',
    statusCode: 3,
    createTime: begin - 400,
    ...took(begin, 3000),
    shows: 'A SQL step (type 4).',
    steps: [
      {
        name: 'add index',
        statusCode: 3,
        typeCode: 4,
        ...took(begin + 30, 2870),
        hosts: succeededRows(machines(1), begin + 100, 2700),
      },
    ],
  });
}

function jobOfBob(start: number): SimulatedJob {
  const begin = start - 130 * minute;
  return job({
    jobInstanceId: '20000000013',
    name: 'query of bob',
    statusCode: 3,
    createTime: begin - 400,
    ...took(begin, 2000),
    operator: 'bob',
    shows: "Bob's own: he sees it without view_history, the only one of business 2 that he does.",
    steps: [
      {
        name: 'query',
        statusCode: 3,
        ...took(begin + 30, 1900),
        hosts: succeededRows(machines(2), begin + 100, 1500),
      },
    ],
  });
}

function onContainers(start: number): SimulatedJob {
  const begin = start - 140 * minute;
  return job({
    jobInstanceId: '20000000021',
    name: 'restart pods',
    statusCode: 3,
    createTime: begin - 400,
    ...took(begin, 4000),
    onContainers: true,
    shows: 'Runs on containers: answers without hosts, and fails (1240002) when hosts are asked for.',
    steps: [{ name: 'restart', statusCode: 3, ...took(begin + 30, 3900) }],
  });
}

function ofBusinessSet(start: number): SimulatedJob {
  const begin = start - 150 * minute;
  const outcomes = [
    succeeded,
    succeeded,
    scriptFailed(2, 'old kernel'),
    succeeded,
    timedOut,
    stopped,
    succeeded,
    succeeded,
  ];
  return job({
    scope: { type: 'biz_set', id: '9' },
    jobInstanceId: '20000000030',
    name: 'audit of all businesses',
    statusCode: 4,
    createTime: begin - 400,
    ...took(begin, 61_000),
    shows: 'Belongs to a business set.',
    steps: [
      {
        name: 'audit',
        statusCode: 4,
        ...took(begin + 30, 60_900),
        hosts: machines(outcomes.length).map((machine, index) =>
          hostRow(machine, outcomes[index] ?? succeeded, took(begin + 100, 1000 + 700 * index)),
        ),
      },
    ],
  });
}

function ofTenantSet(start: number): SimulatedJob {
  const begin = start - 160 * minute;
  return job({
    scope: { type: 'tenant_set', id: '7' },
    jobInstanceId: '20000000031',
    name: 'audit of all tenants',
    statusCode: 3,
    createTime: begin - hour,
    ...took(begin, 4000),
    shows: 'Belongs to a tenant set.',
    steps: [
      {
        name: 'audit',
        statusCode: 3,
        ...took(begin + 30, 3900),
        hosts: succeededRows(machines(3), begin + 100, 3000),
      },
    ],
  });
}
