import type { SimulatedHost, SimulatedJob } from '../job-model.ts';
import { createRandom, shuffled, wholeNumber, type Random } from '../random.ts';
import {
  agentError,
  agentNotInstalled,
  hostRow,
  hour,
  job,
  minute,
  scriptFailed,
  second,
  succeeded,
  timedOut,
  took,
  userMissing,
  type DemoOptions,
  type Machine,
  type Outcome,
} from './build.ts';

const hostCount = 10_000;

const failures: readonly { readonly outcome: Outcome; readonly hosts: number }[] = [
  { outcome: scriptFailed(1, 'disk full'), hosts: 9 },
  { outcome: scriptFailed(127, 'no such package'), hosts: 5 },
  { outcome: timedOut, hosts: 8 },
  { outcome: agentError, hosts: 6 },
  { outcome: agentNotInstalled, hosts: 4 },
  { outcome: { statusCode: 101, exitCode: 255 }, hosts: 3 },
  { outcome: userMissing, hosts: 2 },
];

/** A job on 10,000 hosts of which exactly 37 failed; the seed decides which, and how long each took. */
export function bigJob({ start, random }: DemoOptions): SimulatedJob {
  const begin = start - 5 * hour;
  const ownSeed = wholeNumber(random, 0, 2 ** 31);
  let made: readonly SimulatedHost[] | null = null;
  // Made when they are first asked for: most simulators are started for other jobs.
  const hosts = () => (made ??= rows(begin + second, createRandom(ownSeed)));
  return job({
    jobInstanceId: '20000000009',
    name: 'patch kernels everywhere',
    statusCode: 4,
    createTime: begin - 400,
    ...took(begin, 11 * minute),
    shows: '10,000 hosts, of which exactly 37 failed, in seven ways.',
    steps: [
      { name: 'patch kernel', statusCode: 4, ...took(begin + 30, 10 * minute), hosts },
      { name: 'reboot', statusCode: 1 },
    ],
  });
}

function rows(from: number, random: Random): readonly SimulatedHost[] {
  const indices = Array.from({ length: hostCount }, (_, index) => index);
  const places = shuffled(random, indices);
  const outcomes = failures.flatMap(({ outcome, hosts }) => Array.from({ length: hosts }, () => outcome));
  const failed = new Map(outcomes.map((outcome, index) => [places[index], outcome]));
  return indices.map((index) => {
    const outcome = failed.get(index) ?? succeeded;
    const ms = outcome === agentNotInstalled ? 0 : wholeNumber(random, 100, 500_000);
    return hostRow(machineOfBigJob(index), outcome, took(from, ms));
  });
}

function machineOfBigJob(index: number): Machine {
  const ip = `10.20.${String(Math.floor(index / 250))}.${String(1 + (index % 250))}`;
  return { bkHostId: String(100_001 + index), ip, bkCloudId: '0' };
}
