import type { GraphQLError, GraphQLFormattedError } from 'graphql';

/** Why an operation does not run, as its client is told. */
export class RefusedOperation extends Error {
  override readonly name = 'RefusedOperation';
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super('The operation was refused.');
    this.errors = errors;
  }
}

/** Makes a refusal of errors of graphql-js, under the code that Apollo Server gives them. */
export type Refuse = (code: string, errors: readonly GraphQLError[]) => RefusedOperation;

/** Makes what makes refusals. */
export function createRefusals(
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError,
): Refuse {
  return (code, errors) =>
    new RefusedOperation(
      errors.map((error) => formatError({ ...error.toJSON(), extensions: { code } }, error)),
    );
}
