import type { JobApiFailure } from './errors.ts';
import type { JobInstance } from './job-instance.ts';

/** One of several jobs asked for together: exactly one of `jobInstance` and `error` is set. */
export interface JobInstanceLookup {
  readonly jobInstanceId: string;
  readonly jobInstance: JobInstance | null;
  readonly error: JobApiFailure | null;
}
