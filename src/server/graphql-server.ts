import { ApolloServer, type ApolloServerPlugin, type HeaderMap } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginSchemaReportingDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import { toJobApiError } from '../domain/errors.ts';
import { assertAnsweredOnce } from '../execution/admission.ts';
import { refusalHeaders, toRefusal } from '../execution/format-error.ts';
import type { OperationPipeline } from '../execution/operation-pipeline.ts';
import type { Admission } from './admission/admission.ts';
import { createFastAnswers } from './fast-answers.ts';
import { fingerprintOf } from './identification.ts';

/** What the GraphQL part of the server is made of. */
export interface GraphqlServerOptions {
  readonly pipeline: OperationPipeline;
  /** Left out where as much may run as is asked for. */
  readonly admission?: Admission | undefined;
  readonly plugins: readonly ApolloServerPlugin<OperationContext>[];
}

/** Makes an Apollo Server that sends nothing anywhere, keeps nothing of an answer and masks what is not meant for clients. */
export function createGraphqlServer({
  pipeline,
  admission,
  plugins,
}: GraphqlServerOptions): ApolloServer<OperationContext> {
  const fastAnswers = createFastAnswers(pipeline, plugins);
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
    stringifyResult: (result) => fastAnswers.stringifyResult(result),
    logger: silentLogger,
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      createGuard(pipeline, admission),
      tellOutcome,
      ...fastAnswers.watched,
      fastAnswers.plugin,
    ],
  });
}

/** Lets an operation in when it is valid and known, and gives its place back when its answer is there. */
function createGuard(
  pipeline: OperationPipeline,
  admission: Admission | undefined,
): ApolloServerPlugin<OperationContext> {
  return {
    requestDidStart: () => {
      let leave: (() => void) | undefined;
      return Promise.resolve({
        didResolveOperation: async ({ contextValue, operation, document, request, response }) => {
          if (operation === undefined) return;
          const { identification, signal } = contextValue;
          try {
            assertAnsweredOnce(operation);
            const given = request.variables ?? {};
            const variables = pipeline.admit({ document, operation, variables: given, identification });
            const operationClass = pipeline.classOf({ document, operation, variables });
            leave = await admission?.enter({
              fingerprint: fingerprintOf(identification),
              operationClass,
              signal,
            });
          } catch (thrown) {
            throw toRefusalWithHeaders(thrown, response.http.headers);
          }
          if (leave !== undefined) signal.addEventListener('abort', leave, { once: true });
        },
        willSendResponse: () => {
          leave?.();
          return Promise.resolve();
        },
      });
    },
  };
}

function toRefusalWithHeaders(thrown: unknown, headers: HeaderMap): GraphQLError {
  const refusal = thrown instanceof GraphQLError ? thrown : toRefusal(toJobApiError(thrown));
  for (const [name, value] of Object.entries(refusalHeaders(toJobApiError(refusal.originalError)))) {
    headers.set(name, value);
  }
  return refusal;
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
