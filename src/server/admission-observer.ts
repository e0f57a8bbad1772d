/** Requests at a moment, of one class. */
export interface AdmissionGauges {
  running(): number;
  waiting(): number;
}

/** Is told how much is let in. What it does must neither fail nor take time. */
export interface AdmissionObserver {
  /** What can be read at any time of a class of requests, from now on. Classes are few, and known when it starts. */
  classOpened(name: string, gauges: AdmissionGauges): void;
  /** A request was let in, after this wait. */
  admitted(name: string, waitedMs: number): void;
  /** A request was turned away. Reasons are few: a limit's name, never a caller's. */
  shed(name: string, reason: string): void;
}
