import {
  getDirectiveValues,
  getNamedType,
  getVariableValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isObjectType,
  Kind,
  parse,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { getArgumentValues } from 'graphql/execution/values.js';
import type { GeneratedOperation } from './generate-operation.ts';

/** Whether a job has to be read with hosts, by `<scope type>:<scope id>:<job>`. */
export type NeededReads = ReadonlyMap<string, boolean>;

interface Operation {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

const hostFields = ['ipResults', 'ipResultConnection', 'ipResultSummary', 'ipResultGroups'];
const entityTypes = ['JobInstance', 'StepInstance', 'StepIpResult'];

/**
 * The smallest set of status reads that can answer an operation, found by walking the whole operation with its
 * variables, selection by selection. Shares nothing with the service but graphql-js.
 */
export function neededReads(schema: GraphQLSchema, { document, variables }: GeneratedOperation): NeededReads {
  const parsed = parse(document);
  const operation = operationOf(schema, parsed, variables);
  const query = schema.getQueryType()!;
  const needs = new Map<string, boolean>();
  for (const node of fieldsOf(operation, query, rootSelections(parsed))) {
    for (const { job, type } of jobsOf(operation, query, node)) {
      const hosts =
        type === 'StepIpResult' || needsHosts(operation, typeNamed(schema, type), node.selectionSet!);
      needs.set(job, hosts || needs.get(job) === true);
    }
  }
  return needs;
}

function operationOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  given: Readonly<Record<string, unknown>>,
): Operation {
  const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  const { variableDefinitions = [] } = operationDefinition(document);
  const { coerced } = getVariableValues(schema, variableDefinitions, given);
  if (coerced === undefined) throw new Error('The variables do not fit the operation.');
  return { schema, fragments: new Map(fragments.map((one) => [one.name.value, one])), variables: coerced };
}

function operationDefinition(document: DocumentNode): OperationDefinitionNode {
  return document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)!;
}

function rootSelections(document: DocumentNode): SelectionSetNode {
  return operationDefinition(document).selectionSet;
}

/** Fields of a selection set that are executed on an object of a type. */
function fieldsOf(
  operation: Operation,
  type: GraphQLObjectType,
  { selections }: SelectionSetNode,
): readonly FieldNode[] {
  return selections.flatMap((selection) => {
    if (getDirectiveValues(GraphQLSkipDirective, selection, operation.variables)?.['if'] === true) return [];
    if (getDirectiveValues(GraphQLIncludeDirective, selection, operation.variables)?.['if'] === false)
      return [];
    if (selection.kind === Kind.FIELD) return [selection];
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : operation.fragments.get(selection.name.value)!;
    const on = fragment.typeCondition?.name.value ?? type.name;
    const condition = operation.schema.getType(on);
    const applies =
      on === type.name || (isAbstractType(condition) && operation.schema.isSubType(condition, type));
    return applies ? fieldsOf(operation, type, fragment.selectionSet) : [];
  });
}

function needsHosts(operation: Operation, type: GraphQLObjectType, selectionSet: SelectionSetNode): boolean {
  return fieldsOf(operation, type, selectionSet).some((node) => {
    if (hostFields.includes(node.name.value)) return true;
    const below = getNamedType(type.getFields()[node.name.value]?.type);
    return (
      isObjectType(below) &&
      node.selectionSet !== undefined &&
      needsHosts(operation, below, node.selectionSet)
    );
  });
}

interface AskedJob {
  readonly job: string;
  readonly type: string;
}

interface RootArguments {
  readonly scope?: Readonly<Record<string, string>>;
  readonly jobInstanceId?: string;
  readonly stepInstanceId?: string;
  readonly jobInstanceIds?: readonly string[];
  readonly id?: string;
  readonly representations?: readonly Readonly<Record<string, unknown>>[];
}

/** The jobs that a root field asks for; none where its arguments are refused or cannot name anything. */
function jobsOf(operation: Operation, query: GraphQLObjectType, node: FieldNode): readonly AskedJob[] {
  const definition = query.getFields()[node.name.value];
  if (definition === undefined) return [];
  const values = getArgumentValues(definition, node, operation.variables) as RootArguments;
  const scope = scopeOf(values.scope);
  switch (node.name.value) {
    case 'jobInstance':
      return asked(scope, values.jobInstanceId, 'JobInstance');
    case 'stepInstance':
      return isId(values.stepInstanceId) ? asked(scope, values.jobInstanceId, 'StepInstance') : [];
    case 'jobInstancesById':
      return values.jobInstanceIds!.flatMap((id) => asked(scope, id, 'JobInstanceLookup'));
    case 'node':
      return byGlobalId(values.id!);
    case '_entities':
      return values.representations!.flatMap(byRepresentation);
    default:
      return [];
  }
}

const isId = (value: unknown): value is string => typeof value === 'string' && /^[1-9]\d{0,18}$/.test(value);

function scopeOf(scope: RootArguments['scope'] = {}): string | null {
  const [[field, id] = []] = Object.entries(scope);
  const kinds: Readonly<Record<string, string>> = {
    bkBizId: 'biz',
    bkBizSetId: 'biz_set',
    bkTenantSetId: 'tenant_set',
  };
  return field !== undefined && isId(id) ? `${kinds[field]!}:${id}` : null;
}

function asked(scope: string | null, jobInstanceId: unknown, type: string): readonly AskedJob[] {
  return scope !== null && isId(jobInstanceId) ? [{ job: `${scope}:${jobInstanceId}`, type }] : [];
}

function byGlobalId(id: string, expected?: unknown): readonly AskedJob[] {
  const [kind = '', scopeId, job, step, ...host] = id.split(':');
  const ids = [scopeId, job, ...(step === undefined ? [] : [step])];
  if (!['biz', 'biz_set', 'tenant_set'].includes(kind) || !ids.every(isId)) return [];
  const type = entityTypes[(step === undefined ? 0 : 1) + (host.length > 0 ? 1 : 0)]!;
  return expected === undefined || expected === type ? asked(`${kind}:${scopeId!}`, job, type) : [];
}

function byRepresentation(representation: Readonly<Record<string, unknown>>): readonly AskedJob[] {
  const { __typename: type, id, bkBizId, jobInstanceId, stepInstanceId } = representation;
  if (typeof id === 'string') return byGlobalId(id, type);
  const scope = isId(bkBizId) ? `biz:${bkBizId}` : null;
  if (type === 'JobInstance') return asked(scope, jobInstanceId, type);
  return type === 'StepInstance' && isId(stepInstanceId) ? asked(scope, jobInstanceId, type) : [];
}

function typeNamed(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`The schema has no object type ${name}.`);
  return type;
}
