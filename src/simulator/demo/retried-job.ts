import type { SimulatedHost, SimulatedJob } from '../job-model.ts';
import { createRandom, shuffled, wholeNumber } from '../random.ts';
import {
  agentError,
  hostRow,
  job,
  machines,
  notRun,
  running,
  scriptFailed,
  second,
  since,
  succeeded,
  succeededRows,
  timedOut,
  took,
  waiting,
  type DemoOptions,
  type Outcome,
} from './build.ts';

/** How long one attempt is under way, and when the next one begins. */
const runs = 45 * second;
const period = 75 * second;

const failures: readonly Outcome[] = [
  scriptFailed(7, 'port in use'),
  scriptFailed(7, 'port in use'),
  scriptFailed(1, 'no quorum'),
  timedOut,
  agentError,
];

/** A job that never comes to rest: it fails on a few hosts, other ones each time, and half a minute later is retried. */
export function retriedJob({ start, random }: DemoOptions): (now: number) => SimulatedJob {
  const ownSeed = wholeNumber(random, 0, 2 ** 30);
  const begin = start - 5 * second;
  return (now) => {
    const attempt = Math.max(0, Math.floor((now - begin) / period));
    return jobAt({ begin, now, attempt, seed: ownSeed + attempt });
  };
}

interface Moment {
  readonly begin: number;
  readonly now: number;
  readonly attempt: number;
  readonly seed: number;
}

function jobAt(moment: Moment): SimulatedJob {
  const { begin, now, attempt } = moment;
  const from = begin + attempt * period;
  const end = from + runs;
  const isOver = now >= end;
  return job({
    jobInstanceId: '20000000022',
    name: 'restart web servers',
    statusCode: isOver ? 4 : 2,
    createTime: begin - 400,
    ...(isOver ? took(begin, end - begin) : since(begin)),
    shows: 'Fails on 5 of 240 hosts after 45 seconds, is retried half a minute later, and so on for ever.',
    steps: [
      {
        name: 'check quorum',
        statusCode: 3,
        ...took(begin, 2 * second),
        hosts: succeededRows(machines(3), begin + 100, 1500),
      },
      {
        name: 'restart one after another',
        statusCode: isOver ? 4 : 2,
        executeCount: attempt,
        ...(isOver ? took(from, runs) : since(from)),
        hosts: hostsAt(moment, from),
      },
      { name: 'check pages', statusCode: 1 },
    ],
  });
}

/** Hosts begin one after another and take a few seconds each; the last one ends with the attempt. */
function hostsAt({ now, seed }: Moment, from: number): readonly SimulatedHost[] {
  const random = createRandom(seed);
  const all = machines(240);
  const failed = new Map(
    shuffled(random, all).flatMap((machine, index) => {
      const outcome = failures[index];
      return outcome === undefined ? [] : [[machine, outcome] as const];
    }),
  );
  return all.map((machine, index) => {
    const begins = from + Math.round((index / all.length) * 0.8 * runs);
    const takes = Math.min(wholeNumber(random, 2 * second, 8 * second), from + runs - begins);
    if (now < begins) return hostRow(machine, waiting, notRun);
    if (now < begins + takes) return hostRow(machine, running, since(begins));
    return hostRow(machine, failed.get(machine) ?? succeeded, took(begins, takes));
  });
}
