import type { Dispatcher } from 'undici';
import { JobApiError } from '../domain/errors.ts';
import type { Cancellation } from './cancellation.ts';
import type { WireResponse } from './wire/envelope.ts';

/** Bytes of answers that are being read, of all exchanges together. */
export interface InflightBytes {
  taken: number;
  readonly max: number;
}

/** What one exchange may take. */
export interface ExchangeLimits {
  /** From now to the last byte. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly inflight: InflightBytes;
  readonly cancellation: Cancellation;
}

/** What became of an exchange. */
export interface ExchangeOutcome {
  readonly resolve: (response: WireResponse) => void;
  readonly reject: (error: JobApiError) => void;
}

/** The cause of an UPSTREAM_TIMEOUT that was found out here, and not told by a gateway. */
export class DeadlineReached extends Error {
  override readonly name = 'DeadlineReached';
}

/** The cause of a RATE_LIMITED that is this service's own: what all answers together may be is used up. */
export class NoRoomForAnswer extends Error {
  override readonly name = 'NoRoomForAnswer';
}

/** The only headers of an answer that anything here reads. */
const wantedHeaders = [
  'x-bk-job-request-id',
  'x-bkapi-request-id',
  'x-request-id',
  'x-bkapi-ratelimit-reset',
  'retry-after',
] as const;

/** Informational answers (1xx) before the one that counts; more of them are no conversation. */
const maxInformational = 8;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * One request and its answer on one of undici's connections. Ends exactly once: with the whole answer, with what went
 * wrong, at its deadline, or when nobody waits any more. In all cases but the first the connection is given up, since
 * what is left on it belongs to nobody. It is on the path of every read: one timer, and no copy where there is one chunk.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #limits: ExchangeLimits;
  readonly #outcome: ExchangeOutcome;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | null = null;
  #isOver = false;
  #status = 0;
  #headers: WireResponse['headers'] = {};
  #informational = 0;
  /** What Content-Length says; null where the answer comes in chunks. */
  #announced: number | null = null;
  /** Where the chunks of an answer of known length are put together; null where there are no two of them. */
  #whole: Buffer | null = null;
  #chunks: Buffer[] = [];
  #size = 0;
  #held = 0;

  constructor(limits: ExchangeLimits, outcome: ExchangeOutcome) {
    this.#limits = limits;
    this.#outcome = outcome;
    this.#timer = setTimeout(reachDeadline, limits.timeoutMs, this);
    limits.cancellation.listener = () => {
      this.giveUp(limits.cancellation.reason ?? new JobApiError('UPSTREAM_UNAVAILABLE'));
    };
  }

  /** Ends the exchange, wherever it is. */
  giveUp(error: JobApiError): void {
    if (this.#end()) this.#outcome.reject(error);
    this.#controller?.abort(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a connection, and ended before it had one.
    if (this.#isOver) controller.abort(new Error('Given up.'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) {
      this.#informational += 1;
      if (this.#informational > maxInformational) this.giveUp(unreadable('There is no end of 1xx answers.'));
      return;
    }
    this.#status = status;
    this.#headers = pickHeaders(headers);
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      this.giveUp(unreadable('The answer is compressed, which was not asked for.'));
      return;
    }
    const announced = Number(headers['content-length'] ?? Number.NaN);
    if (Number.isSafeInteger(announced) && this.#hold(announced)) this.#announced = announced;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    if (this.#announced === null && !this.#hold(chunk.length)) return;
    if (this.#announced !== null && chunk.length < this.#announced) {
      this.#whole ??= Buffer.allocUnsafeSlow(this.#announced);
      chunk.copy(this.#whole, this.#size);
    } else {
      this.#chunks.push(chunk);
    }
    this.#size += chunk.length;
  }

  onResponseEnd(): void {
    if (!this.#end()) return;
    const [first] = this.#chunks;
    const body =
      this.#whole?.subarray(0, this.#size) ??
      (first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#size));
    this.#outcome.resolve({ status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#end()) return;
    this.#outcome.reject(new JobApiError('UPSTREAM_UNAVAILABLE', null, { cause: withoutContent(error) }));
  }

  /** Counts bytes of the answer before they are kept; false where they are too many, which ends the exchange. */
  #hold(bytes: number): boolean {
    const { maxResponseBytes, inflight } = this.#limits;
    if (this.#held + bytes > maxResponseBytes) {
      this.giveUp(unreadable(`The answer is larger than ${String(maxResponseBytes)} bytes.`));
      return false;
    }
    if (inflight.taken + bytes > inflight.max) {
      this.giveUp(
        new JobApiError('RATE_LIMITED', 'Too many large answers are being read.', {
          retryAfter: 1000,
          cause: new NoRoomForAnswer(),
        }),
      );
      return false;
    }
    this.#held += bytes;
    inflight.taken += bytes;
    return true;
  }

  /** False where it has ended before. */
  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#limits.cancellation.listener = null;
    this.#limits.inflight.taken -= this.#held;
    return true;
  }
}

function reachDeadline(exchange: Exchange): void {
  exchange.giveUp(new JobApiError('UPSTREAM_TIMEOUT', null, { cause: new DeadlineReached() }));
}

function unreadable(why: string): JobApiError {
  return new JobApiError('UPSTREAM_BAD_RESPONSE', null, { cause: new Error(why) });
}

function pickHeaders(headers: Headers): WireResponse['headers'] {
  const picked: Record<string, string | undefined> = {};
  for (const name of wantedHeaders) {
    const value = headers[name];
    if (value !== undefined) picked[name] = typeof value === 'string' ? value : value[0];
  }
  return picked;
}

/** What went wrong by its name and code alone: texts of undici may hold addresses. */
function withoutContent(error: Error & { readonly code?: unknown }): Error {
  const { name, code } = error;
  return new Error(`${name} ${typeof code === 'string' ? code : ''}`.trim());
}
