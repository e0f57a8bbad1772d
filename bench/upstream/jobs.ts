import type { SimulatedHost, SimulatedJob, SimulatedStep } from '../../src/simulator/job-model.ts';

const start = 1_605_064_271_000;

/** How large a job is. */
export interface JobSize {
  readonly steps: number;
  readonly hosts: number;
  /** Every so many hosts one fails; 0 for none. */
  readonly failEvery: number;
}

/** The jobs that are measured with: 1 to 1000 small, 2001 to 2050 of five steps, 3001 to 3004 of 10,000 hosts. */
export function* measuredJobs(): Generator<SimulatedJob> {
  const random = createRandom(42);
  for (let id = 1; id <= 1000; id++) yield createJob(id, { steps: 1, hosts: 1, failEvery: 0 }, random);
  for (let id = 2001; id <= 2050; id++) yield createJob(id, { steps: 5, hosts: 50, failEvery: 10 }, random);
  for (let id = 3001; id <= 3004; id++)
    yield createJob(id, { steps: 1, hosts: 10_000, failEvery: 200 }, random);
  for (const [index, hosts] of scaledHosts.entries()) {
    yield createJob(scaledJob(index), { steps: 1, hosts, failEvery: 200 }, random);
  }
}

/** Hosts of the jobs by which it is shown how cost grows. */
export const scaledHosts: readonly number[] = [10, 100, 1000, 10_000, 50_000];

/** Small jobs of which no number need come twice. */
export const unseenJobs = { first: 9_000_000, count: 500_000 };

/** The job of such a number. */
export function unseenJob(id: number): SimulatedJob {
  return createJob(id, { steps: 1, hosts: 1, failEvery: 0 }, createRandom(1));
}

/** Number of the job that has the hosts at `index` of `scaledHosts`. */
export function scaledJob(index: number): number {
  return 4001 + index;
}

type Random = () => number;

function createJob(id: number, size: JobSize, random: Random): SimulatedJob {
  return {
    scope: { type: 'biz', id: '1' },
    jobInstanceId: String(id),
    name: `API Quick execution script${String(1_521_089_795_887 + id)}`,
    statusCode: 4,
    createTime: start,
    startTime: start,
    endTime: start + 1000,
    totalTime: 1000,
    steps: Array.from({ length: size.steps }, (_, index) => createStep(id, index, { size, random })),
  };
}

function createStep(
  job: number,
  index: number,
  { size, random }: { readonly size: JobSize; readonly random: Random },
): SimulatedStep {
  const { hosts, failEvery } = size;
  return {
    stepInstanceId: String(job * 10 + index),
    name: `API Quick execution script ${String(index + 1)}`,
    statusCode: 4,
    typeCode: 1 + (index % 2),
    executeCount: 0,
    createTime: start,
    startTime: start,
    endTime: start + 1000,
    totalTime: 1000,
    hosts: Array.from({ length: hosts }, (_, host) =>
      createHost(1 + index * hosts + host, failEvery > 0 && host % failEvery === failEvery - 1, random),
    ),
  };
}

function createHost(number: number, fails: boolean, random: Random): SimulatedHost {
  const startTime = start + Math.floor(random() * 5000);
  const totalTime = 200 + Math.floor(random() * 60_000);
  return {
    bkHostId: String(100_000 + number),
    ip: `10.${String((number >> 16) & 255)}.${String((number >> 8) & 255)}.${String(number & 255)}`,
    bkCloudId: '0',
    statusCode: fails ? 11 : 9,
    tag: random() < 0.1 ? 'release-2020.11' : '',
    exitCode: fails ? 1 + (number % 3) : 0,
    errorCode: fails ? 104 : 0,
    startTime,
    endTime: startTime + totalTime,
    totalTime,
  };
}

/** Numbers from 0 to 1, the same ones for the same seed. */
function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
