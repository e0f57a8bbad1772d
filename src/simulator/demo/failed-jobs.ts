import type { SimulatedHost, SimulatedJob } from '../job-model.ts';
import {
  agentError,
  agentNotInstalled,
  hostRow,
  hour,
  job,
  machines,
  minute,
  scriptFailed,
  second,
  stopped,
  succeeded,
  succeededRows,
  timedOut,
  took,
  type DemoOptions,
  type Outcome,
} from './build.ts';

/** Jobs that ended badly, each in its own way. */
export function failedJobs({ start }: DemoOptions): readonly SimulatedJob[] {
  return [
    partialFailure(start),
    terminated(start),
    abandoned(start),
    confirmationRefused(start),
    fileFailure(start),
    ignoredError(start),
    forcedSkip(start),
  ];
}

function partialFailure(start: number): SimulatedJob {
  const begin = start - 25 * minute;
  const targets = machines(12);
  const restart = begin + 3 * second;
  const failures: Readonly<Record<number, { readonly outcome: Outcome; readonly ms: number }>> = {
    2: { outcome: scriptFailed(7, 'port in use'), ms: 1000 },
    5: { outcome: { ...timedOut, tag: 'no answer' }, ms: 59_800 },
    9: { outcome: agentError, ms: 100 },
  };
  const restarted = (index: number): { readonly outcome: Outcome; readonly ms: number } =>
    failures[index] ?? { outcome: { ...succeeded, tag: 'restarted' }, ms: 1100 + 90 * index };
  return job({
    jobInstanceId: '20000000004',
    name: 'deploy order-service 2.8.1',
    statusCode: 4,
    createTime: begin - 400,
    ...took(begin, 63_000),
    shows:
      'Failed in part: 3 of 12 hosts, each in another way, with tags and exit codes; the last step never ran.',
    steps: [
      {
        name: 'check disk space',
        statusCode: 3,
        ...took(begin + 30, 2470),
        hosts: succeededRows(targets, begin + 600, 1101),
      },
      {
        name: 'restart order-service',
        statusCode: 4,
        ...took(restart, 60_000),
        hosts: targets.map((machine, index) => {
          const { outcome, ms } = restarted(index);
          return hostRow(machine, outcome, took(restart + 100, ms));
        }),
      },
      { name: 'copy package to standby', statusCode: 1, typeCode: 2 },
    ],
  });
}

function terminated(start: number): SimulatedJob {
  const begin = start - 40 * minute;
  const [one, two, three] = machines(3);
  return job({
    jobInstanceId: '20000000005',
    name: 'defragment tables',
    statusCode: 11,
    createTime: begin - 400,
    ...took(begin, 21 * second),
    shows:
      'Stopped by its operator (11): a host that was running has 403, one that had ended keeps its success.',
    steps: [
      {
        name: 'defragment',
        statusCode: 11,
        ...took(begin + 30, 20_870),
        hosts: rows([
          [one, succeeded, took(begin + 600, 1100)],
          [two, stopped, took(begin + 600, 19_900)],
          [three, stopped, took(begin + 600, 19_950)],
        ]),
      },
    ],
  });
}

function abandoned(start: number): SimulatedJob {
  const begin = start - 50 * minute;
  return job({
    jobInstanceId: '20000000017',
    name: 'hourly inventory',
    statusCode: 14,
    createTime: begin - 400,
    ...took(begin, 700),
    shows: 'Abandoned by a policy of the platform (14).',
    steps: [{ name: 'read inventory', statusCode: 14, ...took(begin + 30, 670) }],
  });
}

function confirmationRefused(start: number): SimulatedJob {
  const begin = start - 2 * hour;
  return job({
    jobInstanceId: '20000000016',
    name: 'release 2.8.0 to production',
    statusCode: 13,
    createTime: begin - 400,
    ...took(begin, 90 * second),
    shows: 'A person refused to confirm (13); finished, though it can be reopened.',
    steps: [
      {
        name: 'pre-check',
        statusCode: 3,
        ...took(begin + 30, 1170),
        hosts: succeededRows(machines(2), begin + 100, 1000),
      },
      { name: 'approve rollout', statusCode: 13, typeCode: 3, ...took(begin + 1300, 88_700) },
      { name: 'rollout', statusCode: 1 },
    ],
  });
}

function fileFailure(start: number): SimulatedJob {
  const begin = start - 70 * minute;
  const [one, two, three] = machines(3);
  return job({
    jobInstanceId: '20000000014',
    name: 'push package',
    statusCode: 4,
    createTime: begin - 400,
    ...took(begin, 8000),
    shows: 'A file step: destinations only, never an exit code; one host could not fetch, one has no agent.',
    steps: [
      {
        name: 'push package',
        statusCode: 4,
        typeCode: 2,
        ...took(begin + 30, 7870),
        hosts: rows([
          [one, { ...succeeded, exitCode: null }, took(begin + 100, 6900)],
          [two, { statusCode: 320, exitCode: null, errorCode: 104 }, took(begin + 100, 7700)],
          [three, agentNotInstalled, took(begin + 30, 0)],
        ]),
      },
    ],
  });
}

function ignoredError(start: number): SimulatedJob {
  const begin = start - 3 * hour;
  const [one, two] = machines(2);
  return job({
    jobInstanceId: '20000000018',
    name: 'weekly maintenance',
    statusCode: 3,
    createTime: begin - 400,
    ...took(begin, 9000),
    shows: 'A step failed and was ignored (6); the job went on and succeeded.',
    steps: [
      {
        name: 'optional warm-up',
        statusCode: 6,
        ...took(begin + 30, 2470),
        hosts: rows([
          [one, scriptFailed(1), took(begin + 100, 2300)],
          [two, succeeded, took(begin + 100, 2100)],
        ]),
      },
      {
        name: 'rotate logs',
        statusCode: 3,
        ...took(begin + 2600, 6300),
        hosts: succeededRows(machines(2), begin + 2700, 6100),
      },
    ],
  });
}

function forcedSkip(start: number): SimulatedJob {
  const begin = start - 4 * hour;
  const [one, two] = machines(2);
  return job({
    jobInstanceId: '20000000015',
    name: 'migrate caches',
    statusCode: 3,
    createTime: begin - 400,
    ...took(begin, 30 * second),
    shows: 'A step was skipped by force while it stopped (5): what its host did is unknown (500).',
    steps: [
      {
        name: 'migrate',
        statusCode: 5,
        ...took(begin + 30, 20_970),
        hosts: rows([
          [one, succeeded, took(begin + 600, 1100)],
          [
            two,
            { statusCode: 500, exitCode: null, errorCode: 115 },
            { ...took(begin + 600, 20_400), totalTime: null },
          ],
        ]),
      },
      {
        name: 'warm up',
        statusCode: 3,
        ...took(begin + 21_100, 8800),
        hosts: succeededRows(machines(1), begin + 21_200, 7800),
      },
    ],
  });
}

type Row = readonly [Parameters<typeof hostRow>[0] | undefined, Outcome, Parameters<typeof hostRow>[2]];

function rows(of: readonly Row[]): readonly SimulatedHost[] {
  return of.flatMap(([machine, outcome, times]) =>
    machine === undefined ? [] : [hostRow(machine, outcome, times)],
  );
}
