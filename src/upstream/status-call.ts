import type { Cancellation } from './cancellation.ts';
import type { HttpRequest } from './http-request.ts';
import type { StatusRead } from './joined-reads.ts';

/** One read on its way to bk-job, with all of its attempts. */
export interface StatusCall extends StatusRead {
  /** What is sent, the same with every attempt. */
  readonly request: HttpRequest;
  /** When it is over, whatever it is doing then; by the clock of the client. */
  readonly deadline: number;
  readonly cancellation: Cancellation;
}
