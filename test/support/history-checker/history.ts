/** A state of a job, as one caller sees it. Versions count up with every change. */
export interface SeenState {
  readonly identity: string;
  readonly job: string;
  readonly version: number;
  readonly finished: boolean;
}

/** What happened, in order. Clients, streams and reads are told apart by their numbers. */
export type HistoryEvent =
  /** bk-job began to answer a read, and answered it: with a state, or with a failure (null). */
  | { readonly kind: 'read-begun'; readonly read: number; readonly identity: string; readonly job: string }
  | { readonly kind: 'read-ended'; readonly read: number; readonly state: SeenState | null }
  /** A client opened a stream; `known` is the version that it said that it has. */
  | {
      readonly kind: 'opened';
      readonly stream: number;
      readonly identity: string;
      readonly job: string;
      readonly known: SeenState | null;
    }
  | { readonly kind: 'delivered'; readonly stream: number; readonly state: SeenState }
  | { readonly kind: 'completed'; readonly stream: number }
  /** The client left before it was completed. */
  | { readonly kind: 'left'; readonly stream: number };

/** A log of what happened. */
export type History = readonly HistoryEvent[];
