import {
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  typeFromAST,
  valueFromAST,
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLList,
  type GraphQLScalarType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';

type Values = Readonly<Record<string, unknown>>;

/** Values of all variables of an operation, defaults put in; null where graphql-js has an error to tell. */
export type ReadVariables = (operation: OperationDefinitionNode, given: Values) => Values | null;

/** Gives the value that a variable has for one that was sent. Throws where it does not fit. */
type Coerce = (sent: unknown) => unknown;

interface Variable {
  readonly name: string;
  readonly coerce: Coerce;
  /** Where it is not sent. */
  readonly absent: { readonly value: unknown } | 'left out' | 'missing';
}

/**
 * Makes ready, once for an operation, what graphql-js's `getVariableValues` finds out with each request: types by their
 * names, fields of inputs, defaults. Of values that fit it makes the same; what does not fit is graphql-js's to refuse.
 */
export function createVariableReader(schema: GraphQLSchema): ReadVariables {
  const known = new WeakMap<OperationDefinitionNode, readonly Variable[] | null>();
  return (operation, given) => {
    let variables = known.get(operation);
    if (variables === undefined) {
      variables = variablesOf(schema, operation);
      known.set(operation, variables);
    }
    return variables === null ? null : readAll(variables, given);
  };
}

function readAll(variables: readonly Variable[], given: Values): Values | null {
  const values: Record<string, unknown> = {};
  try {
    for (const { name, coerce, absent } of variables) {
      if (Object.hasOwn(given, name)) values[name] = coerce(given[name]);
      else if (absent === 'missing') return null;
      else if (absent !== 'left out') values[name] = absent.value;
    }
    return values;
  } catch {
    return null;
  }
}

function variablesOf(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): readonly Variable[] | null {
  const variables: Variable[] = [];
  for (const definition of variableDefinitions) {
    const variable = variableOf(schema, definition);
    if (variable === null) return null;
    variables.push(variable);
  }
  return variables;
}

function variableOf(
  schema: GraphQLSchema,
  { variable, type: typeNode, defaultValue }: VariableDefinitionNode,
): Variable | null {
  const name = variable.name.value;
  const type = typeFromAST(schema, typeNode);
  if (!isInputType(type) || name === '__proto__') return null;
  const coerce = coercionTo(type, new Map());
  if (defaultValue !== undefined) {
    return { name, coerce, absent: { value: valueFromAST(defaultValue, type) } };
  }
  return { name, coerce, absent: isNonNullType(type) ? 'missing' : 'left out' };
}

type NullableInputType =
  GraphQLScalarType | GraphQLEnumType | GraphQLInputObjectType | GraphQLList<GraphQLInputType>;

/** What input objects become, made when it is first needed: one may hold itself. */
type Known = Map<GraphQLInputObjectType, Coerce>;

function coercionTo(type: GraphQLInputType, known: Known): Coerce {
  const isRequired = isNonNullType(type);
  const coerce = coercionOfPresent(getNullableType<NullableInputType>(type), known);
  return (sent) => {
    if (sent === undefined) return unfit();
    if (sent !== null) return coerce(sent);
    return isRequired ? unfit() : null;
  };
}

function coercionOfPresent(type: NullableInputType, known: Known): Coerce {
  if (isListType(type)) {
    const coerceItem = coercionTo(type.ofType, known);
    return (sent) => (Array.isArray(sent) ? sent.map(coerceItem) : unfit());
  }
  if (isInputObjectType(type)) {
    return (sent) => {
      const coerce = known.get(type) ?? coercionToObject(type, known);
      return coerce(sent);
    };
  }
  return (sent) => (type.parseValue(sent) as unknown) ?? unfit();
}

interface InputField {
  readonly name: string;
  readonly coerce: Coerce;
  readonly defaultValue: unknown;
  readonly isRequired: boolean;
}

function coercionToObject(type: GraphQLInputObjectType, known: Known): Coerce {
  const fields = Object.values(type.getFields()).map((field): InputField => {
    const { name, defaultValue } = field;
    const isRequired = isNonNullType(field.type) && defaultValue === undefined;
    return { name, coerce: coercionTo(field.type, known), defaultValue, isRequired };
  });
  const names = new Set(fields.map(({ name }) => name));
  const coerce: Coerce = (sent) => {
    if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return unfit();
    if (!Object.keys(sent).every((name) => names.has(name))) return unfit();
    const values = readFields(fields, sent as Values);
    return type.isOneOf ? onlyOne(values) : values;
  };
  known.set(type, coerce);
  return coerce;
}

function readFields(fields: readonly InputField[], sent: Values): Values {
  const values: Record<string, unknown> = {};
  for (const { name, coerce, defaultValue, isRequired } of fields) {
    if (sent[name] !== undefined) values[name] = coerce(sent[name]);
    else if (isRequired) unfit();
    else if (defaultValue !== undefined) values[name] = defaultValue;
  }
  return values;
}

function onlyOne(values: Values): Values {
  const [value, ...others] = Object.values(values);
  return value === undefined || value === null || others.length > 0 ? unfit() : values;
}

/** Only that it does not fit is told: of what is wrong graphql-js makes the text. */
function unfit(): never {
  throw notFitting;
}

const notFitting = new TypeError('The value does not fit its type.');
