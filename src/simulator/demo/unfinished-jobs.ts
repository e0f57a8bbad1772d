import type { SimulatedJob } from '../job-model.ts';
import {
  hostRow,
  inFileStep,
  job,
  machines,
  minute,
  notRun,
  running,
  second,
  since,
  succeeded,
  succeededRows,
  took,
  waiting,
  type DemoOptions,
} from './build.ts';

/** Jobs that stand still where most move on: not started, blocked, between two states. */
export function unfinishedJobs({ start }: DemoOptions): readonly SimulatedJob[] {
  return [
    waitingJob(start),
    confirmationJob(start),
    rollingJob(start),
    retryTransitionJob(start),
    stoppingJob(start),
  ];
}

function waitingJob(start: number): SimulatedJob {
  return job({
    jobInstanceId: '20000000001',
    name: 'monthly report',
    statusCode: 1,
    createTime: start - minute,
    shows: 'Waits to be started: no times yet, and no host rows before a step starts.',
    steps: [
      { name: 'collect figures', statusCode: 1 },
      { name: 'copy report', statusCode: 1, typeCode: 2 },
    ],
  });
}

function confirmationJob(start: number): SimulatedJob {
  const begin = start - 10 * minute;
  return job({
    jobInstanceId: '20000000003',
    name: 'release 2.8.1 to production',
    statusCode: 7,
    createTime: begin - 400,
    ...since(begin),
    shows: 'Waits for a person at a confirmation step (7): not finished, and a step without hosts by nature.',
    steps: [
      {
        name: 'pre-check',
        statusCode: 3,
        ...took(begin, 1170),
        hosts: succeededRows(machines(3), begin + 70, 1000),
      },
      { name: 'approve rollout', statusCode: 7, typeCode: 3, ...since(begin + 1300) },
      { name: 'rollout', statusCode: 1 },
    ],
  });
}

function rollingJob(start: number): SimulatedJob {
  const begin = start - 2 * minute;
  const targets = machines(4);
  return job({
    jobInstanceId: '20000000007',
    name: 'rolling push of order-service',
    statusCode: 2,
    createTime: begin - 400,
    ...since(begin),
    shows:
      'Rolls in batches and is between two (step 15): one row for each batch and host, so hosts come twice.',
    steps: [
      {
        name: 'push package in batches',
        statusCode: 15,
        typeCode: 2,
        ...since(begin),
        hosts: inFileStep([
          ...succeededRows(targets, begin + 70, 1900),
          ...targets.map((machine) => hostRow(machine, waiting, notRun)),
        ]),
      },
    ],
  });
}

function retryTransitionJob(start: number): SimulatedJob {
  const begin = start - 5 * minute;
  return job({
    jobInstanceId: '20000000019',
    name: 'rebuild search index',
    statusCode: 2,
    createTime: begin - 400,
    ...took(begin, 8100),
    shows:
      'A retry has just been accepted: runs again (2) with its old end, its step still failed, no host rows yet.',
    steps: [{ name: 'rebuild index', statusCode: 4, executeCount: 1, ...took(begin + 30, 7970) }],
  });
}

function stoppingJob(start: number): SimulatedJob {
  const begin = start - 3 * minute;
  const [first, ...others] = machines(4);
  return job({
    jobInstanceId: '20000000020',
    name: 'compress old logs',
    statusCode: 10,
    createTime: begin - 400,
    ...since(begin),
    shows: 'Is being stopped (10): not finished, and can stay so for long.',
    steps: [
      {
        name: 'compress',
        statusCode: 10,
        ...since(begin),
        hosts: [
          ...(first === undefined ? [] : [hostRow(first, succeeded, took(begin + 500, 40 * second))]),
          ...others.map((machine) => hostRow(machine, running, since(begin + 500))),
        ],
      },
    ],
  });
}
