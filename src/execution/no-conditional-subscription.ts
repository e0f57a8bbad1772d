import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

/**
 * Refuses subscriptions of which a variable says whether they follow anything. The specification allows no condition
 * there, so that it shows from the text what is followed; those that are no variables are left to `assertFollows`. The rule
 * of graphql-js 16 that counts what is followed has no variables and fails on these conditions. So they are taken away
 * until it has looked at the last subscription, which it does right before this rule.
 */
export const noConditionalSubscription: ValidationRule = (context) => {
  const conditional: Conditional[] = [];
  let last: OperationDefinitionNode | undefined;
  return {
    Document: (document) => {
      last = subscriptionsOf(document).at(-1);
      for (const selection of rootSelections(document)) {
        const { directives } = selection;
        const condition = directives?.find(isByVariable);
        if (condition === undefined) continue;
        const text = `What a subscription follows must not depend on a variable: take @${condition.name.value} away.`;
        context.reportError(new GraphQLError(text, { nodes: condition }));
        conditional.push({ selection, directives });
        Object.assign(selection, { directives: [] });
      }
    },
    OperationDefinition: (operation) => {
      if (operation !== last) return;
      for (const { selection, directives } of conditional) Object.assign(selection, { directives });
    },
  };
};

interface Conditional {
  readonly selection: SelectionNode;
  readonly directives: SelectionNode['directives'];
}

const { SUBSCRIPTION: subscription } = OperationTypeNode;

type Directive = NonNullable<SelectionNode['directives']>[number];

function isByVariable({ name, arguments: given }: Directive): boolean {
  const isCondition = name.value === 'skip' || name.value === 'include';
  return isCondition && given?.some(({ value }) => value.kind === Kind.VARIABLE) === true;
}

function subscriptionsOf({ definitions }: DocumentNode): readonly OperationDefinitionNode[] {
  return definitions.filter(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.operation === subscription,
  );
}

/** What stands at the root of subscriptions, in fragments too. */
function rootSelections(document: DocumentNode): ReadonlySet<SelectionNode> {
  const fragments = new Map<string, SelectionSetNode>();
  const found = new Set<SelectionNode>();
  const pending = subscriptionsOf(document).map(({ selectionSet }) => selectionSet);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition.selectionSet);
  }
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const selection of next.selections) {
      if (found.has(selection)) continue;
      found.add(selection);
      if (selection.kind === Kind.INLINE_FRAGMENT) pending.push(selection.selectionSet);
      if (selection.kind !== Kind.FRAGMENT_SPREAD) continue;
      const fragment = fragments.get(selection.name.value);
      if (fragment !== undefined) pending.push(fragment);
    }
  }
  return found;
}
