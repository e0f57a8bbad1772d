import type { SimulatedFrontDoor } from './call-log.ts';

/** A way in which bk-job, or what stands before it, can misbehave (upstream contract 3, 11). */
export type Fault =
  /** Answers rightly, but later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Cuts the connection instead of answering. */
  | { readonly kind: 'reset' }
  /** Cuts the connection in the middle of the right answer. */
  | { readonly kind: 'truncated' }
  /** The right answer, a few bytes at a time. */
  | { readonly kind: 'slow-drip'; readonly bytesPerTick: number; readonly tickMs: number }
  /** A proxy's HTML page, with status 502. */
  | { readonly kind: 'html' }
  /** No body. */
  | { readonly kind: 'empty'; readonly status: number }
  /** Status 200 and a text that is no JSON. */
  | { readonly kind: 'not-json' }
  /** The right answer with texts in place of the members of these names. */
  | { readonly kind: 'wrong-types'; readonly members: readonly string[] }
  /** The right answer, with so many bytes of white space after it. */
  | { readonly kind: 'oversized'; readonly bytes: number }
  /** The gateway's rate limit, open again after these seconds. */
  | { readonly kind: 'rate-limited'; readonly resetSeconds: number }
  /** bk-job's own envelope of a failure. */
  | { readonly kind: 'envelope'; readonly code: number; readonly message: string }
  /** Exactly this answer. */
  | {
      readonly kind: 'sample';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    };

/** Which requests a fault is for: those that are alike in everything that is given. */
export interface FaultMatch {
  readonly frontDoor?: SimulatedFrontDoor;
  readonly user?: string;
  readonly jobInstanceId?: string;
  readonly returnIpResult?: boolean;
}

/** A fault, for whom and how often. */
export interface InjectedFault {
  readonly fault: Fault;
  /** Every request where left out. */
  readonly match?: FaultMatch;
  /** For good where left out. */
  readonly times?: number;
}

/** Switches for misbehaviour. */
export interface Faults {
  /** Of several faults that fit a request, the one that was injected first is in play. */
  inject(fault: InjectedFault): void;
  clear(): void;
}

/** Switches that can be asked. */
export interface ActiveFaults extends Faults {
  /** The fault for a request, which counts as one of its times; null where it is to be answered rightly. */
  take(request: Required<FaultMatch>): Fault | null;
}

/** Everything in order. */
export function createFaults(): ActiveFaults {
  let active: { readonly injected: InjectedFault; left: number }[] = [];
  return {
    inject: (injected) => {
      active.push({ injected, left: injected.times ?? Infinity });
    },
    clear: () => {
      active = [];
    },
    take: (request) => {
      const entry = active.find(({ injected, left }) => left > 0 && fits(injected.match ?? {}, request));
      if (entry === undefined) return null;
      entry.left -= 1;
      return entry.injected.fault;
    },
  };
}

function fits(match: FaultMatch, request: Required<FaultMatch>): boolean {
  return (Object.keys(match) as (keyof FaultMatch)[]).every((name) => match[name] === request[name]);
}
