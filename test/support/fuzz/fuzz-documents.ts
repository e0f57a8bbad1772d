import { isInputObjectType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';
import { wholeNumber, type Random } from '../../../src/simulator/random.ts';
import { generateOperation, type OperationSources } from '../operations/generate-operation.ts';
import { among } from '../isolation/operations.ts';

/** A document that a client may send, as like as not one that is wrong. */
export interface FuzzedDocument {
  /** How it was made. */
  readonly kind: 'valid' | 'changed' | 'grown' | 'crowded';
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const sources: OperationSources = {
  roots: [
    'jobInstance(scope: {bkBizId: 2}, jobInstanceId: 1)',
    'jobInstance(scope: {bkBizId: $biz}, jobInstanceId: 101)',
    'stepInstance(scope: {bkBizId: 2}, jobInstanceId: 2, stepInstanceId: 1)',
    'jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: [1, 2, 102, 103])',
    'node(id: "biz:2:1")',
    '_entities(representations: [{__typename: "JobInstance", id: "biz:2:3"}])',
  ],
  variables: { biz: { declaration: 'ID!', value: 2 } },
};

/** More than documents may have, so that some are refused for that. */
const mostTokens = 1100;

/** Makes documents at random, of all kinds in turn: valid ones, valid ones changed, grown by grammar, and crowded. */
export function createDocumentFuzzer(schema: GraphQLSchema, random: Random): () => FuzzedDocument {
  const words = vocabularyOf(schema);
  const choose = (max: number): number => wholeNumber(random, 0, max);
  return () => {
    const chance = random();
    if (chance < 0.5) {
      const { document, variables } = generateOperation(schema, sources, choose);
      if (chance < 0.15) return { kind: 'valid', text: document, variables };
      return { kind: 'changed', text: change(document, words, random), variables };
    }
    if (chance < 0.8) return { kind: 'grown', text: grow(words, random), variables: {} };
    return { kind: 'crowded', text: crowd(words, random), variables: {} };
  };
}

interface Vocabulary {
  readonly fields: readonly string[];
  readonly types: readonly string[];
  readonly args: readonly string[];
  /** Tokens of any kind. */
  readonly tokens: readonly string[];
}

function vocabularyOf(schema: GraphQLSchema): Vocabulary {
  const types = Object.values(schema.getTypeMap());
  const objects = types.filter((type) => isObjectType(type) || isInterfaceType(type));
  const fields = [...new Set(objects.flatMap((type) => Object.keys(type.getFields())))];
  const args = [
    ...new Set([
      ...objects.flatMap((type) =>
        Object.values(type.getFields()).flatMap((field) => field.args.map(({ name }) => name)),
      ),
      ...types.filter(isInputObjectType).flatMap((type) => Object.keys(type.getFields())),
    ]),
  ];
  const odd = [
    '__proto__',
    'constructor',
    'toString',
    'then',
    '__typename',
    'on',
    'null',
    'true',
    'fragment',
  ];
  return {
    fields: [...fields, ...odd, 'nothing'],
    types: [...types.map(({ name }) => name), 'Nothing', '__proto__'],
    args: [...args, 'nothing', '__proto__'],
    tokens: [
      ...'{ } ( ) [ ] : = ! | & @ $ ... #'.split(' '),
      ...[
        'query',
        'mutation',
        'subscription',
        'fragment',
        'on',
        'type',
        'extend',
        '@skip',
        '@include(if: true)',
      ],
      ...[
        '0',
        '-1',
        '1e999',
        '01',
        '9'.repeat(40),
        '""',
        '"x"',
        '"""x"""',
        '"\\u0000"',
        '"',
        '\u0000',
        '\ud800',
        '\n',
      ],
      ...['...F0', '$yes', '$v0', 'id', 'name', 'ipResults', 'steps'],
    ],
  };
}

const tokenPattern = /\.\.\.|"(?:[^"\\]|\\.)*"|[\w$@]+|[^\s\w]/g;

/** A document with a few of its tokens left out, doubled, swapped, exchanged or put in. */
function change(document: string, words: Vocabulary, random: Random): string {
  const tokens = document.match(tokenPattern) ?? [];
  for (let left = wholeNumber(random, 1, 4); left > 0; left -= 1) {
    const at = wholeNumber(random, 0, tokens.length - 1);
    const [token = ''] = tokens.slice(at, at + 1);
    const word = among(random, among(random, [words.tokens, words.fields, words.args, words.types]));
    const ways = [[], [token, token], [word], [token, word], [tokens[at + 1] ?? '', token]];
    tokens.splice(at, 1, ...among(random, ways));
  }
  return tokens.join(' ');
}

