import type { SimulatedHost, SimulatedJob } from '../job-model.ts';
import { wholeNumber } from '../random.ts';
import {
  hostRow,
  job,
  machines,
  minute,
  notRun,
  running,
  scriptFailed,
  second,
  since,
  stopped,
  succeeded,
  succeededRows,
  took,
  type DemoOptions,
} from './build.ts';

const smallJobCount = 60;

/** States in turn; success is the most frequent, as it is in life. */
const states = ['success', 'failed', 'success', 'running', 'success', 'waiting', 'stopped'] as const;

type State = (typeof states)[number];

const statusCodes: Readonly<Record<State, number>> = {
  success: 3,
  failed: 4,
  running: 2,
  waiting: 1,
  stopped: 11,
};

/** 20000001001 to 20000001060, two steps each: enough to look up many at once. */
export function smallJobs({ start, random }: DemoOptions): readonly SimulatedJob[] {
  return Array.from({ length: smallJobCount }, (_, index) =>
    smallJob({
      index,
      state: states[index % states.length] ?? 'success',
      begin: start - (10 + index) * minute,
      hostCount: wholeNumber(random, 2, 5),
      totalTime: wholeNumber(random, 2, 50) * second,
    }),
  );
}

interface SmallJob {
  readonly index: number;
  readonly state: State;
  readonly begin: number;
  readonly hostCount: number;
  readonly totalTime: number;
}

function smallJob(of: SmallJob): SimulatedJob {
  const { index, state, begin, hostCount, totalTime } = of;
  const hasStarted = state !== 'waiting';
  return job({
    jobInstanceId: String(20_000_001_001 + index),
    name: `check group ${String(index + 1).padStart(2, '0')}`,
    statusCode: statusCodes[state],
    createTime: begin - 400,
    ...(hasStarted ? (state === 'running' ? since(begin) : took(begin, totalTime + 2 * second)) : notRun),
    shows: `One of ${String(smallJobCount)} small jobs in mixed states: ${state}.`,
    steps: [
      hasStarted
        ? {
            name: 'prepare',
            statusCode: 3,
            ...took(begin + 30, 1500),
            hosts: succeededRows(machines(hostCount, index), begin + 100, 1000),
          }
        : { name: 'prepare', statusCode: 1 },
      hasStarted
        ? {
            name: 'check',
            statusCode: statusCodes[state],
            ...(state === 'running' ? since(begin + 1600) : took(begin + 1600, totalTime)),
            hosts: checkedRows(of),
          }
        : { name: 'check', statusCode: 1 },
    ],
  });
}

/** The first host tells the state, the others went well. */
function checkedRows({ index, state, begin, hostCount, totalTime }: SmallJob): readonly SimulatedHost[] {
  const from = begin + 1700;
  const outcomes = {
    success: succeeded,
    failed: scriptFailed(1, 'unhealthy'),
    stopped,
    running,
    waiting: succeeded,
  };
  return machines(hostCount, index).map((machine, place) => {
    if (place > 0) return hostRow(machine, succeeded, took(from, 1000 + place));
    return hostRow(machine, outcomes[state], state === 'running' ? since(from) : took(from, totalTime - 200));
  });
}
