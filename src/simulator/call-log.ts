import type { IncomingHttpHeaders } from 'node:http';
import type { SimulatedScope } from './job-model.ts';

/** Which door a request came in by. */
export type SimulatedFrontDoor = 'apigw-v3' | 'esb';

/** One request to a bk-job endpoint, and what became of it. Holds no secret. */
export interface SimulatedCall {
  /** From 1, in the order of arrival. */
  readonly sequence: number;
  readonly frontDoor: SimulatedFrontDoor;
  readonly endpoint: string;
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Who asked, where the sign-in was good. */
  readonly user: string | null;
  readonly scope: SimulatedScope | null;
  readonly jobInstanceId: string | null;
  readonly returnIpResult: boolean;
  /** Headers of the request, secrets blanked out. */
  readonly headers: Readonly<Record<string, string>>;
  /** HTTP status of the answer; null where none was sent. */
  readonly status: number | null;
  /** Code of the envelope; null where there was none. */
  readonly code: number | null;
  /** Kind of the fault that was in play. */
  readonly fault: string | null;
}

/** The requests that bk-job endpoints got. */
export interface CallLog {
  all(): readonly SimulatedCall[];
  clear(): void;
}

/** A log that can be written to. A call stands in it from its arrival, before it is answered. */
export interface WritableCallLog extends CallLog {
  open(call: Omit<SimulatedCall, 'sequence' | 'status' | 'code'>): OpenCall;
}

/** A call that is being answered. */
export interface OpenCall {
  answered(status: number, code: number | null): void;
}

/** An empty log. */
export function createCallLog(): WritableCallLog {
  const calls = new Map<number, SimulatedCall>();
  let sequence = 0;
  return {
    all: () => [...calls.values()],
    clear: () => {
      calls.clear();
    },
    open: (call) => {
      sequence += 1;
      const opened = { ...call, sequence };
      calls.set(opened.sequence, { ...opened, status: null, code: null });
      return {
        answered: (status, code) => {
          if (calls.has(opened.sequence)) calls.set(opened.sequence, { ...opened, status, code });
        },
      };
    },
  };
}

const secretHeaders: ReadonlySet<string> = new Set(['x-bkapi-authorization', 'authorization', 'cookie']);

/** Headers as the log may hold them: of secrets it tells only that they came. */
export function loggedHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, secretHeaders.has(name) ? '[secret]' : String(value)]],
    ),
  );
}
