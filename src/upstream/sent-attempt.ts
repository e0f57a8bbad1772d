import { toJobApiError, type JobApiError } from '../domain/errors.ts';
import type { JobInstance } from '../domain/job-instance.ts';
import { Cohort } from '../event-loop/cohort.ts';
import { turns } from '../event-loop/turns.ts';
import { holdsRunOf } from '../secrets/held-runs.ts';
import type { Clock } from './clock.ts';
import type { ExchangeOutcome, ReceivedResponse } from './exchange.ts';
import type { StatusAttempt, StatusOutcome } from './status-call.ts';
import type { Transport } from './transport.ts';
import type { CallTrace, UpstreamCall, UpstreamObserver } from './upstream-observer.ts';
import { requestIdIn } from './wire/envelope.ts';
import { mostInOnePiece, readStatus, type StatusReading } from './wire/read-status.ts';

/** What attempts are sent and read with; the same for every one of them. */
export interface AttemptParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly observer: UpstreamObserver;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly reading: Required<Pick<StatusReading, 'envelope' | 'rowMemory' | 'scanGivenUp'>>;
}

const endpoint = 'get_job_instance_status';

/** Those that have come whole, and are to be read. */
const answers = new Cohort();

/** Bytes of an answer that is read with others: some hundred hosts. To read more takes so long that it gains nothing. */
const smallAnswer = 256 * 1024;

/** One attempt that is at bk-job: what is told of it, and how its answer is read. */
export class SentAttempt implements ExchangeOutcome {
  readonly #parts: AttemptParts;
  readonly #attempt: StatusAttempt;
  readonly #outcome: StatusOutcome;
  readonly #startedAt: number;
  /** What the answer says may be as old as this. Milliseconds since 1970. */
  readonly #sentAt: number;
  readonly #trace: CallTrace | undefined;

  constructor(parts: AttemptParts, attempt: StatusAttempt, outcome: StatusOutcome) {
    const { hostDetail, origin } = attempt.read;
    this.#parts = parts;
    this.#attempt = attempt;
    this.#outcome = outcome;
    this.#startedAt = parts.clock.now();
    this.#sentAt = parts.now();
    this.#trace = origin?.beginCall({ endpoint, hostDetail, attempt: attempt.attempt });
  }

  send(): void {
    const { request, deadline, cancellation, read } = this.#attempt;
    const timeoutMs = Math.max(1, deadline - this.#startedAt);
    const traceHeaders = this.#trace?.headers;
    // Hosts that nobody asked for count, too: bk-job sends none then.
    const maxBytes = read.hostDetail ? undefined : mostInOnePiece;
    this.#parts.transport.send(request, { timeoutMs, cancellation, maxBytes, traceHeaders }, this);
  }

  answered(response: ReceivedResponse): void {
    if (response.body.length > smallAnswer) {
      this.#take(response);
      return;
    }
    this.#outcome.arrived?.();
    void answers.join().then(() => {
      this.#take(response);
    });
  }

  failed(error: JobApiError): void {
    const isCancelled = this.#attempt.cancellation.reason !== null;
    this.#tell(isCancelled ? 'cancelled' : error.code, error);
    this.#outcome.failed(error);
  }

  #take(response: ReceivedResponse): void {
    let read: JobInstance | Promise<JobInstance>;
    try {
      read = this.#read(response);
    } catch (thrown) {
      this.#fail(thrown, response);
      return;
    }
    if (read instanceof Promise) this.#await(read, response);
    else this.#succeed(read, response);
  }

  #read(response: ReceivedResponse): JobInstance | Promise<JobInstance> {
    const { envelope: parts, rowMemory, scanGivenUp } = this.#parts.reading;
    const { job, hostDetail, caller } = this.#attempt.read;
    const holdsSignIn = (text: string): boolean => holdsRunOf(text, caller.proof.value);
    // By a spread with a member more they would have a shape of their own each time (V8 of Node 20).
    const envelope = Object.assign({ holdsSignIn }, parts);
    const observedAt = this.#sentAt;
    const longWork = turns.begin(caller.account);
    return readStatus(response, { job, hostDetail, observedAt, envelope, rowMemory, longWork, scanGivenUp });
  }

  #await(read: Promise<JobInstance>, response: ReceivedResponse): void {
    read.then(
      (job) => {
        this.#succeed(job, response);
      },
      (thrown: unknown) => {
        this.#fail(thrown, response);
      },
    );
  }

  #succeed(job: JobInstance, response: ReceivedResponse): void {
    // What is read has nothing of the body in it.
    response.release?.();
    const requestId = requestIdIn(response, this.#parts.reading.envelope);
    this.#tell('ok', { upstreamCode: null, requestId });
    this.#outcome.succeeded(job);
  }

  #fail(thrown: unknown, response: ReceivedResponse): void {
    response.release?.();
    const error = toJobApiError(thrown);
    // What cannot be the answer may be that to another request, and then so is all that follows on its connection.
    if (error.code === 'UPSTREAM_BAD_RESPONSE') response.distrust?.();
    this.failed(error);
  }

  #tell(
    outcome: UpstreamCall['outcome'],
    { upstreamCode, requestId }: Pick<UpstreamCall, 'upstreamCode' | 'requestId'>,
  ): void {
    const { clock, observer } = this.#parts;
    const { read, attempt } = this.#attempt;
    const { hostDetail } = read;
    const durationMs = clock.now() - this.#startedAt;
    const call = { endpoint, hostDetail, outcome, upstreamCode, durationMs, requestId, attempt } as const;
    observer.callEnded(call);
    this.#trace?.ended(call);
  }
}
