import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { toJobApiError } from '../domain/errors.ts';
import { toRefusal } from './format-error.ts';

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

type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** Makes what makes refusals. */
export function createRefusals(formatError: FormatError): Refuse {
  return (code, errors) =>
    new RefusedOperation(
      errors.map((error) => formatError({ ...error.toJSON(), extensions: { code } }, error)),
    );
}

/** The refusal that something is which was thrown before an operation ran. */
export function toRefusedOperation(thrown: unknown, formatError: FormatError): RefusedOperation {
  if (thrown instanceof RefusedOperation) return thrown;
  const error = thrown instanceof GraphQLError ? thrown : toRefusal(toJobApiError(thrown));
  return new RefusedOperation([formatError(error.toJSON(), error)]);
}
