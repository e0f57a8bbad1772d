import { ApolloServer, type ApolloServerPlugin, type HeaderMap } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginSchemaReportingDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import { toJobApiError } from '../domain/errors.ts';
import { assertAnsweredOnce } from '../execution/admission.ts';
import type { FastRequest } from '../execution/fast/fast-execution.ts';
import { refusalHeaders, toRefusal } from '../execution/format-error.ts';
import type { OperationPipeline } from '../execution/operation-pipeline.ts';
import type { Admission } from './admission/admission.ts';
import { createFastAnswers, type FastAnswers } from './fast-answers.ts';
import { fingerprintOf } from './identification.ts';
import { listeningPlugins } from './listening-plugins.ts';

/** What the GraphQL part of the server is made of. */
export interface GraphqlServerOptions {
  readonly pipeline: OperationPipeline;
  /** Left out where as much may run as is asked for. */
  readonly admission?: Admission | undefined;
  readonly plugins: readonly ApolloServerPlugin<OperationContext>[];
  /** Those that look at errors alone: what data they are told of may be gone when it was sent. */
  readonly pluginsForErrors?: readonly ApolloServerPlugin<OperationContext>[];
}

/** Makes an Apollo Server that sends nothing anywhere, keeps nothing of an answer and masks what is not meant for clients. */
export function createGraphqlServer({
  pipeline,
  admission,
  plugins,
  pluginsForErrors = [],
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
    plugins: listeningPlugins([
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ...pluginsForErrors,
      ...fastAnswers.watched,
      createOperationPlugin({ pipeline, admission, fastAnswers }),
    ]),
  });
}

interface OperationParts extends Pick<GraphqlServerOptions, 'pipeline' | 'admission'> {
  readonly fastAnswers: Pick<FastAnswers, 'answer'>;
}

/**
 * What is done with every operation, in one plugin, since each costs every request some turns of the queue: lets it in
 * when it is valid and known, has it answered the fast way where there is one, gives its place back when its answer is
 * there, and tells what became of it.
 */
function createOperationPlugin({
  pipeline,
  admission,
  fastAnswers,
}: OperationParts): ApolloServerPlugin<OperationContext> {
  return {
    requestDidStart: () => {
      let variables: FastRequest['variables'] = {};
      let leave: (() => void) | undefined;
      return Promise.resolve({
        didResolveOperation: async ({ contextValue, operation, document, request, response }) => {
          if (operation === undefined) return;
          const { identification, signal } = contextValue;
          try {
            assertAnsweredOnce(operation);
            const given = request.variables ?? {};
            variables = pipeline.admit({ document, operation, variables: given, identification });
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
        responseForOperation: ({ contextValue: context, document, operation }) =>
          isResolved(operation)
            ? fastAnswers.answer({ document, operation, variables, context })
            : Promise.resolve(null),
        willSendResponse: ({ contextValue, operation, operationName, response: { body } }) => {
          leave?.();
          contextValue.trace?.answered({
            kind: operation?.operation ?? null,
            name: operationName ?? null,
            errors: (body.kind === 'single' ? body.singleResult.errors : undefined) ?? [],
          });
          return Promise.resolve();
        },
      });
    },
  };
}

/** Apollo Server asks also where it is open which operation is meant, though its types say otherwise. */
function isResolved(operation: OperationDefinitionNode | undefined): operation is OperationDefinitionNode {
  return operation !== undefined;
}

function toRefusalWithHeaders(thrown: unknown, headers: HeaderMap): GraphQLError {
  const refusal = thrown instanceof GraphQLError ? thrown : toRefusal(toJobApiError(thrown));
  for (const [name, value] of Object.entries(refusalHeaders(toJobApiError(refusal.originalError)))) {
    headers.set(name, value);
  }
  return refusal;
}

/** Apollo's own log lines may hold what a client sent; faults reach the log through `report`. */
const silentLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  return undefined;
}
