import type { Dispatcher } from 'undici';
import { JobApiError, NoRoomForAnswer } from '../domain/errors.ts';
import type { ReusedMemory } from '../memory/reused-memory.ts';
import type { Cancellation } from './cancellation.ts';
import type { ReadBuffers } from './read-buffers.ts';
import { ConnectionIds, type SentIds } from './sent-ids.ts';
import type { WireResponse } from './wire/envelope.ts';

/** Bytes of answers that are being read, of all exchanges together. */
export interface InflightBytes {
  taken: number;
  readonly max: number;
}

/** What all exchanges of a transport share. */
export interface ExchangeMemory {
  readonly maxResponseBytes: number;
  readonly inflight: InflightBytes;
  readonly bodies: ReusedMemory;
  /** Where chunks may have been read into. */
  readonly reads: ReadBuffers;
  readonly sentIds: SentIds;
}

/** How long one exchange may take, and who can end it before. */
export interface ExchangeLimits {
  /** Covers everything from the wait for a connection to the last byte. */
  readonly timeoutMs: number;
  readonly cancellation: Cancellation;
  /** Bytes that the answer may have; left out where it may have as many as any. */
  readonly maxBytes?: number | undefined;
}

/** A request that is about to be sent. */
export interface SentRequest extends ExchangeLimits {
  /** What it is numbered with. */
  readonly requestId: string;
}

/** An answer whose body may stand in memory that is used again. */
export interface ReceivedResponse extends WireResponse {
  /** Gives that memory back, once: nobody may look at the body any more. Left out where there is none. */
  readonly release?: () => void;
  /** Ends the connection that it came on: it cannot be what was asked for, and so may all be that comes after it. */
  readonly distrust?: () => void;
}

/** Is told once what became of an exchange, perhaps before the call that began it returns. Must not throw. */
export interface ExchangeOutcome {
  answered(response: ReceivedResponse): void;
  failed(error: JobApiError): void;
}

/** The cause of an UPSTREAM_TIMEOUT that was found out here, and not told by a gateway. */
export class DeadlineReached extends Error {
  override readonly name = 'DeadlineReached';
}

/** What an exchange goes on. */
export interface ExchangeConnection {
  readonly ids: ConnectionIds;
  /** Ends it for good, with whatever is asked on it by now. */
  readonly distrust: () => void;
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
  readonly #memory: ExchangeMemory;
  readonly #cancellation: Cancellation;
  readonly #requestId: string;
  readonly #maxBytes: number;
  /** Null when it is over. */
  #outcome: ExchangeOutcome | null;
  readonly #timer: NodeJS.Timeout;
  #connection: ExchangeConnection = noConnection;
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: WireResponse['headers'] = {};
  #informational = 0;
  /** What Content-Length says; null where the answer comes in chunks. */
  #announced: number | null = null;
  /** The first chunk, as long as there is no other. */
  #only: Buffer | null = null;
  /** Where the chunks are put together; null where there are no two of them. */
  #whole: Buffer | null = null;
  #size = 0;
  #held = 0;

  constructor(memory: ExchangeMemory, sent: SentRequest, outcome: ExchangeOutcome) {
    const { timeoutMs, cancellation, maxBytes = Infinity, requestId } = sent;
    this.#memory = memory;
    this.#maxBytes = Math.min(memory.maxResponseBytes, maxBytes);
    this.#cancellation = cancellation;
    this.#requestId = requestId;
    this.#outcome = outcome;
    this.#timer = setTimeout(reachDeadline, timeoutMs, this);
    cancellation.listener = () => {
      this.giveUp(cancellation.reason ?? new JobApiError('UPSTREAM_UNAVAILABLE'));
    };
  }

  get isOver(): boolean {
    return this.#outcome === null;
  }

