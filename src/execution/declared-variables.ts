import type { OperationDefinitionNode } from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/** The variables that an operation declares, of those that were sent: others may be large, and say nothing. */
export function declaredOnly(
  sent: Variables,
  { variableDefinitions = [] }: Pick<OperationDefinitionNode, 'variableDefinitions'>,
): Variables {
  for (const name in sent) {
    if (!variableDefinitions.some(({ variable }) => variable.name.value === name)) {
      const names = variableDefinitions.map(({ variable }) => variable.name.value);
      const declared = names.filter((one) => Object.hasOwn(sent, one));
      return Object.fromEntries(declared.map((one) => [one, sent[one]]));
    }
  }
  return sent;
}
