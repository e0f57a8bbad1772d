import type { GraphQLRequest } from '@apollo/server';
import type { OperationDefinitionNode } from 'graphql';

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

type Variables = NonNullable<GraphQLRequest['variables']>;

function declaredOnly(
  variables: Variables,
  { variableDefinitions = [] }: OperationDefinitionNode,
): Variables {
  for (const name in variables) {
    if (!variableDefinitions.some(({ variable }) => variable.name.value === name)) {
      const names = variableDefinitions.map(({ variable }) => variable.name.value);
      const declared = names.filter((one) => Object.hasOwn(variables, one));
      return Object.fromEntries(declared.map((one) => [one, variables[one]]));
    }
  }
  return variables;
}
