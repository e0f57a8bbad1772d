import type { SimulatedJob, Simulator } from '../../../src/simulator/index.ts';

/** A job of the embedded bk-job that does what a test says: one step on two hosts. */
export interface ControlledJob {
  readonly jobInstanceId: string;
  /** The step and the job get this status, hosts one each; `executeCount` tells the attempt. */
  become(
    statusCode: number,
    change?: { readonly executeCount?: number; readonly hosts?: readonly number[] },
  ): void;
  remove(): void;
}

const scope = { type: 'biz', id: '2' } as const;

/** Adds a job that runs, of business 2. */
export function addControlledJob({ world }: Pick<Simulator, 'world'>, jobInstanceId = '42'): ControlledJob {
  const startTime = Date.now();
  const job: ControlledJob = {
    jobInstanceId,
    become: (statusCode, { executeCount = 0, hosts = [7, 7] } = {}) => {
      world.addJob(jobAt({ jobInstanceId, startTime, statusCode, executeCount, hosts }));
    },
    remove: () => {
      world.removeJob(scope, jobInstanceId);
    },
  };
  job.become(2);
  return job;
}

interface State {
  readonly jobInstanceId: string;
  readonly startTime: number;
  readonly statusCode: number;
  readonly executeCount: number;
  readonly hosts: readonly number[];
}

function jobAt({ jobInstanceId, startTime, statusCode, executeCount, hosts }: State): SimulatedJob {
  return {
    scope,
    jobInstanceId,
    name: 'controlled',
    statusCode,
    startTime,
    createTime: startTime,
    operator: 'alice',
    steps: [
      {
        stepInstanceId: `${jobInstanceId}1`,
        name: 'only step',
        statusCode,
        typeCode: 1,
        executeCount,
        startTime,
        createTime: startTime,
        hosts: hosts.map((host, index) => ({
          bkHostId: String(101 + index),
          ip: `192.0.2.${String(index + 1)}`,
          bkCloudId: '0',
          statusCode: host,
          startTime,
        })),
      },
    ],
  };
}
