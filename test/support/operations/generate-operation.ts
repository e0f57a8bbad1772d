import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLSchema,
} from 'graphql';

/** A choice from 0 to `max`, both included. */
export type Choose = (max: number) => number;

/** An operation and its variables, ready to be sent. */
export interface GeneratedOperation {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What operations may ask for. Each entry is a root field with its arguments, as text. */
export interface OperationSources {
  readonly roots: readonly string[];
  /** Variables by name: declaration and value; left out of the request where the value is undefined. */
  readonly variables: Readonly<Record<string, { readonly declaration: string; readonly value?: unknown }>>;
}

/** Directives on selections, in every form that a condition can have. */
const directives = [
  ' @include(if: true)',
  ' @include(if: false)',
  ' @skip(if: true)',
  ' @skip(if: false)',
  ' @include(if: $yes)',
  ' @include(if: $no)',
  ' @skip(if: $yes)',
  ' @skip(if: $no)',
  ' @include(if: $yesByDefault)',
  ' @skip(if: $noByDefault)',
  ' @include(if: $noInsteadOfDefault)',
  ' @skip(if: $noInsteadOfDefault) @include(if: $yes)',
] as const;

const conditionVariables: OperationSources['variables'] = {
  yes: { declaration: 'Boolean!', value: true },
  no: { declaration: 'Boolean!', value: false },
  yesByDefault: { declaration: 'Boolean = true' },
  noByDefault: { declaration: 'Boolean! = false' },
  noInsteadOfDefault: { declaration: 'Boolean! = true', value: false },
  limit: { declaration: 'Int' },
  first: { declaration: 'Int! = 2' },
  phases: { declaration: '[JobPhase!]', value: ['FAILED', 'SUCCEEDED'] },
  statuses: { declaration: '[IpResultStatus!]', value: ['FAILED', 'SUCCEEDED', 'UNRECOGNIZED'] },
  order: { declaration: 'IpResultOrder', value: 'START_TIME_DESC' },
  pageOrder: { declaration: 'IpResultOrder! = HOST_DESC' },
  by: { declaration: '[IpResultGroupBy!]! = [PHASE, ERROR_CODE]' },
  filter: { declaration: 'IpResultFilter', value: { exitCode: [0, 1], tag: [''] } },
  hosts: { declaration: '[ID!]', value: ['1', '9007199254740993'] },
  after: { declaration: 'String', value: 'no cursor' },
};

const hostConditions = [
  '',
  '(phase: FAILED)',
  '(status: [FAILED, SUCCEEDED], phase: $phases)',
  '(filter: {tag: [""]})',
  '(status: $statuses, filter: $filter)',
  '(filter: {bkHostId: $hosts, statusCode: [9, 11]})',
  '(filter: {bkCloudId: "x"})',
];

/** Arguments of fields, a few ways each. Fields without an entry are asked without arguments. */
const argumentsByField: Readonly<Record<string, readonly string[]>> = {
  steps: ['', '(phase: [FAILED])', '(status: [SUCCEEDED], phase: $phases)', '(phase: [])'],
  ipResults: [
    ...hostConditions,
    '(limit: 2)',
    '(limit: $limit)',
    '(orderBy: HOST_ASC)',
    '(orderBy: $order, limit: 3, phase: $phases)',
    '(limit: -1)',
  ],
  'IpResultGroup.ipResults': ['', '(limit: 2)', '(limit: $limit)'],
  ipResultConnection: [
    '',
    '(first: $first)',
    '(first: 1, orderBy: STATUS_DESC)',
    '(first: 3, orderBy: $pageOrder, status: $statuses)',
    '(first: 0)',
    '(after: $after)',
  ],
  ipResultGroups: [...hostConditions, '(by: [STEP, STATUS, TAG], limit: 3)', '(by: $by)'],
};

const maxDepth = 5;

/**
 * Makes a valid operation out of a stream of choices: aliases, repeated and merged fields, inline and named fragments
 * on types and interfaces, nested fragments, directives with literals, variables and defaults, at any depth.
 */
export function generateOperation(
  schema: GraphQLSchema,
  sources: OperationSources,
  choose: Choose,
): GeneratedOperation {
  const fragments: string[] = [];

  function among<Item>(items: readonly Item[]): Item {
    return items[choose(items.length - 1)]!;
  }

  function maybeDirective(): string {
    return choose(3) === 0 ? among(directives) : '';
  }

  function selectionSet(type: GraphQLCompositeType, depth: number): string {
    const selections = Array.from({ length: 1 + choose(3) }, () => selection(type, depth));
    return ` { ${selections.join(' ')} }`;
  }

  function selection(type: GraphQLCompositeType, depth: number): string {
    const kind = depth === 0 ? 0 : choose(5);
    if (kind === 4)
      return `...${inlineCondition(type)}${maybeDirective()}${selectionSet(fragmentType, depth - 1)}`;
    if (kind === 5) return `...${namedFragment(type, depth - 1)}${maybeDirective()}`;
    return field(type, depth);
  }

  let fragmentType: GraphQLCompositeType;
  function inlineCondition(type: GraphQLCompositeType): string {
    fragmentType = among(possibleConditions(schema, type));
    return fragmentType === type && choose(1) === 0 ? '' : ` on ${fragmentType.name}`;
  }

  function namedFragment(type: GraphQLCompositeType, depth: number): string {
    const on = among(possibleConditions(schema, type));
    const body = selectionSet(on, depth);
    const name = `F${String(fragments.length)}`;
    fragments.push(`fragment ${name} on ${on.name}${body}`);
    return name;
  }

  function field(type: GraphQLCompositeType, depth: number): string {
    const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
    const within = depth === 0 ? fields.filter((one) => isLeafType(getNamedType(one.type))) : fields;
    if (within.length === 0 || choose(9) === 0) return `__typename${maybeDirective()}`;
    const { name, type: fieldType } = among(within);
    const ways = argumentsByField[`${type.name}.${name}`] ?? argumentsByField[name] ?? [''];
    const way = choose(ways.length - 1);
    const alias = ways.length === 1 && name === 'id' ? '' : `${type.name}_${name}_${String(way)}: `;
    const below = getNamedType(fieldType);
    const body = isCompositeType(below) ? selectionSet(below, depth - 1) : '';
    return `${alias}${name}${ways[way]!}${maybeDirective()}${body}`;
  }

  function rootField(): string {
    const index = choose(sources.roots.length - 1);
    const root = sources.roots[index]!;
    const fieldName = /^\w+/.exec(root)![0];
    const type = getNamedType(schema.getQueryType()!.getFields()[fieldName]!.type) as GraphQLCompositeType;
    // Equal roots share a response key, so that asking twice becomes one field with merged selections.
    const alias = choose(2) === 0 ? `other${String(index)}` : `root${String(index)}`;
    return `${alias}: ${root}${maybeDirective()}${selectionSet(type, maxDepth)}`;
  }

  const roots = Array.from({ length: 1 + choose(4) }, () => rootOrFragment(rootField, fragments, choose));
  return withVariables(`{ ${roots.join('\n  ')} }\n${fragments.join('\n')}`, {
    ...conditionVariables,
    ...sources.variables,
  });
}

function rootOrFragment(rootField: () => string, fragments: string[], choose: Choose): string {
  const wrapping = choose(5);
  if (wrapping === 0) return `... on Query { ${rootField()} }`;
  if (wrapping !== 1) return rootField();
  const body = rootField();
  const name = `F${String(fragments.length)}`;
  fragments.push(`fragment ${name} on Query { ${body} }`);
  return `...${name}`;
}

/** Types that a fragment below a type may be on: the type itself, its interfaces, or what it can be. */
function possibleConditions(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
): readonly GraphQLCompositeType[] {
  if (isAbstractType(type)) return [type, ...schema.getPossibleTypes(type)];
  return [type, type, ...type.getInterfaces()];
}

function withVariables(text: string, known: OperationSources['variables']): GeneratedOperation {
  const used = [...new Set([...text.matchAll(/\$(\w+)/g)].map(([, name]) => name!))];
  const declarations = used.map((name) => `$${name}: ${known[name]!.declaration}`);
  const values = used.flatMap((name) =>
    known[name]!.value === undefined ? [] : [[name, known[name]!.value] as const],
  );
  return {
    document: `query${declarations.length === 0 ? '' : `(${declarations.join(', ')})`} ${text}`,
    variables: Object.fromEntries(values),
  };
}
