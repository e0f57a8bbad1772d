import { Kind, type FragmentDefinitionNode, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';

/** What of a field tells how wide its objects are. */
export type SelectedField = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/** Names up to this length count as nothing beside the value that they stand before. */
const lengthOfName = 16;

/**
 * Makes what tells how many values each object of a field becomes in the answer, those of objects within it included.
 * A long name counts as several. It may tell too many, where a selection is left out or merged with an equal one.
 * Remembers what it has counted, so that fragments within fragments cost nothing: for one operation.
 */
export function createSelectionWidth(): (field: SelectedField) => number {
  const known = new Map<SelectionSetNode, number>();

  function widthOf(selectionSet: SelectionSetNode, fragments: SelectedField['fragments']): number {
    const earlier = known.get(selectionSet);
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
    known.set(selectionSet, width);
    return width;
  }

  return ({ fieldNodes, fragments }) =>
    fieldNodes.reduce(
      (sum, { selectionSet }) => sum + (selectionSet ? widthOf(selectionSet, fragments) : 0),
      0,
    );
}
