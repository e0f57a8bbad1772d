import type { Said } from './websocket.ts';
import { exchange, type Exchange, type Play, type RawAnswer, type Target } from './exchange.ts';

/** How a service is set up that an input is meant for. */
export type Setup = 'production' | 'open' | 'impatient';

/** What must come of an input. */
export interface Wanted {
  /** HTTP status of the last answer; null where the connection is ended without one; `cut` where after a few. */
  readonly status: number | 'cut' | null;
  /** Code of the first error; null where there is none. */
  readonly code: string | null;
  /** Code with which a WebSocket is closed; null where it is ended without one. Left out where none is opened. */
  readonly close?: number | null;
  /** Calls of bk-job at most: legal inputs may cost some. */
  readonly calls: number;
}

/** One thing that a client may do and should not. */
export interface HostileInput {
  readonly name: string;
  readonly setup: Setup;
  readonly play: (target: Target) => Play;
  readonly wanted: Wanted;
  /** Whether it takes its time, which is that of a limit: such an input is not repeated by the thousand. */
  readonly slow: boolean;
}

/** Sends an input over a connection of its own. */
export function send(input: HostileInput, target: Target): Promise<Exchange> {
  return exchange(target, input.play(target));
}

/** Answers that refuse are short: no client gets more out of this service than it put in. */
const longestRefusal = 40_000;

/** What a service may still have answered to whom it cuts off. */
const fewAnswers = 100;

/** What is wrong with what became of an input; null where it is as wanted. */
export function faultOf({ wanted }: HostileInput, { answers, said, ended }: Exchange): string | null {
  if (!ended) return 'the connection was never ended';
  if (wanted.status === 'cut')
    return answers.length > fewAnswers ? `${String(answers.length)} answers` : null;
  const answer = answers.at(-1);
  if (answer === undefined) return wanted.status === null ? null : 'no answer came';
  if (wanted.status === null) return `an answer came: ${String(answer.status)}`;
  if (answer.status !== wanted.status) return `status ${String(answer.status)}: ${answer.body.slice(0, 300)}`;
  return wanted.close === undefined ? faultOfBody(answer, wanted) : faultOfSaid(said, wanted);
}

function faultOfSaid(said: Said | null, wanted: Wanted): string | null {
  if (said?.close !== wanted.close) return `closed with ${String(said?.close)}`;
  const code = said?.messages.map(firstCode).find((one) => one !== null) ?? null;
  return code === wanted.code
    ? null
    : `code ${String(code)}: ${said?.messages.join(' ').slice(0, 300) ?? ''}`;
}

function faultOfBody({ status, headers, body }: RawAnswer, wanted: Wanted): string | null {
  if (headers['x-content-type-options'] !== 'nosniff') return 'a browser may guess what the answer is';
  if (headers['cache-control'] !== 'private, no-store') return 'a cache may keep the answer';
  if (status !== 200 && body.length > longestRefusal) return `a refusal of ${String(body.length)} characters`;
  if (/node_modules|\.ts:|at \w+ \(|127\.0\.0\.1/.test(body)) return 'the answer tells of the inside';
  if (status === 204) return null;
  const code = firstCode(body);
  return code === wanted.code
    ? null
    : `code ${String(code)} instead of ${String(wanted.code)}: ${body.slice(0, 300)}`;
}

type Errors = readonly { readonly extensions: { readonly code: string } }[];

/** Of an answer, or of a message of a WebSocket, which holds its answer or nothing but errors. */
function firstCode(text: string): string | null {
  const message = JSON.parse(text) as { errors?: Errors; payload?: Errors | { errors?: Errors } };
  const { errors, payload = [] } = message;
  const found = errors ?? ('errors' in payload ? payload.errors : undefined) ?? payload;
  return Array.isArray(found) ? ((found as Errors)[0]?.extensions.code ?? null) : null;
}

/** Metrics of what is kept for clients while they are there: operations under way, streams, jobs that are read. */
const kept = /^bkjob_gql_(?:requests_admitted|subscriptions_active|live_readers)\b.* [^0]\S*$/gm;

/** What a service keeps for clients, by the page of its metrics. */
export function keptFor(page: string): readonly string[] {
  return page.match(kept) ?? [];
}

/** A client that signs in as somebody who may see jobs: whatever is refused is not refused for want of that. */
const signedIn = { 'x-bkapi-authorization': '{"bk_token":"alice"}' };

/** Headers of a request, in order; a list where one comes more than once. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | null>>;

/** The bytes of a request to the GraphQL endpoint, its length told unless that is given. */
export function toRequest(
  { path }: Pick<Target, 'path'>,
  options: { readonly head?: string; readonly headers?: RequestHeaders; readonly body?: string | Buffer },
): Buffer {
  const { head = `POST ${path} HTTP/1.1`, headers = {}, body = '' } = options;
  const all: RequestHeaders = {
    host: 'service',
    connection: 'close',
    'content-type': 'application/json',
    ...signedIn,
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [value].flat().map((one) => `${name}: ${one}\r\n`),
  );
  return Buffer.concat([Buffer.from(`${head}\r\n${lines.join('')}\r\n`, 'latin1'), Buffer.from(body)]);
}

/** JSON of a request. */
export function toBody(query: string, variables?: unknown, operationName?: string): string {
  return JSON.stringify({ query, variables, operationName });
}

/** Refused before it ran. */
export function refused(status: number, code = 'BAD_USER_INPUT'): Wanted {
  return { status, code, calls: 0 };
}

/** Legal, and answered; an error stands where a field failed. */
export function answered(calls = 0, code: string | null = null): Wanted {
  return { status: 200, code, calls };
}

/** A WebSocket is opened, and closed with this code; an error stands where an operation was refused. */
export function closed(close: number | null, code: string | null = null, calls = 0): Wanted {
  return { status: 101, code, calls, close };
}

/** The connection is ended, and nothing is said. */
export const ended: Wanted = { status: null, code: null, calls: 0 };

/** The connection is ended, whatever was answered on it before. */
export const cut: Wanted = { status: 'cut', code: null, calls: 1 };

export const unparsable = refused(400, 'GRAPHQL_PARSE_FAILED');
export const invalid = refused(400, 'GRAPHQL_VALIDATION_FAILED');
export const tooComplex = refused(400, 'OPERATION_TOO_COMPLEX');
export const badInput = refused(400);

/** An input that is one request to the GraphQL endpoint. */
export function ask(
  name: string,
  wanted: Wanted,
  make: (target: Target) => Buffer,
  setup: Setup = 'production',
): HostileInput {
  return { name, setup, wanted, slow: false, play: (target) => (socket) => socket.write(make(target)) };
}
