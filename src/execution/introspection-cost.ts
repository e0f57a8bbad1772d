import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

/** What an object of an introspection weighs. It comes from memory, and is no cheaper to hand out than any other. */
export const introspectionWeight = 4;

/** Names up to this length count as nothing beside the value that they stand before, as where rows are counted. */
const lengthOfName = 16;

/** What a value of such an object weighs, as several where its name is long: nobody counts them while they are handed out. */
export function introspectedValueWeight({ name, alias }: Pick<FieldNode, 'name' | 'alias'>): number {
  return (1 + Math.floor((alias ?? name).value.length / lengthOfName)) / 2;
}

/** What the SDL weighs, which `_service` hands out in one piece, as often as it is asked for. */
export const serviceSdlWeight = 1000;

/**
 * How long the lists of introspection are in this schema, by `Type.field`: on average where each type has a list of
 * its own, since an introspection goes through all types. Without these, lists within lists of them would be free.
 */
export function introspectionListSizes(schema: GraphQLSchema): ReadonlyMap<string, number> {
  const types = Object.values(schema.getTypeMap());
  const fields = types.flatMap((type) => fieldsOf(type));
  const perType = (count: (type: GraphQLNamedType) => number): number =>
    Math.ceil(types.reduce((sum, type) => sum + count(type), 0) / types.length);
  return new Map([
    ['__Schema.types', types.length],
    ['__Schema.directives', schema.getDirectives().length],
    ['__Directive.args', 2],
    ['__Type.fields', perType((type) => fieldsOf(type).length)],
    [
      '__Type.inputFields',
      perType((type) => (isInputObjectType(type) ? Object.keys(type.getFields()).length : 0)),
    ],
    ['__Type.enumValues', perType((type) => (isEnumType(type) ? type.getValues().length : 0))],
    ['__Field.args', Math.ceil(fields.reduce((sum, { args }) => sum + args.length, 0) / fields.length)],
  ]);
}

function fieldsOf(type: GraphQLNamedType) {
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
}
