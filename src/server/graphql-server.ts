import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginSchemaReportingDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import type { OperationContext } from '../context/operation-context.ts';
import { assertAnsweredOnce } from '../execution/admission.ts';
import type { OperationPipeline } from '../execution/operation-pipeline.ts';

/** What the GraphQL part of the server is made of. */
export interface GraphqlServerOptions {
  readonly pipeline: OperationPipeline;
  readonly plugins: readonly ApolloServerPlugin<OperationContext>[];
}

/** Makes an Apollo Server that sends nothing anywhere, keeps nothing of an answer and masks what is not meant for clients. */
export function createGraphqlServer({
  pipeline,
  plugins,
}: GraphqlServerOptions): ApolloServer<OperationContext> {
  return new ApolloServer<OperationContext>({
    schema: pipeline.schema,
    // Whether it is answered is for the pipeline's own rules to say.
    introspection: true,
    validationRules: [...pipeline.validationRules],
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    csrfPrevention: true,
    parseOptions: pipeline.parseOptions,
    validationOptions: pipeline.validationOptions,
    documentStore: pipeline.documentStore,
    formatError: (formatted, error) => pipeline.formatError(formatted, error),
    logger: silentLogger,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      createAdmission(pipeline),
      tellOutcome,
      ...plugins,
    ],
  });
}

function createAdmission(pipeline: OperationPipeline): ApolloServerPlugin<OperationContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ contextValue, operation, document, request }) => {
          if (operation !== undefined) {
            assertAnsweredOnce(operation);
            const { identification } = contextValue;
            pipeline.admit({ document, operation, variables: request.variables ?? {}, identification });
          }
          return Promise.resolve();
        },
      }),
  };
}

const tellOutcome: ApolloServerPlugin<OperationContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ contextValue, operation, operationName, response: { body } }) => {
        contextValue.trace?.answered({
          kind: operation?.operation ?? null,
          name: operationName ?? null,
          errors: (body.kind === 'single' ? body.singleResult.errors : undefined) ?? [],
        });
        return Promise.resolve();
      },
    }),
};

/** Apollo's own log lines may hold what a client sent; faults reach the log through `report`. */
const silentLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  return undefined;
}
