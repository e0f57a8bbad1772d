import {
  getOperationAST,
  GraphQLError,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Identification } from '../context/operation-context.ts';
import { assertAdmitted, assertAffordable, assertAnswerable, assertVariablesFit } from './admission.ts';
import { chargeFor, type Charge, type Spending } from './charge.ts';
import { declaredOnly } from './declared-variables.ts';
import { assertDocumentFits, type DocumentLimits } from './document-limits.ts';
import { createDocumentReader, createDocumentRules, type DocumentRules } from './document-reader.ts';
import { createDocumentTemplates, type ParameterizeDocument } from './document-templates.ts';
import type { ExecutionObserver } from './execution-observer.ts';
import { createFastExecution, type FastExecution } from './fast/fast-execution.ts';
import { createErrorFormatter } from './format-error.ts';
import { operationClassOf, type OperationClass } from './operation-class.ts';
import { createOperationCost } from './operation-cost.ts';
import { createRefusals, toRefusedOperation } from './refused-operation.ts';
import { createVariableReader } from './variable-values.ts';

/**
 * What every way in does with a request before it runs, and with errors before they leave: HTTP hands these parts to
 * Apollo Server, sockets and streams use them by themselves, and none has a rule that the others lack.
 */
export interface OperationPipeline extends DocumentRules {
  readonly schema: GraphQLSchema;
  /**
   * Refuses a valid operation before it runs: a kind that the schema lacks, nobody where somebody must ask, variables
   * that do not fit, too high a price. Throws a `GraphQLError` with an HTTP status.
   */
  admit(asked: ResolvedOperation): AdmittedOperation;
  /** Puts variables in place of literals, so that documents that differ in ids alone are one. */
  readonly parameterize: ParameterizeDocument;
  /** Whether an operation can have rows of hosts read. Its variables are coerced. */
  classOf(asked: Omit<ResolvedOperation, 'identification'>): OperationClass;
  /** From a request to an operation that may run. Rejects with `RefusedOperation`. */
  prepare(request: GraphqlRequest, identification: Identification): Promise<PreparedOperation>;
  /** Answers what it can without graphql-js executing it (src/execution/fast). */
  readonly fast: FastExecution;
  /** The one form in which errors leave (schema.md 7). Never throws. */
  formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
}

/** What a client sends. */
export interface GraphqlRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** An operation of a valid document, and who asks for it. */
export interface ResolvedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly identification: Identification;
}

/** What is known of an operation once it may run. */
export interface AdmittedOperation {
  /** Coerced, defaults put in. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whoever runs it settles this, or cancels it where it does not run after all; null where nobody counts. */
  readonly charge: Charge | null;
}

/** An operation that may run. */
export interface PreparedOperation extends Omit<ResolvedOperation, 'identification'>, AdmittedOperation {
  /** As the client sent them, those that are declared. */
  readonly givenVariables: Readonly<Record<string, unknown>>;
  readonly operationClass: OperationClass;
}

/** What the pipeline of a schema is made with. */
export interface PipelineOptions {
  readonly schema: GraphQLSchema;
  /** Whether clients may ask for the schema, and are given names from it in error texts. */
  readonly introspection: boolean;
  readonly limits: PipelineLimits;
  /** From what callers pay; left out where nobody counts. */
  readonly spending?: Spending | undefined;
  /** Left out where nobody looks. */
  readonly observer?: ExecutionObserver | undefined;
  /** Is told of every fault of this service itself. */
  readonly report: (error: unknown) => void;
}

/** Bounds of one operation. */
export interface PipelineLimits extends DocumentLimits {
  /** What it may cost by `@cost` and `@listSize`. */
  readonly maxCost: number;
}

/** Makes the pipeline of a schema. */
export function createOperationPipeline(options: PipelineOptions): OperationPipeline {
  const { schema, limits, introspection } = options;
  const formatError = createErrorFormatter(options);
  const costOf = createOperationCost(schema);
  const readVariables = createVariableReader(schema);
  const documentRules = createDocumentRules({
    introspection,
    parserMaxTokens: limits.parserMaxTokens,
    observer: options.observer,
  });
  const refuse = createRefusals(formatError);
  const readDocument = createDocumentReader(schema, documentRules, refuse);

  function admit(asked: ResolvedOperation): AdmittedOperation {
    const { document, operation, variables: given, identification } = asked;
    const fragments = fragmentsOf(document);
    assertAnswerable(schema, operation);
    assertAdmitted(identification, operation, fragments);
    const variables = readVariables(operation, given) ?? assertVariablesFit(schema, operation, given);
    const price = costOf({ operation, fragments, variables });
    assertAffordable(price.cost, limits.maxCost);
    return { variables, charge: chargeFor(options.spending, identification, price) };
  }

  async function prepare(request: GraphqlRequest, identification: Identification) {
    assertDocumentFits(request.query, limits);
    const document = await readDocument(request.query);
    const operation = getOperationAST(document, request.operationName);
    if (!operation) throw refuse('OPERATION_RESOLUTION_FAILURE', [new GraphQLError(openOperation)]);
    const givenVariables = declaredOnly(request.variables ?? {}, operation);
    const admitted = admit({ document, operation, variables: givenVariables, identification });
    const operationClass = classOf({ document, operation, variables: admitted.variables });
    return { document, operation, ...admitted, givenVariables, operationClass };
  }

  return {
    schema,
    ...documentRules,
    parameterize: createDocumentTemplates({ schema, ...documentRules }, templateLimits),
    admit,
    classOf,
    prepare: (request, identification) =>
      prepare(request, identification).catch((thrown: unknown) => {
        throw toRefusedOperation(thrown, formatError);
      }),
    fast: createFastExecution(schema, options.observer),
    formatError,
  };
}

const templateLimits = { maxEntries: 1000, maxCharacters: 4_000_000 };

function classOf({
  document,
  operation,
  variables,
}: Omit<ResolvedOperation, 'identification'>): OperationClass {
  return operationClassOf(operation, () => fragmentsOf(document), variables);
}

const openOperation = 'The document has no such operation, or several and none is named.';

const fragmentsByDocument = new WeakMap<DocumentNode, ReadonlyMap<string, FragmentDefinitionNode>>();

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const known = fragmentsByDocument.get(document);
  if (known !== undefined) return known;
  const fragments = collectFragments(document);
  fragmentsByDocument.set(document, fragments);
  return fragments;
}

function collectFragments({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}
