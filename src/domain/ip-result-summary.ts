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
