import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginSchemaReportingDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { Kind, type DocumentNode, type FragmentDefinitionNode, type GraphQLSchema } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import {
  assertAdmitted,
  assertAffordable,
  assertAnswerable,
  assertVariablesFit,
} from '../execution/admission.ts';
import { createDocumentStore } from '../execution/document-store.ts';
import { createErrorFormatter } from '../execution/format-error.ts';
import { noServiceSdl } from '../execution/no-service-sdl.ts';
import { createOperationCost } from '../execution/operation-cost.ts';

/** What the GraphQL part of the server is made of. */
export interface GraphqlServerOptions {
  readonly schema: GraphQLSchema;
  /** Whether clients may ask for the schema, and are given names from it in error texts. */
  readonly introspection: boolean;
  readonly limits: OperationLimits;
  /** Is told of every fault of this service itself. */
  readonly report: (error: unknown) => void;
  readonly plugins: readonly ApolloServerPlugin<OperationContext>[];
}

/** Bounds of one operation. */
export interface OperationLimits {
  /** Tokens of its document: the work of reading it is bounded before it begins. */
  readonly parserMaxTokens: number;
  /** What it may cost by `@cost` and `@listSize`. */
  readonly maxCost: number;
}

/** Enough to mend a document by. Each takes time to find its place in the text, and repeats what is wrong. */
const maxValidationErrors = 20;

const documentStoreLimits = { maxDocuments: 1000, maxBytes: 32 * 1024 ** 2 };

/** Makes an Apollo Server that sends nothing anywhere, keeps nothing of an answer and masks what is not meant for clients. */
export function createGraphqlServer(options: GraphqlServerOptions): ApolloServer<OperationContext> {
  return new ApolloServer<OperationContext>({
    schema: options.schema,
    introspection: options.introspection,
    validationRules: options.introspection ? [] : [noServiceSdl],
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    csrfPrevention: true,
    parseOptions: { maxLexicalTokens: options.limits.parserMaxTokens },
    validationOptions: { maxErrors: maxValidationErrors },
    documentStore: createDocumentStore(documentStoreLimits),
    formatError: createErrorFormatter(options.report),
    logger: silentLogger,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      createAdmission(options),
      ...options.plugins,
    ],
  });
}

/** Refuses operations before they run: those of nobody, and those that cost too much. */
function createAdmission({ schema, limits }: GraphqlServerOptions): ApolloServerPlugin<OperationContext> {
  const costOf = createOperationCost(schema);
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ contextValue, operation, document, request }) => {
          if (operation === undefined) return Promise.resolve();
          const fragments = fragmentsOf(document);
          assertAnswerable(schema, operation);
          assertAdmitted(contextValue.identification, operation, fragments);
          const variables = assertVariablesFit(schema, operation, request.variables ?? {});
          assertAffordable(costOf({ operation, fragments, variables }), limits.maxCost);
          return Promise.resolve();
        },
      }),
  };
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}

/** Apollo's own log lines may hold what a client sent; faults reach the log through `report`. */
const silentLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  return undefined;
}
