/** Is told, once, that bytes have gone out and that nobody will look at them again. */
export interface SentListener {
  sent(): void;
}

/** Where the body of an answer waits for whoever sends it, if it was written without a value of GraphQL first. */
export interface WrittenAnswer {
  /** Null until it is written. From then on these bytes are what the client gets, whatever Apollo Server makes. */
  bytes: Uint8Array | null;
  /**
   * Null where others may look at the bytes later. An object, since V8 may keep a function that was put here, and all that
   * it can reach, until it goes through its whole heap.
   */
  listener: SentListener | null;
}
