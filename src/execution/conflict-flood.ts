import {
  getNamedType,
  GraphQLError,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  typeFromAST,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

type ParentType = GraphQLCompositeType | undefined;

/** Fields that share a name in the answer and are alike in what makes fields conflict. */
interface Alike {
  readonly node: FieldNode;
  readonly parentType: ParentType;
  /** Without lists and non-nulls; undefined where the schema has no such field. */
  readonly type: GraphQLNamedType | undefined;
  /** The type of a leaf, or how lists and non-nulls are laid around anything else; empty where it is not known. */
  readonly shape: string;
}

/** Fields that are looked at. A document of 1,000 tokens has fewer, unless its fragments are spread over and over. */
const mostFields = 10_000;

/**
 * Refuses documents of which fields by the score conflict under one name, before graphql-js looks for conflicts: it
 * makes an object and a text for every pair, 50,000 for a document of 1,000 tokens, and then tells a few. Finds the same
 * conflicts field by field and not pair by pair, and tells those alone where there are `fewest` or more; fewer are left
 * to the rule of graphql-js, and so is what is beyond the fields that are looked at.
 */
export function noConflictFlood(fewest: number): ValidationRule {
  return (context) => ({
    Document: () => {
      const conflicts = findConflicts(context, fewest);
      if (conflicts.length < fewest) return;
      for (const { name, alias } of conflicts) {
        const text = `Fields under the name "${(alias ?? name).value}" conflict. Give each a name of its own.`;
        context.reportError(new GraphQLError(text, { nodes: alias ?? name }));
      }
    },
  });
}

function findConflicts(context: ValidationContext, fewest: number): readonly FieldNode[] {
  const conflicts: FieldNode[] = [];
  const pending = rootsOf(context);
  let left = mostFields;
  for (let merged = pending.shift(); merged !== undefined; merged = pending.shift()) {
    const byName = new Map<string, { readonly kinds: Alike[]; readonly below: TypedSelectionSet[] }>();
    for (const alike of fieldsOf(context, merged)) {
      const { node } = alike;
      const responseName = (node.alias ?? node.name).value;
      const { kinds, below } = byName.get(responseName) ?? { kinds: [], below: [] };
      if (kinds.length === 0) byName.set(responseName, { kinds, below });
      if (kinds.some((other) => conflict(alike, other))) conflicts.push(node);
      // One of each kind is enough to compare the next ones with.
      else if (!kinds.some((other) => isLike(alike, other))) kinds.push(alike);
      if (node.selectionSet !== undefined) {
        below.push({ selectionSet: node.selectionSet, parentType: compositeType(alike.type) });
      }
      left -= 1;
      if (conflicts.length >= fewest || left < 0) return conflicts;
    }
    for (const { below } of byName.values()) if (below.length > 0) pending.push(below);
  }
  return conflicts;
}

/** As in graphql-js: objects of different types are never the same, so fields of them may have the same name. */
function conflict(one: Alike, other: Alike): boolean {
  const areExclusive =
    one.parentType !== other.parentType && isObjectType(one.parentType) && isObjectType(other.parentType);
  if (!areExclusive && one.node.name.value !== other.node.name.value) return true;
  return one.shape !== '' && other.shape !== '' && one.shape !== other.shape;
}

function isLike(one: Alike, other: Alike): boolean {
  return one.parentType === other.parentType && one.node.name.value === other.node.name.value;
}

interface TypedSelectionSet {
  readonly selectionSet: SelectionSetNode;
  readonly parentType: ParentType;
}

/** Selections that are merged in the answer, at the top: those of operations and of fragments, each by itself. */
function rootsOf(context: ValidationContext): TypedSelectionSet[][] {
  return context.getDocument().definitions.flatMap((definition) => {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      const parentType = context.getSchema().getRootType(definition.operation) ?? undefined;
      return [[{ selectionSet: definition.selectionSet, parentType }]];
    }
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) return [];
    const parentType = conditionOf(context, definition.typeCondition, undefined);
    return [[{ selectionSet: definition.selectionSet, parentType }]];
  });
}

/** Fields of selections, with those of their inline fragments and spreads, each fragment once. */
function* fieldsOf(context: ValidationContext, merged: readonly TypedSelectionSet[]): Generator<Alike> {
  const seen = new Set<string>();
  const pending = [...merged];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { parentType } = next;
    for (const selection of next.selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        const type = typeOf(selection, parentType);
        yield { node: selection, parentType, type: type && getNamedType(type), shape: shapeOf(type) };
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const { selectionSet, typeCondition } = selection;
        pending.push({ selectionSet, parentType: conditionOf(context, typeCondition, parentType) });
      } else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = context.getFragment(selection.name.value);
        if (!fragment) continue;
        const { selectionSet, typeCondition } = fragment;
        pending.push({ selectionSet, parentType: conditionOf(context, typeCondition, parentType) });
      }
    }
  }
}

function conditionOf(
  context: ValidationContext,
  condition: Parameters<typeof typeFromAST>[1] | undefined,
  parentType: ParentType,
): ParentType {
  return condition === undefined ? parentType : compositeType(typeFromAST(context.getSchema(), condition));
}

function typeOf({ name }: FieldNode, parentType: ParentType): GraphQLOutputType | undefined {
  if (!isObjectType(parentType) && !isInterfaceType(parentType)) return undefined;
  return parentType.getFields()[name.value]?.type;
}

function compositeType(type: unknown): ParentType {
  return isCompositeType(type) ? type : undefined;
}

function shapeOf(type: GraphQLOutputType | undefined): string {
  if (type === undefined) return '';
  const text = String(type);
  return isCompositeType(getNamedType(type)) ? text.replace(/\w+/, '{}') : text;
}