  /** It has a connection, on which nothing else is asked by now. */
  goesOn(connection: ExchangeConnection): void {
    this.#connection = connection;
    connection.ids.remember(this.#requestId);
  }

  /** Ends the exchange, wherever it is. */
  giveUp(error: JobApiError): void {
    const controller = this.#controller;
    this.#end()?.failed(error);
    controller?.abort(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // It ended before it had a connection. Undici sends nothing then, and keeps the connection; to abort would end that.
    if (this.#outcome === null) throw new Error('Given up.');
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) {
      this.#informational += 1;
      if (this.#informational > maxInformational) this.giveUp(unreadable('There is no end of 1xx answers.'));
      return;
    }
    if (this.#memory.sentIds.isOfAnother(headers['x-request-id'], this.#requestId, this.#connection.ids)) {
      this.giveUp(unreadable('The answer is to another request.'));
      return;
    }
    this.#status = status;
    this.#headers = pickHeaders(headers);
    if (isCompressed(headers['content-encoding'])) {
      this.giveUp(unreadable('The answer is compressed, which was not asked for.'));
      return;
    }
    const announced = Number(headers['content-length'] ?? Number.NaN);
    if (Number.isSafeInteger(announced) && this.#hold(announced)) this.#announced = announced;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#outcome === null) return;
    if (this.#announced === null && !this.#hold(chunk.length)) return;
    if (this.#size === 0 && chunk.length >= (this.#announced ?? 0)) this.#only = chunk;
    else this.#append(chunk);
    this.#size += chunk.length;
  }

  onResponseEnd(): void {
    const { bodies, reads, inflight } = this.#memory;
    const whole = this.#whole;
    const only = this.#only ?? nothing;
    const held = this.#held;
    this.#whole = null;
    // It is there until it is released: many bodies may wait to be read out.
    if (whole !== null) this.#held = 0;
    const outcome = this.#end();
    if (outcome === null) return;
    const status = this.#status;
    const headers = this.#headers;
    const { distrust } = this.#connection;
    if (whole !== null) {
      const release = once(() => {
        bodies.giveBack(whole);
        inflight.taken -= held;
      });
      outcome.answered({ status, headers, body: whole.subarray(0, this.#size), release, distrust });
    } else if (reads.isLent(only)) {
      const release = once(() => {
        reads.giveBack(only);
      });
      outcome.answered({ status, headers, body: only, release, distrust });
    } else outcome.answered({ status, headers, body: only, distrust });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#end()?.failed(new JobApiError('UPSTREAM_UNAVAILABLE', null, { cause: withoutContent(error) }));
  }

  #append(chunk: Buffer): void {
    const { bodies } = this.#memory;
    const size = this.#size + chunk.length;
    if (this.#whole === null || this.#whole.length < size) {
      const larger = bodies.take(Math.max(this.#announced ?? 0, size * 2));
      (this.#whole ?? this.#only)?.copy(larger, 0, 0, this.#size);
      if (this.#whole !== null) bodies.giveBack(this.#whole);
      this.#whole = larger;
      this.#only = null;
    }
    chunk.copy(this.#whole, this.#size);
    this.#memory.reads.giveBack(chunk);
  }

  /** Counts bytes of the answer before they are kept; false where they are too many, which ends the exchange. */
  #hold(bytes: number): boolean {
    const { inflight } = this.#memory;
    if (this.#held + bytes > this.#maxBytes) {
      this.giveUp(unreadable(`The answer is larger than ${String(this.#maxBytes)} bytes.`));
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

  /**
   * Who is to be told of the end; null where it has ended before. Nobody who waited hangs on it any more: undici's
   * request leads here, and V8 may keep that until it goes through its whole heap.
   */
  #end(): ExchangeOutcome | null {
    const outcome = this.#outcome;
    if (outcome === null) return null;
    this.#outcome = null;
    this.#controller = null;
    this.#only = null;
    clearTimeout(this.#timer);
    this.#cancellation.listener = null;
    this.#memory.inflight.taken -= this.#held;
    if (this.#whole !== null) this.#memory.bodies.giveBack(this.#whole);
    this.#whole = null;
    return outcome;
  }
}

const nothing = Buffer.alloc(0);

const noConnection: ExchangeConnection = { ids: new ConnectionIds(), distrust: () => undefined };

/** To give memory back twice would be to give back what is somebody else's by then. */
function once(giveBack: () => void): () => void {
  let isGivenBack = false;
  return () => {
    if (!isGivenBack) giveBack();
    isGivenBack = true;
  };
}

/**
 * Node calls timers that are due before it looks at what has come. In a process that stood still until then that may be
 * the answer, and bk-job must not be taken for one that does not answer.
 */
function reachDeadline(exchange: Exchange): void {
  setImmediate(endLate, exchange);
}

function endLate(exchange: Exchange): void {
  exchange.giveUp(new JobApiError('UPSTREAM_TIMEOUT', null, { cause: new DeadlineReached() }));
}

function unreadable(why: string): JobApiError {
  return new JobApiError('UPSTREAM_BAD_RESPONSE', null, { cause: new Error(why) });
}

function isCompressed(encoding: string | string[] | undefined): boolean {
  if (encoding === undefined) return false;
  return typeof encoding === 'string' ? !saysNothing.test(encoding) : encoding.some(isCompressed);
}

const saysNothing = /^(?:identity)?$/i;

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
