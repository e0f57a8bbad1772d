import {
  startSimulator,
  type FaultInjection,
  type SimulatedHost,
  type SimulatedJob,
} from '../../../src/simulator/index.ts';

// The embedded bk-job in a process of its own, where load and faults reach it over sockets as they would any bk-job.

/** What it is started with. */
export interface SimulatorOrder {
  readonly port: number;
  readonly seed: number;
  /** Users who may see everything, beside those of the demonstration. */
  readonly users: readonly string[];
  /** A job of business 2 on this many hosts, every fiftieth of which failed; null for none. */
  readonly bigJob: { readonly jobInstanceId: string; readonly hosts: number } | null;
  /** Faults from the beginning. */
  readonly faults: readonly FaultInjection[];
}

/** What it says once it listens. */
export interface SimulatorStarted {
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

process.once('message', (order: SimulatorOrder) => {
  void start(order).then((started) => process.send?.(started));
});

async function start({ port, seed, users, bigJob, faults }: SimulatorOrder): Promise<SimulatorStarted> {
  const simulator = await startSimulator({ port, seed });
  for (const user of users) simulator.world.setUser(user, { accessBusiness: 'all', viewHistory: 'all' });
  if (bigJob !== null) simulator.world.addJob(jobOf(bigJob));
  for (const fault of faults) simulator.faults.inject(fault);
  return { url: simulator.url, at: performance.timeOrigin + performance.now() };
}

function jobOf({ jobInstanceId, hosts }: NonNullable<SimulatorOrder['bigJob']>): SimulatedJob {
  const times = {
    createTime: 1_790_000_000_000,
    startTime: 1_790_000_001_000,
    endTime: 1_790_000_400_000,
    totalTime: 399_000,
  };
  return {
    scope: { type: 'biz', id: '2' },
    jobInstanceId,
    name: 'patch everything',
    statusCode: 4,
    ...times,
    steps: [
      {
        stepInstanceId: `${jobInstanceId}1`,
        name: 'patch',
        statusCode: 4,
        typeCode: 1,
        executeCount: 0,
        ...times,
        hosts: Array.from({ length: hosts }, (_, index) => hostOf(index)),
      },
    ],
  };
}

function hostOf(index: number): SimulatedHost {
  const isFailed = index % 50 === 49;
  const ms = 200 + ((index * 7919) % 390_000);
  return {
    bkHostId: String(100_001 + index),
    ip: `10.${String(30 + (index >> 16))}.${String((index >> 8) & 255)}.${String(index & 255)}`,
    bkCloudId: '0',
    statusCode: isFailed ? 104 : 9,
    tag: index % 10 === 0 ? 'canary' : '',
    exitCode: isFailed ? 1 + (index % 3) : 0,
    errorCode: 0,
    startTime: 1_790_000_001_000,
    endTime: 1_790_000_001_000 + ms,
    totalTime: ms,
  };
}
