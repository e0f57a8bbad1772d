import { Kind, type DocumentNode, type FragmentDefinitionNode } from 'graphql';

/** Fragments of a document by their names, as graphql-js takes them. */
export function fragmentsByName({
  definitions,
}: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}
