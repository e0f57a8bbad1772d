import { buildSubgraphSchema } from '@apollo/subgraph';
import { isUnionType, parse, type GraphQLScalarType, type GraphQLSchema } from 'graphql';
import { resolveEntities, resolveEntityType } from '../resolvers/entities.ts';
import { resolvers } from '../resolvers/index.ts';
import { schemaText, type SchemaParts } from './schema-text.ts';

/** What the library takes: a looser type than ours, which `satisfies Resolvers` has checked by then. */
type ResolverMap = NonNullable<
  Extract<Parameters<typeof buildSubgraphSchema>[0], { readonly resolvers?: object }>['resolvers']
>;

/** The schema of `schema/*.graphql` as a Federation 2 subgraph, with its resolvers. Throws where they do not fit. */
export function createExecutableSchema(parts: SchemaParts): GraphQLSchema {
  const { Node, Query, Subscription, DateTime, SafeInt, ...others } = resolvers;
  const { node, ...query } = Query;
  const scalars = { DateTime: valuesOf(DateTime), SafeInt: valuesOf(SafeInt) };
  const fitting = {
    ...others,
    ...scalars,
    Query: parts.node ? { ...query, node } : query,
    ...(parts.node && { Node }),
    ...(parts.subscription && { Subscription }),
  };
  const schema = buildSubgraphSchema({
    typeDefs: parse(schemaText(parts)),
    resolvers: fitting as ResolverMap,
  });
  installEntityResolution(schema);
  return schema;
}

/** How a scalar reads and writes its values. Its name and what is said of it are the SDL's: `DateTime`, not the library's. */
function valuesOf({ serialize, parseValue, parseLiteral }: GraphQLScalarType) {
  return { serialize, parseValue, parseLiteral };
}

/**
 * In place of the library's: there, one reference with an unknown type name fails all of `_entities`, and answers
 * are marked by writing to them.
 */
function installEntityResolution(schema: GraphQLSchema): void {
  const entities = schema.getQueryType()?.getFields()['_entities'];
  const entity = schema.getType('_Entity');
  if (entities === undefined || !isUnionType(entity)) throw new TypeError('The schema is not a subgraph.');
  entities.resolve = resolveEntities;
  entity.resolveType = resolveEntityType;
}
