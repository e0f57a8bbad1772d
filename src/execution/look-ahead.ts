import {
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type DirectiveNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { LookAhead } from '../context/operation-context.ts';

/**
 * Decides before the first upstream call whether an operation needs the rows of hosts (schema.md 6).
 * A selection is read once into a condition on the operation's variables, which is kept with the document;
 * a later operation over the same document only evaluates it.
 */

/** Fields that are made of host rows, on a job and on a step alike (schema/ip-result.graphql). */
const hostDetailFields: ReadonlySet<string> = new Set([
  'ipResults',
  'ipResultConnection',
  'ipResultSummary',
  'ipResultGroups',
]);

/** A variable that must have this value for a selection to be included. */
interface Guard {
  readonly variable: string;
  readonly value: boolean;
}

/** Whether host detail is needed: always, never, or where all guards of one of the branches hold. */
type Condition = boolean | readonly Branch[];
interface Branch {
  readonly guards: readonly Guard[];
  readonly then: Condition;
}

/** What was found out before, by selection set and by the type that it is applied to. */
type KnownConditions = WeakMap<SelectionSetNode, Map<string, Condition>>;

type Fragments = Readonly<Record<string, FragmentDefinitionNode | undefined>>;

/** Makes the look-ahead of a schema. Never throws on documents that are valid for it. */
export function createLookAhead(schema: GraphQLSchema): LookAhead {
  const conditions: KnownConditions = new WeakMap();

  function conditionOf(
    selectionSet: SelectionSetNode,
    type: GraphQLObjectType,
    fragments: Fragments,
  ): Condition {
    const byType = knownByType(conditions, selectionSet);
    const known = byType.get(type.name);
    if (known !== undefined) return known;
    const branches: Branch[] = [];
    for (const selection of selectionSet.selections) {
      const guards = guardsOf(selection.directives ?? []);
      if (guards === null) continue;
      const then = conditionOfSelection(selection, type, fragments);
      if (then !== false) branches.push({ guards, then });
    }
    const condition = simplify(branches);
    byType.set(type.name, condition);
    return condition;
  }

  function conditionOfSelection(
    selection: SelectionNode,
    type: GraphQLObjectType,
    fragments: Fragments,
  ): Condition {
    if (selection.kind === Kind.FIELD) {
      if (hostDetailFields.has(selection.name.value)) return true;
      const fieldType = getNamedType(type.getFields()[selection.name.value]?.type);
      if (selection.selectionSet === undefined || !isObjectType(fieldType)) return false;
      return conditionOf(selection.selectionSet, fieldType, fragments);
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
    if (fragment === undefined) return false;
    const fits = fragment.typeCondition === undefined || isOfType(schema, type, fragment.typeCondition);
    return fits && conditionOf(fragment.selectionSet, type, fragments);
  }

  return {
    selectsHostDetail({ fieldNodes, fragments, variableValues }, typeName) {
      if (typeName === 'StepIpResult') return true;
      const type = schema.getType(typeName);
      if (!isObjectType(type)) throw new TypeError(`The schema has no object type ${typeName}.`);
      for (const { selectionSet } of fieldNodes) {
        if (selectionSet === undefined) continue;
        if (holds(conditionOf(selectionSet, type, fragments), variableValues)) return true;
      }
      return false;
    },
  };
}

function knownByType(conditions: KnownConditions, selectionSet: SelectionSetNode): Map<string, Condition> {
  const known = conditions.get(selectionSet);
  if (known !== undefined) return known;
  const byType = new Map<string, Condition>();
  conditions.set(selectionSet, byType);
  return byType;
}

function isOfType(schema: GraphQLSchema, type: GraphQLObjectType, { name }: NamedTypeNode): boolean {
  const condition = schema.getType(name.value);
  return type.name === name.value || (isAbstractType(condition) && schema.isSubType(condition, type));
}

/** What @skip and @include ask of the variables; null where the selection is never included. */
function guardsOf(directives: readonly DirectiveNode[]): readonly Guard[] | null {
  const guards: Guard[] = [];
  for (const directive of directives) {
    const name = directive.name.value;
    if (name !== 'skip' && name !== 'include') continue;
    const wanted = name === 'include';
    const condition = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
    if (condition?.kind === Kind.VARIABLE) guards.push({ variable: condition.name.value, value: wanted });
    else if (condition?.kind === Kind.BOOLEAN && condition.value !== wanted) return null;
  }
  return guards;
}

function simplify(branches: readonly Branch[]): Condition {
  if (branches.length === 0) return false;
  if (branches.some(({ guards, then }) => guards.length === 0 && then === true)) return true;
  return branches;
}

function holds(condition: Condition, variables: Readonly<Record<string, unknown>>): boolean {
  if (typeof condition === 'boolean') return condition;
  return holdsBranch(condition, variables);
}

/** Fragments share their conditions, so each is evaluated once per operation however often it is spread. */
function holdsBranch(branches: readonly Branch[], variables: Readonly<Record<string, unknown>>): boolean {
  const evaluated = new Map<readonly Branch[], boolean>();
  function evaluate(part: Condition): boolean {
    if (typeof part === 'boolean') return part;
    const known = evaluated.get(part);
    if (known !== undefined) return known;
    const result = part.some(
      ({ guards, then }) =>
        guards.every(({ variable, value }) => variables[variable] === value) && evaluate(then),
    );
    evaluated.set(part, result);
    return result;
  }
  return evaluate(branches);
}
