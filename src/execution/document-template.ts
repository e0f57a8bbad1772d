import {
  getNamedType,
  getNullableType,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  Kind,
  OperationTypeNode,
  parse,
  specifiedRules,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type IntValueNode,
  type OperationDefinitionNode,
  type ParseOptions,
  type StringValueNode,
  type ValidationRule,
} from 'graphql';
import type { ScannedLiteral } from './literal-scan.ts';
import { createPlaceMapping, type Edit, type ToPlaceAsked } from './place-mapping.ts';

/** What a client asked, with variables in place of literals. */
export interface ParameterizedDocument {
  /** The same text for all that differ in literals alone. */
  readonly text: string;
  /** Values of the literals. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Where in the client's own text something stands that stands somewhere in this one. */
  readonly toPlaceAsked: ToPlaceAsked;
}

/** Documents that are the same but for their literals. */
export interface DocumentTemplate {
  readonly text: string;
  /** Null where a literal cannot be what it stands for: graphql-js shall say so of the client's own text. */
  fill(asked: string, literals: readonly ScannedLiteral[]): ParameterizedDocument | null;
}

/** What templates are made for. */
export interface TemplateOptions {
  readonly schema: GraphQLSchema;
  readonly parseOptions: ParseOptions;
  /** Rules beside those of the specification. */
  readonly validationRules: readonly ValidationRule[];
}

/** Names of variables for literals begin so; documents with such a variable of their own have no template. */
const namePrefix = '_literal';

/**
 * Makes a template of a document, from one of those that it is for. Null where not every literal can be a variable, or
 * where the document would not be valid then: whatever is wrong with it is for others to say.
 */
export function createDocumentTemplate(
  asked: string,
  literals: readonly ScannedLiteral[],
  { schema, parseOptions, validationRules }: TemplateOptions,
): DocumentTemplate | null {
  const document = tryToParse(asked, parseOptions);
  const operation = document === null ? null : onlyQuery(document);
  if (document === null || operation === null) return null;
  const types = typesOf(document, { schema, literals });
  if (types === null) return null;
  const { text, edits } = rewrite(asked, { operation, literals, types });
  const rewritten = tryToParse(text, parseOptions);
  if (
    rewritten === null ||
    validate(schema, rewritten, [...specifiedRules, ...validationRules], { maxErrors: 1 }).length > 0
  )
    return null;
  const toPlaceAskedIn = createPlaceMapping(text, edits);
  return {
    text,
    fill: (client, found) => {
      const variables: Record<string, unknown> = {};
      for (const [index, literal] of found.entries()) {
        const type = types[index];
        const value = type === undefined ? null : valueOf(client, literal, getNamedType(type) === GraphQLInt);
        if (value === null) return null;
        variables[nameOf(index)] = value;
      }
      return { text, variables, toPlaceAsked: toPlaceAskedIn(found) };
    },
  };
}

function nameOf(index: number): string {
  return `${namePrefix}${String(index)}`;
}

function tryToParse(text: string, parseOptions: ParseOptions): DocumentNode | null {
  try {
    return parse(text, parseOptions);
  } catch {
    return null;
  }
}

/** The operation of a document that has one only, a query, and no variable that could be taken for one of ours. */
function onlyQuery({ definitions }: DocumentNode): OperationDefinitionNode | null {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (operation?.operation !== OperationTypeNode.QUERY || operations.length > 1) return null;
  const names = operation.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
  return names.some((name) => name.startsWith(namePrefix)) ? null : operation;
}

/** What the literals are to be, in turn. Null where one is not an ID, a whole number or a text as it should be. */
function typesOf(
  document: DocumentNode,
  { schema, literals }: { readonly schema: GraphQLSchema; readonly literals: readonly ScannedLiteral[] },
): readonly GraphQLInputType[] | null {
  const typeInfo = new TypeInfo(schema);
  const types = new Map<string, GraphQLInputType>();
  const note = (node: IntValueNode | StringValueNode): void => {
    const type = typeInfo.getInputType();
    const fits = node.kind === Kind.INT ? [GraphQLID, GraphQLInt] : [GraphQLID, GraphQLString];
    if (!type || !node.loc || !fits.some((one) => one === getNamedType(type))) return;
    types.set(`${String(node.loc.start)} ${String(node.loc.end)}`, type);
  };
  visit(document, visitWithTypeInfo(typeInfo, { IntValue: note, StringValue: note }));
  const found = literals.map(({ start, end }) => types.get(`${String(start)} ${String(end)}`));
  return found.every((type) => type !== undefined) ? found : null;
}

interface Rewriting {
  readonly operation: OperationDefinitionNode;
  readonly literals: readonly ScannedLiteral[];
  readonly types: readonly GraphQLInputType[];
}

/** The text with variables for literals. All else stays where it is, so that places can be found again. */
function rewrite(
  asked: string,
  { operation, literals, types }: Rewriting,
): { readonly text: string; readonly edits: readonly Edit[] } {
  const declarations = types.map((type, index) => `$${nameOf(index)}: ${getNullableType(type).toString()}!`);
  const insertions = literals.map(({ start, end }, index) => ({ start, end, put: `$${nameOf(index)}` }));
  const changes = [declare(asked, operation, declarations.join(' ')), ...insertions];
  changes.sort((left, right) => left.start - right.start);
  const edits: Edit[] = [];
  let text = '';
  let position = 0;
  for (const { start, end, put } of changes) {
    text += asked.slice(position, start);
    edits.push({ start: text.length, end: text.length + put.length, isLiteral: end > start });
    text += put;
    position = end;
  }
  return { text: text + asked.slice(position), edits };
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly put: string;
}

function declare(asked: string, operation: OperationDefinitionNode, declarations: string): Change {
  const { name, variableDefinitions = [], loc } = operation;
  const last = variableDefinitions.at(-1)?.loc;
  const at = (place: number, put: string): Change => ({ start: place, end: place, put });
  if (last) return at(last.end, ` ${declarations}`);
  if (name?.loc) return at(name.loc.end, `(${declarations})`);
  const start = loc?.start ?? 0;
  if (asked[start] === '{') return at(start, `query(${declarations}) `);
  return at(start + operation.operation.length, `(${declarations})`);
}

const smallestInt = -(2 ** 31);
const largestInt = 2 ** 31 - 1;

/** The value as a variable has it: an ID is text, however it was written. Null for a number that is no `Int`. */
function valueOf(
  asked: string,
  { isText, start, end }: ScannedLiteral,
  isInt: boolean,
): string | number | null {
  if (isText) return asked.slice(start + 1, end - 1);
  const digits = asked.slice(start, end);
  if (!isInt) return digits;
  const number = Number(digits);
  return number >= smallestInt && number <= largestInt ? number : null;
}
