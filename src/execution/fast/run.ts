import {
  defaultFieldResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { OperationContext } from '../../context/operation-context.ts';
import type { AnswerBuffer } from './answer-buffer.ts';
import type { ReadArguments } from './arguments.ts';
import { createFieldInfo } from './field-info.ts';
import type { LateValue } from './late-values.ts';
import { NotCovered } from './not-covered.ts';

/** What is known of an operation before it runs. */
export interface KnownOperation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/** Writes a value, and makes nothing that outlives it. */
export type WriteValue = (run: Run, value: unknown) => void;

/** One operation on the fast way. */
export interface Run {
  out: AnswerBuffer;
  readonly context: OperationContext;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly rootValue: unknown;
  /** In the order in which they stand in the answer. */
  lateValues: LateValue[];
}

/** A field of an object type as an operation asks for it. */
export interface AskedField {
  readonly known: KnownOperation;
  readonly key: string;
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly readArguments: ReadArguments;
}

/** The value of a field of an object, by the resolver that graphql-js would call with the same arguments. */
export function resolveField(run: Run, source: unknown, field: AskedField): unknown {
  const { resolve, name } = field.definition;
  if (resolve === undefined || resolve === defaultFieldResolver) return propertyOf(source, name);
  return resolve(source, field.readArguments(run.variables), run.context, createFieldInfo(run, field));
}

function propertyOf(source: unknown, name: string): unknown {
  if (typeof source !== 'object' || source === null) return undefined;
  const value = (source as Readonly<Record<string, unknown>>)[name];
  if (typeof value === 'function') throw new NotCovered('value', 'A property is a method.');
  return value;
}
