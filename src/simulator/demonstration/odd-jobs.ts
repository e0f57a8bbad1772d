import type { SimulatedHost, SimulatedJob } from '../job-model.ts';
import { createRandom, type Random } from '../random.ts';
import { host, hours, job, range, ranFor, ranHost, seconds, step, succeededHosts } from './builders.ts';

/** Jobs that try a client: large, without addresses, with numbers nobody knows, of sets, by the dozen. */
export function oddJobs(now: number, seed: number): readonly SimulatedJob[] {
  const began = now - hours(2);
  const random = createRandom(seed);
  return [
    withoutIpv4(began),
    tenThousandHosts(began, random),
    unknownCodes(began),
    sql(began),
    onContainers(began),
    idsBeyondDoubles(began),
    ofSet('20000000030', { type: 'biz_set', id: '9' }, began),
    ofSet('20000000031', { type: 'tenant_set', id: '7' }, began),
    ...smallJobs(began, random),
  ];
}

/** v3 has no member for IPv6: such a host has its id alone (upstream contract 2.2). */
function withoutIpv4(began: number): SimulatedJob {
  return job('20000000008', {
    name: 'Ping from IPv6',
    statusCode: 3,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(3)),
    steps: [
      step('20000000801', {
        name: 'Ping',
        statusCode: 3,
        ...ranFor(began, seconds(3)),
        hosts: [
          ...succeededHosts([1], began + 100),
          ranHost(2, began + 100, { ip: null, statusCode: 9, totalTime: 800 }),
        ],
      }),
    ],
  });
}

const hostCount = 10_000;
const failureCount = 37;
const failures = [
  { statusCode: 104, exitCode: 1, tag: 'disk full' },
  { statusCode: 104, exitCode: 2, tag: 'timeout of mirror' },
  { statusCode: 102, exitCode: 124, tag: '' },
  { statusCode: 310, exitCode: null, errorCode: 117, tag: '' },
  { statusCode: 18, exitCode: null, tag: '' },
] as const;

/** Ten thousand hosts, of which exactly 37 failed; which and how follows from the seed. */
function tenThousandHosts(began: number, random: Random): SimulatedJob {
  const failed = new Set<number>();
  while (failed.size < failureCount) failed.add(Math.floor(random() * hostCount));
  const hosts = range(0, hostCount - 1).map((number) => {
    const place = {
      ip: `10.${String(Math.floor(number / 250))}.1.${String((number % 250) + 1)}`,
      bkHostId: String(10_000 + number),
    };
    const totalTime = 500 + Math.floor(random() * 20_000);
    const failure = failures[Math.floor(random() * failures.length)];
    const outcome = failed.has(number) && failure !== undefined ? failure : { statusCode: 9 };
    return ranHost(number, began + 200, { ...place, totalTime, ...outcome });
  });
  return job('20000000009', {
    name: 'Update agents everywhere',
    statusCode: 4,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(60)),
    steps: [step('20000000901', { name: 'Update', statusCode: 4, ...ranFor(began, seconds(60)), hosts })],
  });
}

/** Numbers that a later bk-job may send. */
function unknownCodes(began: number): SimulatedJob {
  return job('20000000010', {
    name: 'From the future',
    statusCode: 99,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(5)),
    finished: true,
    steps: [
      step('20000001001', {
        name: 'Unknown',
        typeCode: 9,
        statusCode: 98,
        ...ranFor(began, seconds(5)),
        hosts: [
          ...succeededHosts([1], began + 100),
          ranHost(2, began + 100, { statusCode: 777, errorCode: 99_999, totalTime: 1000 }),
        ],
      }),
    ],
  });
}

function sql(began: number): SimulatedJob {
  return job('20000000012', {
    name: 'Add index',
    statusCode: 3,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(8)),
    steps: [
      step('20000001201', {
        name: 'Alter table',
        typeCode: 4,
        statusCode: 3,
        ...ranFor(began, seconds(8)),
        hosts: succeededHosts([1], began + 100),
      }),
    ],
  });
}

function onContainers(began: number): SimulatedJob {
  return job('20000000021', {
    name: 'Restart pods',
    statusCode: 3,
    onContainers: true,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(4)),
    steps: [step('20000002101', { name: 'Restart', statusCode: 3, ...ranFor(began, seconds(4)) })],
  });
}

function idsBeyondDoubles(began: number): SimulatedJob {
  return job('9007199254740993', {
    name: 'Numbers that a double rounds',
    statusCode: 3,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(5)),
    steps: [
      step('9223372036854775807', {
        name: 'Exact',
        statusCode: 3,
        ...ranFor(began, seconds(5)),
        hosts: [ranHost(1, began + 100, { bkHostId: '9007199254740995', statusCode: 9, totalTime: 1000 })],
      }),
    ],
  });
}

function ofSet(jobInstanceId: string, scope: SimulatedJob['scope'], began: number): SimulatedJob {
  return job(jobInstanceId, {
    scope,
    name: 'Audit of all businesses',
    statusCode: 4,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(7)),
    steps: [
      step(`${jobInstanceId}01`, {
        name: 'Audit',
        statusCode: 4,
        ...ranFor(began, seconds(7)),
        hosts: [
          ...succeededHosts([1, 2], began + 100),
          ranHost(3, began + 100, { bkCloudId: '3', statusCode: 104, exitCode: 3, totalTime: 1500 }),
        ],
      }),
    ],
  });
}

const smallStatusCodes = [3, 3, 3, 4, 2, 11] as const;

/** Sixty jobs of two steps and a few hosts, in mixed states. */
function smallJobs(began: number, random: Random): readonly SimulatedJob[] {
  return range(1, 60).map((number) => {
    const statusCode = smallStatusCodes[Math.floor(random() * smallStatusCodes.length)] ?? 3;
    const times = statusCode === 2 ? { startTime: began } : ranFor(began, seconds(10));
    const id = String(20_000_001_000 + number);
    return job(id, {
      name: `Small job ${String(number)}`,
      statusCode,
      createTime: began - seconds(1),
      ...times,
      steps: [
        step(`${id}1`, {
          name: 'Prepare',
          statusCode: 3,
          ...ranFor(began, seconds(2)),
          hosts: succeededHosts([1, 2, 3], began),
        }),
        step(`${id}2`, { name: 'Do', statusCode, ...times, hosts: smallHosts(statusCode, began) }),
      ],
    });
  });
}

function smallHosts(statusCode: number, began: number): readonly SimulatedHost[] {
  const startTime = began + seconds(2);
  if (statusCode === 2)
    return range(1, 3).map((number) => host(number, { statusCode: 7, errorCode: 115, startTime }));
  const last = { 3: 9, 4: 104, 11: 403 }[statusCode] ?? 9;
  return [
    ...succeededHosts([1, 2], startTime),
    ranHost(3, startTime, { statusCode: last, exitCode: last === 9 ? 0 : 1, totalTime: 1200 }),
  ];
}
