import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { BkJobCall, SimulatedFrontDoor } from './bk-job-call.ts';

/** A way for the embedded bk-job, or a machine in front of it, to misbehave. */
export type SimulatorFault =
  /** Answers as ever, `ms` later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Cuts the connection before the answer. */
  | { readonly kind: 'reset' }
  /** Cuts it in the middle of the body: of one of known length, or of one in chunks. */
  | { readonly kind: 'truncated'; readonly chunked?: boolean }
  /** A page of a proxy, status 502. */
  | { readonly kind: 'html' }
  /** No body at all; status 502 if left out. */
  | { readonly kind: 'empty'; readonly status?: number }
  /** Another status, with this body and these headers or none. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The gateway's limit for an application: on the resource if left out. Ends after `resetSeconds`, 1 if left out. */
  | {
      readonly kind: 'rate-limited';
      readonly resetSeconds?: number;
      readonly strategy?: 'resource' | 'stage';
    }
  /** The answer as ever, but every member of these names holds a value of another type. */
  | { readonly kind: 'wrong-types'; readonly members: readonly string[] }
  /** The answer as ever, but a few bytes at a time: 16 every 20 ms if left out. */
  | { readonly kind: 'slow-drip'; readonly bytesPerTick?: number; readonly tickMs?: number }
  /** Status 200 and a body that is called JSON and is none. */
  | { readonly kind: 'not-json' }
  /** The answer as ever, followed by blanks up to this size. */
  | { readonly kind: 'oversized'; readonly bytes: number }
  /** Any number of the gateway, the ESB or bk-job, in the envelope and with the status that it comes with. */
  | { readonly kind: 'envelope'; readonly code: number; readonly message?: string }
  /** Exactly this exchange. */
  | {
      readonly kind: 'sample';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    };

/** Which requests a fault meets. What is left out does not matter. */
export interface FaultMatch {
  readonly frontDoor?: SimulatedFrontDoor;
  readonly user?: string;
  readonly jobInstanceId?: string;
  readonly returnIpResult?: boolean;
}

/** A fault and when it happens. */
export interface FaultInjection {
  /** Every request if left out. */
  readonly match?: FaultMatch;
  readonly fault: SimulatorFault;
  /** How many requests it meets; no end if left out. */
  readonly times?: number;
}

/** Switches for misbehaviour. */
export interface SimulatorFaults {
  /**
   * Adds a fault. The first one that was added and meets a request is the one that happens. Throws where its status or
   * headers cannot be sent over HTTP.
   */
  inject(injection: FaultInjection): void;
  /** Ends every fault that has not happened yet. */
  clear(): void;
}

/** Faults, and the question which one a request meets. */
export interface FaultPlan extends SimulatorFaults {
  /** The fault that a request meets, counted as happened; null if none. */
  take(call: BkJobCall): SimulatorFault | null;
}

/** A plan without faults. */
export function createFaultPlan(): FaultPlan {
  let planned: { readonly injection: FaultInjection; left: number }[] = [];
  return {
    inject: (injection) => {
      assertSendable(injection.fault);
      planned.push({ injection, left: injection.times ?? Infinity });
    },
    clear: () => {
      planned = [];
    },
    take: (call) => {
      const next = planned.find(({ injection, left }) => left > 0 && meets(injection.match ?? {}, call));
      if (next === undefined) return null;
      next.left -= 1;
      return next.injection.fault;
    },
  };
}

function meets(match: FaultMatch, call: BkJobCall): boolean {
  return (['frontDoor', 'user', 'jobInstanceId', 'returnIpResult'] as const).every(
    (name) => match[name] === undefined || match[name] === call[name],
  );
}

/** Whether HTTP can carry a status and headers, so that a wrong fault is refused at once and not with a request. */
function assertSendable(fault: SimulatorFault): void {
  const { status = 200, headers = {} } = {
    status: 'status' in fault ? fault.status : undefined,
    headers: 'headers' in fault ? fault.headers : undefined,
  };
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`A status has to be a whole number from 200 to 599, not ${String(status)}.`);
  }
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
}
