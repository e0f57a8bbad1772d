import type { StepInstance, StepIpResult } from './job-instance.ts';
import type { IpErrorCode, IpResultStatus, JobPhase } from './status-codes.ts';

/** Hosts that are alike. A property that was not named in `by` is null. */
export interface IpResultGroup {
  readonly count: number;
  readonly step: StepInstance | null;
  readonly phase: JobPhase | null;
  readonly status: IpResultStatus | null;
  readonly statusCode: number | null;
  readonly tag: string | null;
  readonly exitCode: number | null;
  readonly error: IpErrorCode | null;
  readonly errorCode: number | null;
  /** In the order HOST_ASC. */
  readonly ipResults: readonly StepIpResult[];
}
