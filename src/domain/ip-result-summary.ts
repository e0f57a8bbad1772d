import { ipResultsOfStep } from './ip-result-access.ts';
import { numberCells, rawNumberOf } from './ip-result-cells.ts';
import type { IpResultTable } from './ip-results.ts';
import type { JobInstance, StepInstance } from './job-instance.ts';
import { ipResultPhase, stepType } from './status-codes.ts';

/** Why a list of hosts is as long as it is (schema.md 4). */
export type IpResultAvailability = 'AVAILABLE' | 'NOT_STARTED' | 'PREPARING' | 'NOT_APPLICABLE';

/** Hosts counted by coarse state. The counts add up to `total`. */
export interface IpResultSummary {
  readonly total: number;
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly stopped: number;
  readonly unrecognized: number;
  readonly availability: IpResultAvailability;
}

/** A job takes the first of these that one of its steps has (schema.md 4). */
const availabilityOfJob = ['PREPARING', 'AVAILABLE', 'NOT_STARTED', 'NOT_APPLICABLE'] as const;

/** Hosts of a step, counted. Throws the reason where they could not be read. */
export function summarizeStep(step: StepInstance): IpResultSummary {
  return summarize([step], availabilityOf(step));
}

/** Hosts of all steps, counted; a host counts once for each step that ran on it. Throws like `summarizeStep`. */
export function summarizeJob(job: JobInstance): IpResultSummary {
  const ofSteps = new Set(job.steps.map(availabilityOf));
  return summarize(job.steps, availabilityOfJob.find((one) => ofSteps.has(one)) ?? 'NOT_APPLICABLE');
}

function summarize(steps: readonly StepInstance[], availability: IpResultAvailability): IpResultSummary {
  const counts = { pending: 0, running: 0, succeeded: 0, failed: 0, stopped: 0, unrecognized: 0 };
  let total = 0;
  for (const step of steps) {
    const { table, rows } = ipResultsOfStep(step);
    total += rows.length;
    for (const [statusCode, count] of countByStatus(table, rows)) counts[countedAs(statusCode)] += count;
  }
  return { total, ...counts, availability };
}

function countByStatus(table: IpResultTable, rows: Uint32Array): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const statusCode = rawNumberOf(table, row, numberCells.statusCode);
    counts.set(statusCode, (counts.get(statusCode) ?? 0) + 1);
  }
  return counts;
}

function countedAs(statusCode: number): Exclude<keyof IpResultSummary, 'total' | 'availability'> {
  const phase = ipResultPhase(statusCode);
  switch (phase) {
    case 'PENDING':
      return 'pending';
    case 'RUNNING':
      return 'running';
    case 'SUCCEEDED':
      return 'succeeded';
    case 'FAILED':
      return 'failed';
    case 'STOPPED':
      return 'stopped';
    default:
      return 'unrecognized';
  }
}

function availabilityOf(step: StepInstance): IpResultAvailability {
  if (stepType(step.typeCode) === 'MANUAL_CONFIRM') return 'NOT_APPLICABLE';
  if (step.startTime === null) return 'NOT_STARTED';
  if (step.ipResults.length > 0 || step.jobInstance.finished) return 'AVAILABLE';
  return 'PREPARING';
}
