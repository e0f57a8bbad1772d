import type { SimulatedHost, SimulatedJob, SimulatedStep } from '../job-model.ts';

/** The business that most of the demonstration's jobs are of. */
export const demonstrationScope = { type: 'biz', id: '2' } as const;

const second = 1000;

/** A host by its number: its address is in a range that is kept for documentation. */
export function host(
  number: number,
  row: Partial<SimulatedHost> & Pick<SimulatedHost, 'statusCode'>,
): SimulatedHost {
  return {
    bkHostId: String(100 + number),
    ip: `192.0.2.${String(number)}`,
    bkCloudId: '0',
    tag: '',
    exitCode: null,
    errorCode: 0,
    startTime: null,
    endTime: null,
    totalTime: null,
    ...row,
  };
}

/** A host that ran: when it began, how long it took, and how it ended. */
export function ranHost(
  number: number,
  startTime: number,
  row: Partial<SimulatedHost> & Pick<SimulatedHost, 'statusCode'> & { readonly totalTime: number },
): SimulatedHost {
  return host(number, { exitCode: 0, startTime, endTime: startTime + row.totalTime, ...row });
}

/** Hosts of these numbers that all succeeded. */
export function succeededHosts(numbers: readonly number[], startTime: number): readonly SimulatedHost[] {
  return numbers.map((number) => ranHost(number, startTime, { statusCode: 9, totalTime: 900 + number * 10 }));
}

/** The whole numbers from one to another. */
export function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** A script step that has not begun, unless told otherwise. */
export function step(
  stepInstanceId: string,
  members: Partial<SimulatedStep> & Pick<SimulatedStep, 'name' | 'statusCode'>,
): SimulatedStep {
  return {
    stepInstanceId,
    typeCode: 1,
    executeCount: 0,
    startTime: null,
    endTime: null,
    totalTime: null,
    hosts: [],
    ...members,
  };
}

/** Start, end and duration of what ran for so long. */
export function ranFor(startTime: number, totalTime: number) {
  return { startTime, endTime: startTime + totalTime, totalTime };
}

/** Start of what still runs. */
export function runningSince(startTime: number) {
  return { startTime, endTime: null, totalTime: null };
}

/** A job of the demonstration's business, created a second before it started; its steps were created with it. */
export function job(
  jobInstanceId: string,
  members: Partial<SimulatedJob> &
    Pick<SimulatedJob, 'name' | 'statusCode' | 'steps'> & { readonly createTime: number },
): SimulatedJob {
  return {
    scope: demonstrationScope,
    jobInstanceId,
    operator: 'admin',
    startTime: null,
    endTime: null,
    totalTime: null,
    ...members,
    steps: members.steps.map((one) => ({ createTime: members.createTime, ...one })),
  };
}

/** Seconds, minutes and hours in milliseconds. */
export const seconds = (count: number): number => count * second;
export const minutes = (count: number): number => count * 60 * second;
export const hours = (count: number): number => count * 3600 * second;
