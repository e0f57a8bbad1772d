import {
  getNullableType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { IpResults } from '../../domain/ip-results.ts';
import { toBytes, toChunk, type Chunk } from './chunk.ts';
import { PacedIpResults } from '../../resolvers/paced-ip-results.ts';
import { HostsWriter, writeHosts } from './host-lists.ts';
import { createFieldInfo } from './field-info.ts';
import { columnOf, constantColumn, type Column } from './ip-result-writers.ts';
import { writeSoonerOrLater } from './late-values.ts';
import { NotCovered } from './not-covered.ts';
import { argumentsReader } from './arguments.ts';
import { writeItems, writeReferences } from './reference-lists.ts';
import { resolveField, type AskedField, type KnownOperation, type Run, type WriteValue } from './run.ts';

/** An operation made ready: what its root fields are, and how everything below them is written. */
export interface Plan {
  readonly roots: readonly FieldPlan[];
  /** What it takes in memory, about. */
  readonly bytes: number;
}

/** A field of an object. */
export interface FieldPlan {
  /** What stands before its value, a comma too where it is not the first. */
  readonly prefix: Uint8Array;
  /** The same, ready to be written often. */
  readonly start: Chunk;
  /** Its value, or a promise of it at the root. */
  readonly resolve: (run: Run, source: unknown) => unknown;
  readonly write: WriteValue;
  /** How prefix and value of the field of a host are written from the table; null where it has to be resolved. */
  readonly column: Column | null;
}

/** An operation with more fields takes more to make ready than is saved. */
const maxFields = 500;

/** Names of all fields together. A long one stands in a plan as often as its fragment is spread, and with each word. */
const maxNameBytes = 16 * 1024;

/** Measured on operations with short names, rounded up. */
const bytesPerField = 2048;

/** How often a name stands in a plan, in the mean of fields of all kinds. */
const copiesOfName = 8;

interface Making extends KnownOperation {
  readonly variables: Record<string, unknown>;
  fieldCount: number;
  nameBytes: number;
}

type CollectedFields = ReadonlyMap<string, readonly FieldNode[]>;

/**
 * Makes an operation ready for all runs whose conditions (`@skip`, `@include`) have the values that they have among
 * these variables. Which fields there are, merged and in which order, graphql-js itself finds out.
 * Throws where something is asked for that the fast way does not cover.
 */
export function makePlan(known: KnownOperation, variables: Readonly<Record<string, unknown>>): Plan {
  const { schema, operation, fragments } = known;
  const making: Making = { ...known, variables, fieldCount: 0, nameBytes: 0 };
  const type = schema.getRootType(operation.operation);
  if (!type) throw new NotCovered('operation', 'The schema has no such root.');
  const fields = collectFields(schema, fragments, making.variables, type, operation.selectionSet);
  assertWaitsAlone(fields);
  const roots = fieldPlans(making, type, fields);
  return { roots, bytes: making.fieldCount * bytesPerField + making.nameBytes * copiesOfName };
}

/**
 * Where one of several roots fails graphql-js asks for all of them anew; what was read is remembered, but a wait would
 * begin once more, and the one that nobody needs go on.
 */
function assertWaitsAlone(roots: CollectedFields): void {
  if (roots.size < 2) return;
  for (const [node] of roots.values()) {
    if (node?.name.value === 'waitForJobInstance') {
      throw new NotCovered('operation', 'A wait stands beside other fields.');
    }
  }
}

function fieldPlans(making: Making, type: GraphQLObjectType, fields: CollectedFields): readonly FieldPlan[] {
  return Array.from(fields, ([key, nodes], index) => {
    const prefix = toBytes(`${index === 0 ? '' : ','}${JSON.stringify(key)}:`);
    return fieldPlan(making, type, { key, nodes, prefix });
  });
}

function fieldPlan(
  making: Making,
  parentType: GraphQLObjectType,
  { key, nodes, prefix }: { key: string; nodes: readonly FieldNode[]; prefix: Uint8Array },
): FieldPlan {
  making.fieldCount += 1;
  making.nameBytes += prefix.length;
  if (making.fieldCount > maxFields || making.nameBytes > maxNameBytes)
    throw new NotCovered('operation', 'The operation has too many fields, or too long names of them.');
  const [node] = nodes;
  if (node === undefined) throw new NotCovered('operation', 'A field has no node.');
  const name = node.name.value;
  if (name === '__typename') return typeNamePlan(parentType, prefix);
  const definition = parentType.getFields()[name];
  if (definition === undefined) throw new NotCovered('operation', `${name} is no field of its type.`);
  const { schema, operation, fragments } = making;
  const known = { schema, operation, fragments };
  const readArguments = argumentsReader(definition, node);
  const field = { known, key, nodes, parentType, definition, readArguments };
  const leaf = getNullableType(definition.type);
  return {
    prefix,
    start: toChunk(prefix),
    resolve: isListOfOpenType(definition.type)
      ? (run, source) => resolveItems(run, source, field)
      : (run, source) => resolveField(run, source, field),
    write: fieldWriter(making, field),
    column: parentType.name === 'StepIpResult' && isLeafType(leaf) ? columnOf(name, prefix, leaf) : null,
  };
}

function typeNamePlan({ name }: GraphQLObjectType, prefix: Uint8Array): FieldPlan {
  const value = toBytes(JSON.stringify(name));
  const whole = Buffer.concat([prefix, value]);
  return {
    prefix,
    start: toChunk(prefix),
    resolve: () => name,
    write: ({ out }) => out.raw(value),
    column: constantColumn(whole),
  };
}

/** Each of its items is found by itself (`_entities`). */
function isListOfOpenType(type: GraphQLOutputType): boolean {
  const list = getNullableType(type);
  return isListType(list) && isAbstractType(getNullableType(list.ofType));
}

/** Where one of them fails the others are there nonetheless, which is for graphql-js to tell. */
async function resolveItems(run: Run, source: unknown, field: AskedField): Promise<unknown> {
  const items = await resolveField(run, source, field);
  return Array.isArray(items) ? Promise.all<unknown>(items) : items;
}

/** What goes through many hosts may have to wait for its turn; leaves do not. */
function fieldWriter(making: Making, field: AskedField): WriteValue {
  const { type, resolve } = field.definition;
  const write = valueWriter(making, type, field);
  if (resolve === undefined || isLeafType(getNullableType(type))) return write;
  return (run, value) => {
    writeSoonerOrLater(run, value, write);
  };
}

function valueWriter(making: Making, type: GraphQLOutputType, field: AskedField): WriteValue {
  if (isNonNullType(type)) return writerOfPresent(making, type.ofType, field);
  const write = writerOfPresent(making, type, field);
  return (run, value) => {
    if (value === null || value === undefined) run.out.chunk(nullChunk);
    else write(run, value);
  };
}

const nullChunk = toChunk(toBytes('null'));

function writerOfPresent(making: Making, type: GraphQLOutputType, field: AskedField): WriteValue {
  if (isLeafType(type)) return leafWriter(type);
  if (isListType(type)) return listWriter(making, type.ofType as GraphQLOutputType, field);
  if (isAbstractType(type)) return writerOfOpenType(making, type, field);
  if (!isObjectType(type) || type.isTypeOf)
    throw new NotCovered('operation', 'An object is to be asked for its type.');
  return objectWriter(fieldPlansBelow(making, type, field));
}

/** Which type an object has, of which conditions of fragments tell what is asked of it, shows when it is there. */
function writerOfOpenType(making: Making, type: GraphQLAbstractType, field: AskedField): WriteValue {
  const { resolveType } = type;
  if (!resolveType) throw new NotCovered('operation', 'The type of an object is open.');
  const writers = new Map<unknown, WriteValue>(
    making.schema
      .getPossibleTypes(type)
      .map((possible) => [possible.name, objectWriter(fieldPlansBelow(making, possible, field))]),
  );
  return (run, value) => {
    assertPresent(value);
    const write = writers.get(resolveType(value, run.context, createFieldInfo(run, field), type));
    if (write === undefined)
      throw new NotCovered('value', 'An object has none of the types that it may have.');
    write(run, value);
  };
}

function fieldPlansBelow(
  making: Making,
  type: GraphQLObjectType,
  { nodes }: AskedField,
): readonly FieldPlan[] {
  const { schema, fragments, variables } = making;
  return fieldPlans(making, type, collectSubfields(schema, fragments, variables, type, nodes));
}

/** Scalars and enums write their values themselves, as they do for graphql-js; an enum each of its words once. */
function leafWriter(type: GraphQLLeafType): WriteValue {
  if (isEnumType(type)) {
    const words = new Map<unknown, Chunk>(
      type.getValues().map(({ name, value }) => [value as unknown, toChunk(toBytes(JSON.stringify(name)))]),
    );
    const writeOther = scalarWriter(type);
    return (run, value) => {
      const chunk = words.get(value);
      if (chunk === undefined) writeOther(run, value);
      else run.out.chunk(chunk);
    };
  }
  if (type.name !== instantType) return scalarWriter(type);
  const writeOther = scalarWriter(type);
  return (run, value) => {
    if (value instanceof Date) run.out.instant(value.getTime());
    else writeOther(run, value);
  };
}

/** The scalar that instants have (schema/base.graphql), which it writes as `Date` does. */
const instantType = 'DateTime';

function scalarWriter(type: GraphQLLeafType): WriteValue {
  return ({ out }, value) => {
    assertPresent(value);
    const serialized: unknown = type.serialize(value);
    if (typeof serialized === 'string') out.text(serialized);
    else if (typeof serialized === 'number' && Number.isInteger(serialized)) out.integer(serialized);
    else if (typeof serialized === 'boolean') out.json(String(serialized));
    else throw new NotCovered('value', `${type.name} wrote what is neither text, number nor truth.`);
  };
}

function objectWriter(fields: readonly FieldPlan[]): WriteValue {
  return (run, value) => {
    assertPresent(value);
    run.out.byte(openBrace);
    for (const { start, resolve, write } of fields) {
      const fieldValue = resolve(run, value);
      run.out.chunk(start);
      write(run, fieldValue);
    }
    run.out.byte(closeBrace);
  };
}

const openBrace = 0x7b;
const closeBrace = 0x7d;

function listWriter(making: Making, itemType: GraphQLOutputType, field: AskedField): WriteValue {
  const writeItem = valueWriter(making, itemType, field);
  const hostType = getNullableType(itemType);
  const write = isAbstractType(hostType) ? writeReferences : writeItems;
  const hostsWriter =
    isObjectType(hostType) && hostType.name === 'StepIpResult'
      ? new HostsWriter(fieldPlansBelow(making, hostType, field))
      : null;
  return (run, value) => {
    const hosts = value instanceof PacedIpResults ? value.hosts : value;
    if (hostsWriter !== null && hosts instanceof IpResults) {
      writeHosts(run, hosts, hostsWriter);
      return;
    }
    if (!Array.isArray(value)) throw new NotCovered('value', 'A list is no array.');
    write(run, value, writeItem);
  };
}

/** What is not there where it must be, a failure and a promise are for graphql-js to handle. */
function assertPresent(value: unknown): void {
  if (value === null || value === undefined) throw new NotCovered('value', 'A value is missing.');
  if (typeof value !== 'object') return;
  if (value instanceof Error) throw new NotCovered('failure', 'A value is a failure.');
  if ('then' in value) throw new NotCovered('value', 'A value is a promise.');
}
