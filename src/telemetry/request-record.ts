import type { Identification } from '../context/operation-context.ts';
import type { IncomingHttpHeaders } from 'node:http';
import type { CodedError, NamedOperation } from '../context/operation-trace.ts';
import type { JobApiErrorCode } from '../domain/errors.ts';
import { Linked, type LinkedList } from '../memory/linked-list.ts';
import type { ArrivedRequest, RequestTrace } from '../server/request-observer.ts';
import type { CallTrace, UpstreamCall } from '../upstream/upstream-observer.ts';
import type { CallLine, RequestLine } from './log-lines.ts';
import type { Logger } from './logger.ts';
import type { Names } from './names.ts';
import { requestIdOf } from './request-id.ts';
import type { RequestMetrics } from './request-metrics.ts';
import { holdsPartOfSignIn, piecesOf, signInsOf } from './secrets.ts';
import type { BeginRequestSpan, RequestSpan } from './spans.ts';
import { readTraceParent, type TraceParent } from './trace-parent.ts';

/** What records of requests are written to. */
export interface RecordKeepers {
  readonly log: Logger;
  readonly metrics: RequestMetrics;
  readonly beginSpan: BeginRequestSpan;
  readonly names: Names;
  /** Requests under way. */
  readonly underWay: LinkedList<RequestRecord>;
}

type BegunCall = Pick<UpstreamCall, 'endpoint' | 'hostDetail' | 'attempt'>;

/** Code of a request without an error. */
const ok = 'ok';

/** Code of a request whose client left before it came to anything, as of a call of bk-job that nobody waits for. */
const cancelled = 'cancelled';

/** Status of a request whose client left before its answer: no such answer was sent. Many servers log it so. */
const clientLeft = 499;

/** What propagators read of a request; exporters write it, and it goes on to whoever is asked next. */
const traceHeaders = ['traceparent', 'tracestate', 'baggage'] as const;

/** To look through more for each request would hold the event loop. */
const longestTraceHeader = 1024;

const traceStatePattern = /^[\x20-\x7e]{1,512}$/;

/** One request: what is known of it by and by, and what is written of it at its end. */
export class RequestRecord extends Linked<RequestRecord> implements RequestTrace {
  readonly requestId: string;
  readonly #keepers: RecordKeepers;
  readonly #arrived: ArrivedRequest;
  readonly #startedAt = performance.now();
  readonly #parent: TraceParent | null;
  readonly #traceState: unknown;
  readonly #span: RequestSpan | null;
  #forwarded: Readonly<Record<string, string>> | null = null;
  #identification: Identification = null;
  #transport: ArrivedRequest['transport'];
  #isStream = false;
  #operation: NamedOperation['kind'] | null = null;
  #name: string | null = null;
  #code: string = cancelled;
  #calls = 0;
  #joined = 0;
  #cached = 0;

