import {
  Kind,
  valueFromASTUntyped,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { parseGlobalId } from '../domain/identifiers.ts';

/**
 * What an operation asks of the process: little; rows of hosts, of which there may be 50,000; or to be held, which takes
 * long and nothing else.
 */
export type OperationClass = 'plain' | 'hosts' | 'waiting';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;
type Variables = Readonly<Record<string, unknown>>;

/** Fields that are made of rows of hosts (schema/ip-result.graphql). */
const hostFields: ReadonlySet<string> = new Set([
  'ipResults',
  'ipResultConnection',
  'ipResultSummary',
  'ipResultGroups',
]);

/** The type of a row, which a reference or an id can lead to. */
const hostType = 'StepIpResult';

/** Fields that may lead to a host by what they are given, whatever is selected of it. */
const fieldsByIds: ReadonlySet<string> = new Set(['node', '_entities']);

/** Root fields that hold a request (schema/live.graphql). */
const waitingFields: ReadonlySet<string> = new Set(['waitForJobInstance']);

/** Operations whose class no variable has a say in. */
const knownClasses = new WeakMap<OperationDefinitionNode, OperationClass>();

/**
 * Tells the class of a valid operation, by what it names; an upper bound, since it does not look at types. Each
 * fragment is looked at once, as in `asksForJobs`. Where no variable has a say in it, it is found out once.
 */
export function operationClassOf(
  operation: OperationDefinitionNode,
  fragmentsOf: () => Fragments,
  variables: Variables,
): OperationClass {
  const known = knownClasses.get(operation);
  if (known !== undefined) return known;
  const search: Search = { fragments: fragmentsOf(), variables, dependsOnVariables: false };
  const found = searchClass(operation.selectionSet, search);
  if (!search.dependsOnVariables) knownClasses.set(operation, found);
  return found;
}

interface Search {
  readonly fragments: Fragments;
  readonly variables: Variables;
  /** Whether something was met that variables may decide. */
  dependsOnVariables: boolean;
}

function searchClass(root: SelectionSetNode, search: Search): OperationClass {
  if (namesField(root, waitingFields, search)) return 'waiting';
  return namesField(root, hostFields, search) ? 'hosts' : 'plain';
}

/** Whoever wants fields of hosts wants the type of hosts, too. */
function namesField(root: SelectionSetNode, wanted: ReadonlySet<string>, search: Search): boolean {
  const { fragments } = search;
  const pending: SelectionSetNode[] = [root];
  const seen = new Set<string>();
  const isWantedType = (name: string | undefined): boolean => name === hostType && wanted === hostFields;
  for (let selectionSet = pending.pop(); selectionSet !== undefined; selectionSet = pending.pop()) {
    for (const selection of selectionSet.selections) {
      if (!isIncluded(selection, search)) continue;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment === undefined || seen.has(selection.name.value)) continue;
        seen.add(selection.name.value);
        if (isWantedType(fragment.typeCondition.name.value)) return true;
        pending.push(fragment.selectionSet);
        continue;
      }
      if (selection.kind === Kind.FIELD && wanted.has(selection.name.value)) return true;
      if (selection.kind === Kind.FIELD && wanted === hostFields && isGivenHost(selection, search))
        return true;
      if (selection.kind === Kind.INLINE_FRAGMENT && isWantedType(selection.typeCondition?.name.value)) {
        return true;
      }
      if (selection.selectionSet !== undefined) pending.push(selection.selectionSet);
    }
  }
  return false;
}

/** Whether a field is given the id of a host, or a reference to one: its step is read with hosts to find it. */
function isGivenHost({ name, arguments: given = [] }: FieldNode, search: Search): boolean {
  if (!fieldsByIds.has(name.value) || given.length === 0) return false;
  search.dependsOnVariables = true;
  return given.some(({ value }) => {
    const ids: unknown = valueFromASTUntyped(value, search.variables);
    return Array.isArray(ids) ? ids.some(namesHost) : namesHost(ids);
  });
}

function namesHost(id: unknown): boolean {
  if (typeof id === 'string') return parseGlobalId(id)?.kind === hostType;
  return typeof id === 'object' && id !== null && '__typename' in id && id.__typename === hostType;
}

function isIncluded({ directives = [] }: SelectionNode, search: Search): boolean {
  if (directives.length === 0) return true;
  search.dependsOnVariables = true;
  const { variables } = search;
  return directives.every((directive) => {
    const name = directive.name.value;
    return (
      (name !== 'skip' && name !== 'include') || conditionOf(directive, variables) === (name === 'include')
    );
  });
}

function conditionOf({ arguments: given = [] }: DirectiveNode, variables: Variables): unknown {
  const value = given.find((argument) => argument.name.value === 'if')?.value;
  if (value?.kind === Kind.VARIABLE) return variables[value.name.value];
  return value?.kind === Kind.BOOLEAN && value.value;
}
