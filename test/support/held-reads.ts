import type { Cancellation } from '../../src/upstream/cancellation.ts';
import { createJoinedReads, type StatusRead } from '../../src/upstream/joined-reads.ts';
import type { StatusOutcome } from '../../src/upstream/status-call.ts';

/** A read that is at bk-job. */
export interface HeldRead {
  readonly read: StatusRead;
  readonly cancellation: Cancellation;
  readonly outcome: StatusOutcome;
}

/** A bk-job that answers when the test has it answer. */
export function holdReads() {
  const calls: HeldRead[] = [];
  const jobApi = createJoinedReads(
    (read, cancellation, outcome) => calls.push({ read, cancellation, outcome }),
    () => undefined,
  );
  return {
    jobApi,
    calls,
    asked: () => calls.map(({ read }) => `${read.job.jobInstanceId}${read.hostDetail ? ' with hosts' : ''}`),
  };
}
