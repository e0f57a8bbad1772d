import {
  getArgumentValues,
  isNonNullType,
  Kind,
  valueFromAST,
  visit,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type ValueNode,
} from 'graphql';

type Values = Readonly<Record<string, unknown>>;

/** Gives the arguments of a field by the values of all variables. Throws what graphql-js throws. */
export type ReadArguments = (variables: Values) => Record<string, unknown>;

/** An argument whose value is known beforehand, or is that of a variable. */
type Source = { readonly name: string } & (
  { readonly value: unknown } | { readonly variable: string; readonly isRequired: boolean }
);

/**
 * Makes ready what graphql-js finds out anew for each object: literals are the same each time, and a variable stands for
 * its value. Whatever else there is, and every error, is for graphql-js's own `getArgumentValues`.
 */
export function argumentsReader(definition: GraphQLField<unknown, unknown>, node: FieldNode): ReadArguments {
  const given = new Map(node.arguments?.map(({ name, value }) => [name.value, value]));
  const sources = definition.args.map((argument) => sourceOf(argument, given.get(argument.name)));
  const readAsEver: ReadArguments = (variables) => getArgumentValues(definition, node, variables);
  if (sources.includes(null)) return readAsEver;
  const known = sources.filter((source) => source !== null && source !== 'left out');
  if (known.every((source) => 'value' in source)) {
    const values = Object.freeze(Object.fromEntries(known.map(({ name, value }) => [name, value])));
    return () => values;
  }
  return (variables) => {
    const values: Record<string, unknown> = {};
    for (const source of known) {
      if ('value' in source) {
        values[source.name] = source.value;
        continue;
      }
      const value = variables[source.variable];
      if (value === undefined || (value === null && source.isRequired)) return readAsEver(variables);
      values[source.name] = value;
    }
    return values;
  };
}

/** Null where the value is not as simple as that. */
function sourceOf(argument: GraphQLArgument, given: ValueNode | undefined): Source | 'left out' | null {
  const { name, type, defaultValue } = argument;
  if (given?.kind === Kind.VARIABLE) {
    const variable = given.name.value;
    // Of such a name every object has a value, whether a client sent one or not.
    return variable in Object.prototype ? null : { name, variable, isRequired: isNonNullType(type) };
  }
  if (given === undefined) {
    if (defaultValue !== undefined) return { name, value: defaultValue };
    return isNonNullType(type) ? null : 'left out';
  }
  const value: unknown = holdsVariable(given) ? undefined : valueFromAST(given, type);
  return value === undefined ? null : { name, value };
}

function holdsVariable(value: ValueNode): boolean {
  let isFound = false;
  visit(value, {
    Variable: () => {
      isFound = true;
    },
  });
  return isFound;
}
