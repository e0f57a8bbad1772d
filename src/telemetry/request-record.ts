import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Identification } from '../context/operation-context.ts';
import type { OperationOutcome } from '../context/operation-trace.ts';
import type { JobApiErrorCode } from '../domain/errors.ts';
import type { ArrivedRequest, RequestTrace } from '../server/request-observer.ts';
import type { CallTrace, UpstreamCall } from '../upstream/upstream-observer.ts';
import type { Logger } from './logger.ts';
import type { RequestMetrics } from './request-metrics.ts';
import { holdsPartOf } from './secrets.ts';
import type { BeginRequestSpan, RequestSpan } from './spans.ts';
import { readTraceParent, type TraceParent } from './trace-parent.ts';

/** What records of requests are written to. */
export interface RecordKeepers {
  readonly log: Logger;
  readonly metrics: RequestMetrics;
  readonly beginSpan: BeginRequestSpan;
  /** The name that an operation is counted under. */
  readonly nameOf: (name: string | null) => string;
  /** Requests under way. */
  readonly underWay: Set<RequestRecord>;
}

type BegunCall = Pick<UpstreamCall, 'endpoint' | 'hostDetail' | 'attempt'>;

/** Status of a request whose client left before its answer: no such answer was sent. Many servers log it so. */
const clientLeft = 499;

/** One request: what is known of it by and by, and what is written of it at its end. */
export class RequestRecord implements RequestTrace {
  readonly requestId: string;
  readonly #keepers: RecordKeepers;
  readonly #arrived: ArrivedRequest;
  readonly #startedAt = performance.now();
  readonly #parent: TraceParent | null;
  readonly #span: RequestSpan | null;
  readonly #headers: Readonly<Record<string, string>>;
  #identification: Identification = null;
  #operation: OperationOutcome['kind'] = null;
  #name: string | null = null;
  #code = 'ok';
  #calls = 0;
  #joined = 0;

  constructor(keepers: RecordKeepers, arrived: ArrivedRequest) {
    const { headers } = arrived;
    this.#keepers = keepers;
    this.#arrived = arrived;
    this.requestId = this.#withoutSecret(headers['x-request-id'], requestIdPattern) ?? newRequestId();
    this.#parent = readTraceParent(this.#withoutSecret(headers['traceparent'], anyText));
    this.#span = keepers.beginSpan(headers);
    this.#headers = forwardedHeaders(this.requestId, this.#parent, headers['tracestate']);
    keepers.underWay.add(this);
    keepers.metrics.begun();
  }

  identified(identification: Identification): void {
    this.#identification = identification;
  }

  answered({ kind, name, errors }: OperationOutcome): void {
    this.#operation = kind;
    this.#name = name;
    const [first] = errors;
    if (first === undefined) return;
    const code = first.extensions?.code;
    this.#code = typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR';
  }

  refused(code: JobApiErrorCode): void {
    this.#code = code;
  }

  beginCall(call: BegunCall): CallTrace {
    this.#calls += 1;
    const span = this.#span?.beginCall(call) ?? null;
    return {
      headers: span === null ? this.#headers : { ...this.#headers, ...span.headers },
      ended: (end) => {
        span?.ended(end);
        const { requestId: upstreamRequestId, ...known } = end;
        const durationMs = round(end.durationMs);
        const { requestId } = this;
        this.#keepers.log.upstreamCall({
          ...known,
          durationMs,
          requestId,
          ...this.#trace,
          upstreamRequestId,
        });
      },
    };
  }

  readJoined(): void {
    this.#joined += 1;
  }

  ended({ status, complete }: { readonly status: number; readonly complete: boolean }): void {
    const { underWay, metrics, log, nameOf } = this.#keepers;
    if (!underWay.delete(this)) return;
    const shown = complete ? status : clientLeft;
    const name = this.#shownName();
    const { transport } = this.#arrived;
    const [operation, code] = [this.#operation, this.#code];
    const durationMs = performance.now() - this.#startedAt;
    metrics.ended({ transport, operation, name: nameOf(name), code, status: shown, durationMs });
    this.#span?.ended({ operation, name, code, status: shown });
    log.request({
      requestId: this.requestId,
      ...this.#trace,
      transport,
      operation,
      name,
      code,
      status: shown,
      durationMs: round(durationMs),
      calls: this.#calls,
      joined: this.#joined,
      caller: callerOf(this.#identification),
    });
  }

  /** What the request brought as secrets, piece by piece: of these, texts are cleaned while it is under way. */
  secrets(): readonly string[] {
    const identification = this.#identification;
    const proof = identification !== null && 'proof' in identification ? [identification.proof.value] : [];
    return [...proof, ...this.#secretHeaders().flatMap(piecesOf)];
  }

  get #trace(): { readonly traceId?: string } {
    const traceId = this.#span?.traceId ?? this.#parent?.traceId;
    return traceId === undefined ? {} : { traceId };
  }

  /** A name is the client's own text: one that holds a part of its sign-in is shown nowhere. */
  #shownName(): string | null {
    const name = this.#name;
    if (name === null || !this.#holdsSecret(name)) return name === null ? null : shorten(name);
    return '(withheld)';
  }

  #withoutSecret(text: string | string[] | undefined, form: RegExp): string | null {
    return typeof text === 'string' && form.test(text) && !this.#holdsSecret(text) ? text : null;
  }

  #holdsSecret(text: string): boolean {
    return this.#secretHeaders().some((header) => holdsPartOf(text, header));
  }

  #secretHeaders(): readonly string[] {
    const { headers } = this.#arrived;
    return secretHeaders.flatMap((name) => headers[name] ?? []);
  }
}

/** What stands in a header beside the punctuation of JSON, cookies and lists; short ones and names are no secrets. */
function piecesOf(header: string): readonly string[] {
  return header
    .split(/[\s"'\\{}:;,]+|=(?!=*(?:$|[;,\s]))/)
    .filter(
      (piece) => piece.length >= 8 && !/^(?:bk_|access_)?[a-z_]*(?:token|ticket|secret|code)$/.test(piece),
    );
}

const secretHeaders = ['x-bkapi-authorization', 'authorization', 'cookie'] as const;

/** What clients, gateways and tracers number requests with, and nothing that could break a line or a header. */
const requestIdPattern = /^[\w.:-]{8,64}$/;
const anyText = /./;
const traceStatePattern = /^[\x20-\x7e]{1,512}$/;

function forwardedHeaders(
  requestId: string,
  parent: TraceParent | null,
  traceState: IncomingHttpHeaders[string],
): Readonly<Record<string, string>> {
  if (parent === null) return { 'x-request-id': requestId };
  const headers = { 'x-request-id': requestId, traceparent: parent.header };
  return typeof traceState === 'string' && traceStatePattern.test(traceState)
    ? { ...headers, tracestate: traceState }
    : headers;
}

function callerOf(identification: Identification): string | null {
  return identification !== null && 'fingerprint' in identification
    ? identification.fingerprint.slice(0, 10)
    : null;
}

function shorten(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

let randomPool = Buffer.alloc(0);
let used = 0;

/** Random bytes are taken many at a time: each call of the generator costs more than a request may. */
function newRequestId(): string {
  if (used >= randomPool.length) {
    randomPool = randomBytes(16 * 256);
    used = 0;
  }
  const id = randomPool.toString('hex', used, used + 16);
  used += 16;
  return id;
}
