import type { JobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import type { Cancellation } from './cancellation.ts';
import type { HttpRequest } from './http-request.ts';
import type { StatusRead } from './joined-reads.ts';

/** One read on its way to bk-job, with all of its attempts. */
export interface StatusCall {
  readonly read: StatusRead;
  /** When it is over, whatever it is doing then; by the clock of the client. */
  readonly deadline: number;
  readonly cancellation: Cancellation;
}

/** One attempt of it, about to be sent. */
export interface StatusAttempt extends StatusCall {
  readonly request: HttpRequest;
  /** From 1. */
  readonly attempt: number;
}

/**
 * Is told once what became of a read or of an attempt, perhaps before the call that began it returns; must not throw.
 * Each read goes through several hands, and a promise for each of them would take more than all else that they do.
 */
export interface StatusOutcome {
  /**
   * bk-job's answer is there, and is read in a moment: whoever asks from now on must not be told it. Comes before one of
   * the others, or not at all; left out where it makes no difference.
   */
  arrived?(): void;
  succeeded(job: JobInstance): void;
  failed(error: JobApiError): void;
}
