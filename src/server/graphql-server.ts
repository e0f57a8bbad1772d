import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginSchemaReportingDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { Kind, type FragmentDefinitionNode, type GraphQLSchema } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import { assertAdmitted } from '../execution/admission.ts';
import { createErrorFormatter } from '../execution/format-error.ts';

/** What the GraphQL part of the server is made of. */
export interface GraphqlServerOptions {
  readonly schema: GraphQLSchema;
  /** Whether clients may ask for the schema, and are given names from it in error texts. */
  readonly introspection: boolean;
  /** Is told of every fault of this service itself. */
  readonly report: (error: unknown) => void;
  readonly plugins: readonly ApolloServerPlugin<OperationContext>[];
}

/** Makes an Apollo Server that sends nothing anywhere, keeps nothing of an answer and masks what is not meant for clients. */
export function createGraphqlServer(options: GraphqlServerOptions): ApolloServer<OperationContext> {
  return new ApolloServer<OperationContext>({
    schema: options.schema,
    introspection: options.introspection,
    hideSchemaDetailsFromClientErrors: !options.introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    csrfPrevention: true,
    formatError: createErrorFormatter(options.report),
    logger: silentLogger,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      admission,
      ...options.plugins,
    ],
  });
}

const admission: ApolloServerPlugin<OperationContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ contextValue, operation, document }) => {
        if (operation === undefined) return Promise.resolve();
        const fragments = new Map<string, FragmentDefinitionNode>();
        for (const definition of document.definitions) {
          if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
        }
        assertAdmitted(contextValue.identification, operation, fragments);
        return Promise.resolve();
      },
    }),
};

/** Apollo's own log lines may hold what a client sent; faults reach the log through `report`. */
const silentLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  return undefined;
}
