import type { BkJobCall, SimulatedFrontDoor } from './bk-job-call.ts';
import type { Delivery } from './delivery.ts';
import type { SimulatorFault } from './faults.ts';
import type { SimulatedScope } from './job-model.ts';

/** One request to a front door, and what became of it. Holds no secret. */
export interface CallRecord {
  /** Counts from 1 and goes on after `clear`. */
  readonly sequence: number;
  readonly frontDoor: SimulatedFrontDoor;
  /** Last part of the path. */
  readonly endpoint: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Whose proof the request carried; null if nobody's. */
  readonly user: string | null;
  readonly scope: SimulatedScope | null;
  readonly jobInstanceId: string | null;
  readonly returnIpResult: boolean;
  /** Names in lower case; values that can hold credentials are replaced. */
  readonly headers: Readonly<Record<string, string>>;
  /** HTTP status; null where none is sent. */
  readonly status: number | null;
  /** Number in the envelope; null where there is none. */
  readonly code: number | null;
  /** Kind of the fault that the request met. */
  readonly fault: SimulatorFault['kind'] | null;
}

/** What bk-job was asked, in order of arrival. */
export interface CallLog {
  all(): readonly CallRecord[];
  clear(): void;
}

/** A log that can be written to. */
export interface CallLogWriter extends CallLog {
  add(call: BkJobCall, delivery: Delivery, fault: SimulatorFault | null): void;
}

/** Older records make room for newer ones beyond this number. */
const maxRecords = 20_000;

const secretHeader = /authorization|cookie|token|ticket|secret|password|jwt/i;

/** An empty log. */
export function createCallLog(): CallLogWriter {
  let records: CallRecord[] = [];
  let sequence = 0;
  return {
    all: () => [...records],
    clear: () => {
      records = [];
    },
    add: (call, { status, code }, fault) => {
      sequence += 1;
      const { frontDoor, endpoint, request, user, scope, jobInstanceId, returnIpResult } = call;
      if (records.length >= maxRecords) records.shift();
      records.push({
        sequence,
        frontDoor,
        endpoint,
        method: request.method,
        path: request.path,
        user,
        scope,
        jobInstanceId,
        returnIpResult,
        headers: withoutSecrets(request.headers),
        status,
        code,
        fault: fault?.kind ?? null,
      });
    },
  };
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secretHeader.test(name) ? '<redacted>' : value]),
  );
}
