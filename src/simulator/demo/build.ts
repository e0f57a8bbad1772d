import type {
  SimulatedHost,
  SimulatedJob,
  SimulatedScope,
  SimulatedStep,
  SimulatedTimes,
} from '../job-model.ts';
import type { Random } from '../random.ts';

/** What the demonstration's jobs are made with. */
export interface DemoOptions {
  /** Moment of the start, in milliseconds since 1970. Times of jobs are told from it. */
  readonly start: number;
  readonly random: Random;
}

/** A machine as rows name it. */
export interface Machine {
  readonly bkHostId: string;
  readonly ip: string | null;
  readonly bkCloudId: string;
}

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;

const business: SimulatedScope = { type: 'biz', id: '2' };

/** How a host came out, beside its times. */
export interface Outcome {
  readonly statusCode: number;
  readonly tag?: string;
  readonly exitCode?: number | null;
  readonly errorCode?: number;
}

export const notRun: SimulatedTimes = { startTime: null, endTime: null, totalTime: null };

/** Times of what began at `startTime` and took `totalTime`. */
export function took(startTime: number, totalTime: number): Required<SimulatedTimes> {
  return { startTime, endTime: startTime + totalTime, totalTime };
}

/** Times of what began and is not over. */
export function since(startTime: number): SimulatedTimes {
  return { startTime, endTime: null, totalTime: null };
}

const networks = ['192.0.2', '198.51.100', '203.0.113'] as const;

/** The demonstration's machines: 101 upwards, in networks that are set aside for documentation (RFC 5737). */
export function machines(count: number, first = 0): readonly Machine[] {
  return Array.from({ length: count }, (_, index) => {
    const place = first + index;
    const network = networks[Math.floor(place / 250) % networks.length] ?? networks[0];
    return {
      bkHostId: String(101 + place),
      ip: `${network}.${String(1 + (place % 250))}`,
      bkCloudId: network === networks[0] ? '0' : '3',
    };
  });
}

export const succeeded: Outcome = { statusCode: 9 };
export const waiting: Outcome = { statusCode: 5, exitCode: null };
export const running: Outcome = { statusCode: 7, exitCode: null, errorCode: 115 };
export const scriptFailed = (exitCode: number, tag = ''): Outcome => ({ statusCode: 104, exitCode, tag });
export const timedOut: Outcome = { statusCode: 102 };
export const agentError: Outcome = { statusCode: 310, errorCode: 117 };
export const userMissing: Outcome = { statusCode: 311, errorCode: 122 };
/** Rejected before it ran. */
export const agentNotInstalled: Outcome = { statusCode: 18, exitCode: null };
export const stopped: Outcome = { statusCode: 403, errorCode: 126 };

/** A host's row. Numbers that are left out are those of a script that went well. */
export function hostRow(machine: Machine, outcome: Outcome, times: SimulatedTimes): SimulatedHost {
  const { statusCode, tag = '', exitCode = 0, errorCode = 0 } = outcome;
  return { ...machine, statusCode, tag, exitCode, errorCode, ...times };
}

/** Rows of hosts that all went well, each a little slower than the one before. */
export function succeededRows(of: readonly Machine[], from: number, totalTime: number): SimulatedHost[] {
  return of.map((machine, index) => hostRow(machine, succeeded, took(from, totalTime + index)));
}

/** File steps have no exit code. */
export function inFileStep(rows: readonly SimulatedHost[]): SimulatedHost[] {
  return rows.map((row) => ({ ...row, exitCode: null }));
}

/** A step. What is left out is that of a script which ran once and without hosts. */
export function step(
  of: Pick<SimulatedStep, 'stepInstanceId' | 'name' | 'statusCode'> & Partial<SimulatedStep>,
): SimulatedStep {
  return { typeCode: 1, executeCount: 0, hosts: [], ...notRun, ...of };
}

/** What a job is built of: steps count from the job's own number, in tens. */
export interface JobParts extends SimulatedTimes {
  readonly jobInstanceId: string;
  readonly name: string;
  readonly statusCode: number;
  readonly createTime: number;
  readonly shows: string;
  readonly scope?: SimulatedScope;
  readonly operator?: string;
  readonly onContainers?: boolean;
  readonly steps: readonly (Pick<SimulatedStep, 'name' | 'statusCode'> & Partial<SimulatedStep>)[];
}

/** A job of alice in business 2, unless it says otherwise. */
export function job({ steps, ...of }: JobParts): SimulatedJob {
  return {
    scope: business,
    operator: 'alice',
    ...notRun,
    ...of,
    steps: steps.map((one, index) =>
      step({
        stepInstanceId: stepInstanceId(of.jobInstanceId, index),
        createTime: of.createTime,
        ...one,
      }),
    ),
  };
}

function stepInstanceId(jobInstanceId: string, index: number): string {
  return (BigInt(jobInstanceId) * 10n + BigInt(index + 1)).toString();
}
