import type { SimulatedHost, SimulatedJob } from '../job-model.ts';
import type { SimulatedJobSource } from '../world.ts';
import {
  host,
  job,
  minutes,
  range,
  ranFor,
  ranHost,
  runningSince,
  seconds,
  step,
  succeededHosts,
} from './builders.ts';

/** Jobs that are not over, as they stand when the world is made; one of them moves with the clock. */
export function livingJobs(startedAt: number): readonly SimulatedJobSource[] {
  const began = startedAt - minutes(5);
  return [
    waiting(startedAt),
    (now) => moving(startedAt, now),
    waitingForConfirmation(began),
    retried(began),
    rolling(began),
    retryTransition(began),
    stopping(began),
  ];
}

function waiting(startedAt: number): SimulatedJob {
  return job('20000000001', {
    name: 'Queued inventory',
    statusCode: 1,
    createTime: startedAt - seconds(1),
    steps: [step('20000000101', { name: 'Inventory', statusCode: 1 })],
  });
}

const movingHosts = 20;
const timeOfHost = seconds(6);

/** Twenty hosts one after another, six seconds each: over, and well, two minutes after the world was made. */
function moving(startedAt: number, now: number): SimulatedJob {
  const total = movingHosts * timeOfHost;
  const over = now >= startedAt + total;
  const times = over ? ranFor(startedAt, total) : runningSince(startedAt);
  const statusCode = over ? 3 : 2;
  return job('20000000002', {
    name: 'Rolling restart',
    statusCode,
    createTime: startedAt - seconds(1),
    ...times,
    steps: [
      step('20000000201', {
        name: 'Restart one by one',
        statusCode,
        ...times,
        hosts: range(1, movingHosts).map((number) => movingHost(number, startedAt, now)),
      }),
    ],
  });
}

function movingHost(number: number, startedAt: number, now: number): SimulatedHost {
  const startTime = startedAt + (number - 1) * timeOfHost;
  if (now < startTime) return host(number, { statusCode: 5 });
  if (now < startTime + timeOfHost) return host(number, { statusCode: 7, errorCode: 115, startTime });
  return ranHost(number, startTime, { statusCode: 9, totalTime: timeOfHost });
}

function waitingForConfirmation(began: number): SimulatedJob {
  return job('20000000003', {
    name: 'Release to production',
    statusCode: 7,
    createTime: began - seconds(1),
    ...runningSince(began),
    steps: [
      step('20000000301', {
        name: 'Canary',
        statusCode: 3,
        ...ranFor(began, seconds(30)),
        hosts: succeededHosts([1, 2], began + 100),
      }),
      step('20000000302', {
        name: 'Approve',
        typeCode: 3,
        statusCode: 7,
        ...runningSince(began + seconds(30)),
      }),
      step('20000000303', { name: 'Everywhere', statusCode: 1 }),
    ],
  });
}

/** Retried once: what had succeeded keeps its old times (upstream contract 5.4). */
function retried(began: number): SimulatedJob {
  const again = began + minutes(2);
  return job('20000000006', {
    name: 'Rotate secrets',
    statusCode: 3,
    createTime: began - seconds(1),
    ...ranFor(began, minutes(2) + seconds(5)),
    steps: [
      step('20000000601', {
        name: 'Rotate',
        statusCode: 3,
        executeCount: 1,
        ...ranFor(began, minutes(2) + seconds(5)),
        hosts: [
          ...succeededHosts([1, 2], began + 100),
          ranHost(3, again, { statusCode: 9, totalTime: 1900 }),
        ],
      }),
    ],
  });
}

/** Rolling by source file: one row for each batch and host, no batch named (upstream contract 7). */
function rolling(began: number): SimulatedJob {
  return job('20000000007', {
    name: 'Distribute data in batches',
    statusCode: 2,
    createTime: began - seconds(1),
    ...runningSince(began),
    steps: [
      step('20000000701', {
        name: 'Distribute',
        typeCode: 2,
        statusCode: 15,
        ...runningSince(began),
        hosts: [
          ranHost(1, began + 100, { statusCode: 9, exitCode: null, totalTime: 2000 }),
          ranHost(2, began + 100, { statusCode: 9, exitCode: null, totalTime: 2500 }),
          ranHost(1, began + 5000, { statusCode: 9, exitCode: null, totalTime: 2100 }),
          ranHost(2, began + 5000, { statusCode: 11, exitCode: null, errorCode: 708, totalTime: 2600 }),
          host(1, { statusCode: 5 }),
          host(2, { statusCode: 5 }),
        ],
      }),
    ],
  });
}

/** Just after a retry was accepted: the job runs, its old end still stands, no rows exist yet (upstream contract 5.4). */
function retryTransition(began: number): SimulatedJob {
  return job('20000000019', {
    name: 'Renew leases',
    statusCode: 2,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(10)),
    steps: [
      step('20000001901', { name: 'Renew', statusCode: 4, executeCount: 1, ...ranFor(began, seconds(10)) }),
    ],
  });
}

function stopping(began: number): SimulatedJob {
  return job('20000000020', {
    name: 'Scan disks',
    statusCode: 10,
    createTime: began - seconds(1),
    ...runningSince(began),
    steps: [
      step('20000002001', {
        name: 'Scan',
        statusCode: 10,
        ...runningSince(began),
        hosts: [
          ...succeededHosts([1], began + 100),
          host(2, { statusCode: 7, errorCode: 115, startTime: began + 100 }),
        ],
      }),
    ],
  });
}
