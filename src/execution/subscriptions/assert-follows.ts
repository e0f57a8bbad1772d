import type { GraphQLSchema } from 'graphql';
import { collectFields } from 'graphql/execution/collectFields.js';
import { JobApiError } from '../../domain/errors.ts';
import { fragmentsByName } from '../fragments.ts';
import type { PreparedOperation } from '../operation-pipeline.ts';

/**
 * Refuses a subscription whose one field is left out by a condition. It is valid, and graphql-js fails on it.
 * Throws BAD_USER_INPUT.
 */
export function assertFollows(
  schema: GraphQLSchema,
  { document, operation, variables }: PreparedOperation,
): void {
  const type = schema.getSubscriptionType();
  const isEmpty =
    !type ||
    collectFields(schema, fragmentsByName(document), { ...variables }, type, operation.selectionSet).size ===
      0;
  if (isEmpty)
    throw new JobApiError('BAD_USER_INPUT', 'The subscription leaves out all that it could follow.');
}
