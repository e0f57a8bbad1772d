/**
 * Why graphql-js answers in place of the fast way: an operation that it does not cover, data that ends in an error or
 * that it does not cover, a read that failed, or a fault of its own.
 */
export type FallbackReason = 'operation' | 'value' | 'failure';

/** Ends the fast way for one operation; graphql-js then makes the whole answer. */
export class NotCovered extends Error {
  override readonly name = 'NotCovered';
  readonly reason: FallbackReason;

  constructor(reason: FallbackReason, what: string) {
    super(what);
    this.reason = reason;
  }
}
