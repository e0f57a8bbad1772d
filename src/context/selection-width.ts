import { Kind, type FragmentDefinitionNode, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';

/** What of a field tells how wide its objects are. */
export type SelectedField = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** Names up to this length count as nothing beside the value that they stand before. */
const lengthOfName = 16;

/** What was counted before. A selection set is of one document, and so are the fragments that it spreads. */
const knownWidths = new WeakMap<SelectionSetNode, number>();

/**
 * Tells how many values each object of a field becomes in the answer, those of objects within it included.
 * A long name counts as several. It may tell too many, where a selection is left out or merged with an equal one.
 * Remembers what it has counted, so that fragments within fragments cost nothing, nor does an operation that comes again.
 */
export function selectionWidth({ fieldNodes, fragments }: SelectedField): number {
  let width = 0;
  for (const { selectionSet } of fieldNodes) {
    if (selectionSet !== undefined) width += widthOf(selectionSet, fragments);
  }
  return width;
}

function widthOf(selectionSet: SelectionSetNode, fragments: SelectedField['fragments']): number {
  const earlier = knownWidths.get(selectionSet);
  if (earlier !== undefined) return earlier;
  const spread = new Set<FragmentDefinitionNode>();
  let width = 0;
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FIELD) {
      const { name, alias, selectionSet: below } = selection;
      width += 1 + Math.floor((alias ?? name).value.length / lengthOfName);
      width += below === undefined ? 0 : widthOf(below, fragments);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      width += widthOf(selection.selectionSet, fragments);
    } else {
      const fragment = fragments[selection.name.value];
      if (fragment !== undefined) spread.add(fragment);
    }
  }
  for (const fragment of spread) width += widthOf(fragment.selectionSet, fragments);
  knownWidths.set(selectionSet, width);
  return width;
}