  constructor(keepers: RecordKeepers, arrived: ArrivedRequest) {
    super();
    const { headers } = arrived;
    this.#keepers = keepers;
    this.#arrived = arrived;
    this.#transport = arrived.transport;
    this.requestId = requestIdOf(arrived);
    const shown = withoutSome(headers, (name) => this.#isWithheld(headers[name]));
    this.#parent = readTraceParent(shown['traceparent']);
    this.#traceState = shown['tracestate'];
    // Without a place in a trace the span begins one of its own.
    this.#span = keepers.beginSpan(shown);
    keepers.underWay.add(this);
  }

  identified(identification: Identification): void {
    this.#identification = identification;
  }

  resolved({ kind, name }: NamedOperation): void {
    this.#operation = kind;
    this.#name = name;
  }

  answered(errors: readonly CodedError[]): void {
    const [first] = errors;
    if (first === undefined) {
      if (this.#code === cancelled) this.#code = ok;
      return;
    }
    const code = first.extensions?.code;
    this.#code = typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR';
  }

  streams(transport: ArrivedRequest['transport']): void {
    this.#transport = transport;
    this.#isStream = true;
  }

  /** Whether it is answered by messages that come in their time: nobody waits for its end. */
  get isStream(): boolean {
    return this.#isStream;
  }

  refused(code: JobApiErrorCode): void {
    if (this.#code === ok || this.#code === cancelled) this.#code = code;
  }

  beginCall(call: BegunCall): CallTrace {
    this.#calls += 1;
    this.#forwarded ??= this.#forwardedHeaders();
    const span = this.#span === null ? null : this.#span.beginCall(call);
    return {
      headers: span === null ? this.#forwarded : { ...this.#forwarded, ...span.headers },
      ended: (end) => {
        let known: UpstreamCall | null = null;
        // Of most calls nobody is told, and whoever signed in with much has much to be looked through.
        const shown = (): UpstreamCall => (known ??= { ...end, requestId: this.#shownId(end) });
        span?.ended(shown());
        this.#keepers.log.upstreamCall(end.outcome === 'ok', () => this.#lineOf(shown()));
      },
    };
  }

  readJoined(): void {
    this.#joined += 1;
  }

  readCached(): void {
    this.#cached += 1;
  }

  ended({ status, complete }: { readonly status: number; readonly complete: boolean }): void {
    const { underWay, metrics, log, names } = this.#keepers;
    if (!underWay.delete(this)) return;
    const durationMs = performance.now() - this.#startedAt;
    const isSecret = (text: string): boolean => this.#holdsSecret(text);
    const counted = names.counted(this.#name, isSecret);
    const line: RequestLine = {
      requestId: this.requestId,
      traceId: this.#traceId,
      transport: this.#transport,
      operation: this.#operation,
      name: names.shown(this.#name, isSecret),
      // Pages are sent without a word to GraphQL.
      code: complete && this.#code === cancelled ? ok : this.#code,
      status: complete ? status : clientLeft,
      durationMs: round(durationMs),
      calls: this.#calls,
      joined: this.#joined,
      cached: this.#cached,
      caller: callerOf(this.#identification),
    };
    metrics.ended(line, counted, durationMs);
    this.#span?.ended(line);
    log.request(line);
  }

  /** What the request brought as secrets, piece by piece: of these, texts are cleaned while it is under way. */
  secrets(): readonly string[] {
    const identification = this.#identification;
    const proof = identification !== null && 'proof' in identification ? [identification.proof.value] : [];
    return [...proof, ...signInsOf(this.#arrived).flatMap(piecesOf)];
  }

  #holdsSecret(text: string): boolean {
    return holdsPartOfSignIn(text, this.#arrived);
  }

  /** Longer ones are not looked through, and may hold a sign-in. */
  #isWithheld(header: unknown): boolean {
    if (typeof header !== 'string') return false;
    return header.length > longestTraceHeader || this.#holdsSecret(header);
  }

  #forwardedHeaders(): Readonly<Record<string, string>> {
    const { requestId } = this;
    if (this.#parent === null) return { 'x-request-id': requestId };
    const traced = { 'x-request-id': requestId, traceparent: this.#parent.header };
    const tracestate = this.#traceState;
    return typeof tracestate === 'string' && traceStatePattern.test(tracestate)
      ? { ...traced, tracestate }
      : traced;
  }

  #lineOf(call: UpstreamCall): CallLine {
    const { requestId } = this;
    const traceId = this.#traceId;
    const { requestId: upstreamRequestId, durationMs, ...known } = call;
    return { requestId, traceId, ...known, durationMs: round(durationMs), upstreamRequestId };
  }

  /** What bk-job calls the exchange, unless it repeats there what came with the request. */
  #shownId({ requestId }: UpstreamCall): string | null {
    return requestId === null || this.#holdsSecret(requestId) ? null : requestId;
  }

  get #traceId(): string | undefined {
    return this.#span?.traceId ?? this.#parent?.traceId;
  }
}

function withoutSome(
  headers: IncomingHttpHeaders,
  isWithheld: (name: string) => boolean,
): IncomingHttpHeaders {
  const withheld = traceHeaders.filter(isWithheld);
  if (withheld.length === 0) return headers;
  return { ...headers, ...Object.fromEntries(withheld.map((name) => [name, undefined])) };
}

function callerOf(identification: Identification): string | null {
  return identification !== null && 'fingerprint' in identification
    ? identification.fingerprint.slice(0, 10)
    : null;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
