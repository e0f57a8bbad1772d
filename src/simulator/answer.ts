import type { Json } from './json.ts';
import { hexDigits, type Random } from './random.ts';

/** A request, whole. Names of headers are in lower case. */
export interface ReceivedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer of a front door, before any fault. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
  /** Number in the envelope; null where it has none. */
  readonly code: number | null;
}

/** Ids under which the layers log a request (upstream contract 1.3). */
export interface RequestIds {
  /** A UUID. */
  readonly gateway: string;
  readonly request: string;
  readonly job: string;
  readonly esb: string;
}

/** New ids, the same in the same order for the same seed. */
export function createRequestIds(random: Random): RequestIds {
  const gateway = hexDigits(random, 32);
  return {
    gateway: gateway.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5'),
    request: hexDigits(random, 32),
    job: hexDigits(random, 32),
    esb: hexDigits(random, 32),
  };
}
