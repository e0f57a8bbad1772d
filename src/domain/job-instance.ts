import type { JobApiError } from './errors.ts';
import type { IpResultData } from './ip-result-cells.ts';
import type { IpResults } from './ip-results.ts';
import type { JobReference } from './scope.ts';

/** Instants are milliseconds since 1970 in UTC, durations milliseconds; null where bk-job has none yet. */
interface Times {
  readonly createTime: number | null;
  readonly startTime: number | null;
  readonly endTime: number | null;
  readonly totalTime: number | null;
}

/** Whether the rows of hosts were read with the job, and if they were asked for in vain, why. */
export type HostDetail =
  | { readonly kind: 'read' }
  | { readonly kind: 'not-read' }
  | { readonly kind: 'failed'; readonly error: JobApiError };

/** One run of a job as bk-job reported it in one answer. Numbers are the upstream's; words are derived. */
export interface JobInstance extends JobReference, Times {
  readonly name: string;
  readonly statusCode: number;
  /** The upstream's own word; not final, since a retry can reopen a job (upstream contract 0.3). */
  readonly finished: boolean;
  /** When bk-job was asked, by this service's clock: the job may have changed before the answer came. */
  readonly observedAt: number;
  /** Never empty. */
  readonly steps: readonly StepInstance[];
  readonly hostDetail: HostDetail;
}

/** One step of a job, in its latest attempt. */
export interface StepInstance extends Times {
  readonly jobInstance: JobInstance;
  readonly stepInstanceId: string;
  /** Place among the steps of the job, from 0. */
  readonly position: number;
  readonly name: string;
  readonly typeCode: number;
  readonly statusCode: number;
  readonly executeCount: number;
  /** In the upstream's order, which it does not promise. Empty unless host detail was read. */
  readonly ipResults: IpResults;
}

/** What one step did on one host. */
export interface StepIpResult extends IpResultData {
  readonly step: StepInstance;
  /** Which of several rows of one host in one step this is, from 0 (rolling by source file; upstream contract 2.2). */
  readonly occurrence: number;
}
