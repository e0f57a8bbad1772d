import type { GraphQLRequest } from '@apollo/server';
import type { OperationDefinitionNode } from 'graphql';
import { declaredOnly } from '../execution/declared-variables.ts';

/**
 * Lets go of what a request has brought and its operation does not need: Apollo Server holds on to all of it while the
 * operation waits in line or for a job, and a mebibyte of JSON may be many times that in memory. What the operation was
 * asked with stays: its document, its name, the variables that it declares.
 */
export function letGoOfBody(request: GraphQLRequest, operation: OperationDefinitionNode): void {
  const { variables, extensions, http } = request;
  if (variables !== undefined) request.variables = declaredOnly(variables, operation);
  // Apollo Server has the object itself at hand, too.
  for (const name in extensions) Reflect.deleteProperty(extensions, name);
  if (http !== undefined) http.body = undefined;
}
