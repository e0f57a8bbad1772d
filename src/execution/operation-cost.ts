import {
  GraphQLError,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  doTypesOverlap,
  isCompositeType,
  isIntrospectionType,
  isInterfaceType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  valueFromAST,
  type ConstDirectiveNode,
  type ConstValueNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import {
  introspectedValueWeight,
  introspectionListSizes,
  introspectionWeight,
  serviceSdlWeight,
} from './introspection-cost.ts';

/**
 * Prices an operation before it runs, from `@cost` and `@listSize` in the SDL: the same text prices it in a router.
 * Every object weighs 1 unless the SDL says otherwise, leaves weigh nothing but those of introspection, lists multiply
 * what is below them. Fragments count wherever they are spread; each selection is priced once, so that fragments within
 * fragments within fragments cost this pass nothing.
 */

/** What an operation is priced with. */
export interface PricedOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Values of all variables, defaults put in. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What an operation costs. */
export interface Price {
  readonly cost: number;
  /** Whether it costs that whatever it reads: parts of the schema are not read, and waits read on their own. */
  readonly isFixed: boolean;
}

/** Beside fields of the schema: what these cost is not seen in what their operation reads. */
const fixedFields: ReadonlySet<string> = new Set(['_service', 'waitForJobInstance']);

/** What a reference of a gateway weighs beside its selection: it may be a read of its own. */
const referenceWeight = 10;

/** How long a field's list is taken to be: its own, or that of fields below it. */
interface ListSize {
  readonly size: number;
  /** Names of the fields below that hold the list; null where it is the field itself. */
  readonly sizedFields: readonly string[] | null;
}

const noList: ListSize = { size: 1, sizedFields: null };

/** Where a selection stands: on which type, below which list. */
interface Place {
  readonly type: GraphQLCompositeType;
  readonly list: ListSize;
}

interface Pricing extends PricedOperation {
  readonly schema: GraphQLSchema;
  readonly introspectionSizes: ReadonlyMap<string, number>;
  /** Whether values of variables had a say in the price. */
  dependsOnVariables: boolean;
  isFixed: boolean;
  /** Prices found before, by selection set and place. */
  readonly known: WeakMap<SelectionSetNode, Map<string, number>>;
}

/**
 * Prices operations over one schema. Never throws on documents that are valid for it. The price of an operation that no
 * variable has a say in is kept with it.
 */
export function createOperationCost(schema: GraphQLSchema): (priced: PricedOperation) => Price {
  const introspectionSizes = introspectionListSizes(schema);
  const prices = new WeakMap<OperationDefinitionNode, Price>();
  return (priced) => {
    const known = prices.get(priced.operation);
    if (known !== undefined) return known;
    const { operation: kind, selectionSet } = priced.operation;
    const type = schema.getRootType(kind);
    if (!type) return { cost: 0, isFixed: false };
    const pricing: Pricing = {
      ...priced,
      schema,
      introspectionSizes,
      dependsOnVariables: false,
      isFixed: false,
      known: new WeakMap(),
    };
    const cost = Math.ceil(priceOf(pricing, selectionSet, { type, list: noList }));
    const price = { cost, isFixed: pricing.isFixed };
    if (!pricing.dependsOnVariables) prices.set(priced.operation, price);
    return price;
  };
}

function priceOf(pricing: Pricing, selectionSet: SelectionSetNode, place: Place): number {
  const byPlace = pricing.known.get(selectionSet) ?? new Map<string, number>();
  pricing.known.set(selectionSet, byPlace);
  const key = `${place.type.name} ${String(place.list.size)} ${place.list.sizedFields?.join(' ') ?? ''}`;
  const earlier = byPlace.get(key);
  if (earlier !== undefined) return earlier;
  const price = selectionSet.selections
    .filter((selection) => isIncluded(selection, pricing))
    .reduce((sum, selection) => sum + priceOfSelection(pricing, selection, place), 0);
  byPlace.set(key, price);
  return price;
}

function priceOfSelection(pricing: Pricing, selection: SelectionNode, place: Place): number {
  if (selection.kind === Kind.FIELD) return priceOfField(pricing, selection, place);
  const fragment =
    selection.kind === Kind.INLINE_FRAGMENT ? selection : pricing.fragments.get(selection.name.value);
  const type = pricing.schema.getType(fragment?.typeCondition?.name.value ?? place.type.name);
  if (fragment === undefined || !isCompositeType(type)) return 0;
  if (!doTypesOverlap(pricing.schema, type, place.type)) return 0;
  // What is known to be one type stays that type inside a fragment on an interface of it.
  return priceOf(pricing, fragment.selectionSet, isObjectType(place.type) ? place : { ...place, type });
}

function priceOfField(pricing: Pricing, node: FieldNode, { type, list: above }: Place): number {
  if (node.selectionSet === undefined) return priceOfLeaf(node, type);
  const field = fieldOf(type, node.name.value);
  const below = getNamedType(field?.type);
  if (field === undefined || !isCompositeType(below)) return 0;
  pricing.isFixed ||= fixedFields.has(field.name) || isIntrospectionType(below);
  const introspected = pricing.introspectionSizes.get(`${type.name}.${field.name}`);
  const list =
    introspected === undefined
      ? listSizeOf(field, argumentReader(field, node, pricing))
      : { size: introspected, sizedFields: null };
  const ownSize = list.sizedFields === null ? list.size : 1;
  const size = above.sizedFields?.includes(field.name) === true ? above.size : ownSize;
  const children = priceOf(pricing, node.selectionSet, { type: below, list });
  return (weightOf(field.astNode?.directives) ?? 0) + size * (weightOfItem(field, below) + children);
}

function priceOfLeaf(node: FieldNode, type: GraphQLCompositeType): number {
  return isIntrospectionType(type) ? introspectedValueWeight(node) : 0;
}

function fieldOf(type: GraphQLCompositeType, name: string): Field | undefined {
  if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
  if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}

function weightOfItem(field: Field, type: GraphQLCompositeType): number {
  if (field.name === '_entities') return referenceWeight;
  if (field.name === '_service') return serviceSdlWeight;
  return isIntrospectionType(type) ? introspectionWeight : (weightOf(type.astNode?.directives) ?? 1);
}

type Field = GraphQLField<unknown, unknown>;
type ReadArgument = (name: string) => unknown;

function argumentReader(field: Field, node: FieldNode, pricing: Pricing): ReadArgument {
  return (name) => {
    const definition = field.args.find((argument) => argument.name === name);
    const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (definition === undefined) return undefined;
    if (given !== undefined && !isLiteral(given)) pricing.dependsOnVariables = true;
    const value: unknown =
      given === undefined ? undefined : valueFromAST(given, definition.type, pricing.variables);
    return value === undefined ? definition.defaultValue : value;
  };
}

function listSizeOf(field: Field, readArgument: ReadArgument): ListSize {
  if (field.name === '_entities')
    return { size: lengthOf(readArgument('representations')), sizedFields: null };
  const directive = field.astNode?.directives?.find(({ name }) => name.value === 'listSize');
  if (directive === undefined) return noList;
  const { assumedSize, slicingArguments, sizedFields } = argumentsOf(directive);
  const sliced = toTexts(slicingArguments)
    .map(readArgument)
    .filter((value) => typeof value === 'number');
  const assumed = typeof assumedSize === 'number' ? assumedSize : 1;
  const names = toTexts(sizedFields);
  return {
    size: sliced.length === 0 ? assumed : Math.max(0, ...sliced),
    sizedFields: names.length === 0 ? null : names,
  };
}

function isLiteral({ kind }: ValueNode): boolean {
  return kind !== Kind.VARIABLE && kind !== Kind.LIST && kind !== Kind.OBJECT;
}

function isIncluded(selection: SelectionNode, pricing: Pricing): boolean {
  if (selection.directives === undefined || selection.directives.length === 0) return true;
  pricing.dependsOnVariables = true;
  try {
    if (getDirectiveValues(GraphQLSkipDirective, selection, pricing.variables)?.['if'] === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, selection, pricing.variables)?.['if'] !== false;
  } catch (error) {
    // A condition without a value fails the operation when it runs; until then the selection counts.
    if (error instanceof GraphQLError) return true;
    throw error;
  }
}

function weightOf(directives: readonly ConstDirectiveNode[] | undefined): number | null {
  const cost = directives?.find(({ name }) => name.value === 'cost');
  const weight = cost === undefined ? null : argumentsOf(cost)['weight'];
  return typeof weight === 'number' ? weight : null;
}

/** Values of a directive of the SDL: numbers and lists of texts, which is all that these two take. */
function argumentsOf({ arguments: given = [] }: ConstDirectiveNode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(given.map(({ name, value }) => [name.value, toPlain(value)]));
}

function toPlain(value: ConstValueNode): unknown {
  if (value.kind === Kind.INT) return Number(value.value);
  if (value.kind !== Kind.LIST) return null;
  return value.values.flatMap((item) => (item.kind === Kind.STRING ? [item.value] : []));
}

function toTexts(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.filter((item) => typeof item === 'string');
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
