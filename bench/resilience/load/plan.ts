/** What a generator sends, and when. */
export interface LoadPlan {
  readonly url: string;
  readonly seed: number;
  /** One after another: so many requests a second, whatever becomes of them, or so many at a time without a break. */
  readonly phases: readonly LoadPhase[];
  /** Chosen at random for each request, by their weights. */
  readonly requests: readonly PlannedRequest[];
  /** Names of callers, one of which is chosen at random for each request. */
  readonly callers: readonly string[];
  /**
   * How many connections a caller has from the beginning, as a balancer keeps them; where it is left out, as many as
   * there are requests under way.
   */
  readonly connectionsPerCaller?: number;
}

export type LoadPhase =
  | { readonly kind: 'open'; readonly perSecond: number; readonly seconds: number }
  | { readonly kind: 'closed'; readonly atATime: number; readonly seconds: number };

export interface PlannedRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly weight?: number;
}

/** What became of one request. */
export type Outcome = 'ok' | 'broken' | `status ${string}` | `error ${string}`;

/** What a generator measured. Entries of equal index belong together; times are milliseconds since `startedAt`. */
export interface LoadResult {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** When each request was to be sent. */
  readonly scheduled: readonly number[];
  /** From then to the last byte of its answer. */
  readonly latency: readonly number[];
  /** Index of what was asked. */
  readonly request: readonly number[];
  /** Index within `outcomes`. */
  readonly outcome: readonly number[];
  readonly outcomes: readonly Outcome[];
  /** How late the event loop of the generator itself came round, at the 99th percentile and at worst. */
  readonly ownLag: { readonly p99: number; readonly max: number };
}
