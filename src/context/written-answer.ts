/** Is told, once, that bytes have gone out and that nobody will look at them again. */
export interface SentListener {
  sent(): void;
}

/** What an operation has while it is under way. */
export interface OperationPlace {
  /** Gives it back, if that has not been done. */
  leave(): void;
}

/** What an operation was charged before it ran. */
export interface OperationCharge {
  /** Gives all back: it does not run. */
  cancel(): void;
  /** Gives back what it has not cost, if that has not been done. */
  settle(actualCost: number): void;
}

/**
 * What whoever sends an answer finds of its operation. An object of its own, since Apollo Server gives each operation a
 * copy of its context.
 */
export interface WrittenAnswer {
  /** Null until it is written. From then on these bytes are what the client gets, whatever Apollo Server makes. */
  bytes: Uint8Array | null;
  /**
   * Null where others may look at the bytes later. An object, since V8 may keep a function that was put here, and all that
   * it can reach, until it goes through its whole heap.
   */
  listener: SentListener | null;
  /** Null where nobody counts what it costs. Settled like the place is given back. */
  charge: OperationCharge | null;
  /** Null where it was not let in, or there is room for all. Whoever had it answered gives it back, whatever came of it. */
  place: OperationPlace | null;
}