/** A document by the grammar alone, its names taken from the schema without regard to what they stand for. */
function grow(words: Vocabulary, random: Random): string {
  let left = wholeNumber(random, 5, mostTokens);
  const take = (): boolean => (left -= 1) > 0;

  function value(depth: number): string {
    const kind = depth === 0 ? wholeNumber(random, 0, 4) : wholeNumber(random, 0, 6);
    if (kind === 5) return `[${list(() => value(depth - 1), 4)}]`;
    if (kind === 6) return `{${list(() => `${among(random, words.args)}: ${value(depth - 1)}`, 4)}}`;
    return among(random, ['1', '"2"', 'null', 'FAILED', `$v${String(wholeNumber(random, 0, 5))}`]);
  }

  function list(make: () => string, most: number): string {
    const items: string[] = [];
    for (let count = wholeNumber(random, 1, most); count > 0 && take(); count -= 1) items.push(make());
    return items.join(' ');
  }

  function selections(depth: number): string {
    return `{ ${list(() => selection(depth), depth === 0 ? 3 : 12) || 'id'} }`;
  }

  function selection(depth: number): string {
    const kind = wholeNumber(random, 0, 9);
    if (kind === 0) return `...F${String(wholeNumber(random, 0, 5))}`;
    const directive = random() < 0.1 ? ` @include(if: ${value(0)})` : '';
    if (kind === 1 && depth > 0)
      return `... on ${among(random, words.types)}${directive} ${selections(depth - 1)}`;
    const alias = random() < 0.3 ? `${among(random, ['a', 'b', 'name', '__proto__'])}: ` : '';
    const args =
      random() < 0.3 ? `(${list(() => `${among(random, words.args)}: ${value(2)}`, 3) || 'id: 1'})` : '';
    const below = depth > 0 && random() < 0.6 ? ` ${selections(depth - 1)}` : '';
    return `${alias}${among(random, words.fields)}${args}${directive}${below}`;
  }

  const variables = `(${list(() => `$v${String(wholeNumber(random, 0, 5))}: ${among(random, words.types)}`, 6) || '$v0: ID'})`;
  const operation = `query ${random() < 0.5 ? variables : ''} ${selections(8)}`;
  const fragments: string[] = [];
  for (let count = 0; left > 10 && count < 6; count += 1) {
    fragments.push(`fragment F${String(count)} on ${among(random, words.types)} ${selections(6)}`);
  }
  return [operation, ...fragments].join(' ');
}

const job = 'jobInstance(scope: {bkBizId: 2}, jobInstanceId: 1)';

/** As much of one thing as fits into a document: what makes rules of validation work longest. */
function crowd(words: Vocabulary, random: Random): string {
  const size = wholeNumber(random, 10, mostTokens);
  const times = (cost: number, make: (index: number) => string): string =>
    Array.from({ length: Math.max(1, Math.floor(size / cost)) }, (_, index) => make(index)).join(' ');
  const nest = (cost: number, open: string, inner: string, close: string): string => {
    const depth = Math.max(1, Math.floor(size / cost));
    return open.repeat(depth) + inner + close.repeat(depth);
  };
  const field = (): string => among(random, words.fields);
  const fragments = wholeNumber(random, 2, 40);
  const name = (index: number): string => `F${String(index % fragments)}`;
  return among(random, [
    () => `{ ${job} { ${times(3, () => `x: ${field()}`)} } }`,
    () => `{ ${times(14, () => `x: ${job} { x: ${field()} }`)} }`,
    () => `{ ${job} { ${nest(6, 'x: ipResults { x: step { ', field(), ' } }')} } }`,
    () => `{ ${job} { ${nest(5, '... on JobInstance { ', 'name', ' }')} } }`,
    () => `{ ${job} { ${times(6, () => `...{ x: steps { ${field()} } }`)} } }`,
    () =>
      `{ ${job} { ${times(12, (index) => `...${name(index)}`)} } } ` +
      times(
        12,
        (index) => `fragment F${String(index)} on JobInstance { x: ${field()} ...${name(index * 7 + 1)} }`,
      ),
    () =>
      `{ ${job} { ...F0 } } ` +
      times(
        22,
        (index) =>
          `fragment F${String(index)} on JobInstance { steps { x: ${field()} } ...${name(index + 1)} ...${name(index + 2)} }`,
      ),
    () =>
      `query (${times(4, (index) => `$v${String(index)}: ID`)}) { ${times(12, (index) => `a${String(index)}: node(id: $v${String(index * 3)}) { id }`)} }`,
    () => `{ __typename ${times(6, () => `@${among(random, ['skip', 'include', 'nothing'])}(if: true)`)} }`,
    () => `{ node(id: ${nest(2, '[', '1', ']')}) { id } }`,
    () => `{ ${times(2, (index) => `${field()}${random() < 0.5 ? String(index) : ''}`)} }`,
    () => times(5, (index) => `query Q${random() < 0.5 ? String(index) : ''} { ${field()} }`),
    () => `{ ${times(10, () => `__schema { types { ${field()} } }`)} }`,
    () =>
      `{ ${job} { ipResults(filter: {${times(6, () => `${among(random, words.args)}: ["x"]`)}}) { ip } } }`,
  ])();
}
