import { readFileSync, readdirSync } from 'node:fs';
import {
  concatAST,
  graphqlSync,
  isScalarType,
  Kind,
  parse,
  type DocumentNode,
  type NamedTypeNode,
  type TypeNode,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { createExecutableSchema } from '../../src/execution/schema.ts';

const folder = new URL('../../schema/', import.meta.url);
const sdl: DocumentNode = concatAST(
  readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => parse(readFileSync(new URL(file, folder), 'utf8'))),
);
const schema = createExecutableSchema({ node: true, subscription: true });

/** What introspection tells of a type by its name. */
function introspect(name: string): unknown {
  const fields = '{ name type { ...T } }';
  const source = `query ($name: String!) { __type(name: $name) { name description fields ${fields} inputFields ${fields} } }
    fragment T on __Type { name ofType { name ofType { name ofType { name } } } }`;
  return graphqlSync({ schema, source, variableValues: { name } }).data?.['__type'];
}

function namedType(type: TypeNode): NamedTypeNode {
  return type.kind === Kind.NAMED_TYPE ? type : namedType(type.type);
}

function innermost(type: unknown): unknown {
  const { name, ofType } = type as { readonly name: string | null; readonly ofType?: unknown };
  return name ?? innermost(ofType);
}

const described = sdl.definitions.filter(
  (definition) =>
    definition.kind === Kind.SCALAR_TYPE_DEFINITION ||
    definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
    definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION,
);

describe('introspection tells of each type what the SDL says', () => {
  it.each(described.map((definition) => [definition.name.value, definition] as const))(
    '%s',
    (name, definition) => {
      const told = introspect(name) as {
        readonly name: string;
        readonly description: string | null;
        readonly fields: readonly { readonly name: string; readonly type: unknown }[] | null;
        readonly inputFields: readonly { readonly name: string; readonly type: unknown }[] | null;
      };
      expect(told.name).toBe(name);
      if (name !== 'Query') expect(told.description).toBe(definition.description?.value ?? null);
      const types = new Map(
        [...(told.fields ?? []), ...(told.inputFields ?? [])].map((one) => [one.name, innermost(one.type)]),
      );
      for (const field of 'fields' in definition ? (definition.fields ?? []) : []) {
        expect([field.name.value, types.get(field.name.value)]).toEqual([
          field.name.value,
          namedType(field.type).name.value,
        ]);
      }
    },
  );

  it('no scalar is known by another name than its own', () => {
    for (const [name, type] of Object.entries(schema.getTypeMap())) {
      if (isScalarType(type)) expect(type.name).toBe(name);
    }
  });
});
