/** Is told how documents are read and operations are run. What it does must neither fail nor take time. */
export interface ExecutionObserver {
  /** A document was wanted; whether it had been read before. */
  documentLookedUp(known: boolean): void;
  /** The answer was written from the bytes of bk-job, or for which reason graphql-js had to make it. */
  fastPathTaken(): void;
  fastPathLeft(reason: string): void;
}
