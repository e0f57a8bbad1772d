/** Where the body of an answer waits for whoever sends it, if it was written without a value of GraphQL first. */
export interface WrittenAnswer {
  /** Null until it is written. From then on these bytes are what the client gets, whatever Apollo Server makes. */
  bytes: Uint8Array | null;
  /** To be called once all of these have gone out and will not be looked at again; null where others may look at them. */
  sent: (() => void) | null;
}
