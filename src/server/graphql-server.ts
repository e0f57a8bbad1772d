import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginSchemaReportingDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import type { OperationContext } from '../context/operation-context.ts';
import type { OperationPipeline } from '../execution/operation-pipeline.ts';
import type { Admission } from './admission/admission.ts';
import { createFastAnswers } from './fast-answers.ts';
import { listeningPlugins } from './listening-plugins.ts';
import { LongAnswers } from './long-answers.ts';
import { OperationListener } from './operation-listener.ts';
import type { PlacesOfErrors } from './places-of-errors.ts';
import type { UntakenAnswers } from './untaken-answers.ts';

/** What the GraphQL part of the server is made of. */
export interface GraphqlServerOptions {
  readonly pipeline: OperationPipeline;
  /** Left out where as much may run as is asked for. */
  readonly admission?: Admission | undefined;
  readonly plugins: readonly ApolloServerPlugin<OperationContext>[];
  /** Left out where no document is rewritten. */
  readonly places?: Pick<PlacesOfErrors, 'moved'> | undefined;
  /** Left out where as much may wait for a caller as is asked for. */
  readonly untaken?: Pick<UntakenAnswers, 'assertNotBehind'> | undefined;
}

/** Makes an Apollo Server that sends nothing anywhere, keeps nothing of an answer and masks what is not meant for clients. */
export function createGraphqlServer({
  pipeline,
  admission,
  plugins,
  places,
  untaken,
}: GraphqlServerOptions): ApolloServer<OperationContext> {
  const fastAnswers = createFastAnswers(pipeline, plugins);
  const longAnswers = new LongAnswers();
  const parts = { pipeline, admission, fastAnswers, longAnswers, places, untaken };
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
    stringifyResult: (result) => longAnswers.stringifyResult(result) ?? fastAnswers.stringifyResult(result),
    logger: silentLogger,
    plugins: listeningPlugins([
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ...fastAnswers.watched,
      { requestDidStart: () => Promise.resolve(new OperationListener(parts)) },
    ]),
  });
}

/** Apollo's own log lines may hold what a client sent; faults reach the log through `report`. */
const silentLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  return undefined;
}
