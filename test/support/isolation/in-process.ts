import { execute, type GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Identification, OperationContext } from '../../../src/context/operation-context.ts';
import { toJobApiError } from '../../../src/domain/errors.ts';
import { createLookAhead } from '../../../src/execution/look-ahead.ts';
import {
  createOperationPipeline,
  type OperationPipeline,
} from '../../../src/execution/operation-pipeline.ts';
import { RefusedOperation } from '../../../src/execution/refused-operation.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { createGraphqlServer } from '../../../src/server/graphql-server.ts';
import type { JobApi } from '../../../src/upstream/job-api.ts';
import { createTestLiveJobs } from '../live/test-live-jobs.ts';
import { headersOf } from './personas.ts';
import type { OpenWay } from './open-world.ts';
import { createPartsJobApi, createServiceParts, type ServiceParts, type Spoil } from './service-parts.ts';
import type { IsolationRequest } from './way-in.ts';

const schema = createExecutableSchema({ node: true });

interface Running {
  readonly pipeline: OperationPipeline;
  readonly contextOf: (request: IsolationRequest) => OperationContext;
  readonly output: () => string;
}

function run(parts: ServiceParts, jobApi: JobApi): Running {
  let written: string[] = [];
  const report = (error: unknown): void => {
    written.push(error instanceof Error ? `${error.stack ?? ''} ${String(error.cause)}` : String(error));
  };
  const options = {
    jobApi,
    liveJobs: createTestLiveJobs(jobApi).liveJobs,
    maxParallelReads: 8,
    lookAhead: createLookAhead(schema),
    jobWebUrl: null,
    report,
  };
  return {
    pipeline: createOperationPipeline({
      schema,
      introspection: true,
      limits: { maxDocumentBytes: 65_536, parserMaxTokens: 1000, maxCost: 50_000 },
      report,
    }),
    contextOf: (request) =>
      parts.context(options, {
        identification: identify(parts, request),
        signal: request.signal,
        document: request.document,
      }),
    output: () => {
      const text = written.join('\n');
      written = [];
      return text;
    },
  };
}

function identify(parts: ServiceParts, { persona, signIn }: IsolationRequest): Identification {
  try {
    return parts.identity.identify({ rawHeaders: Object.entries(headersOf(persona, signIn)).flat() });
  } catch (thrown) {
    return toJobApiError(thrown);
  }
}

/** By Apollo Server, as HTTP goes. */
export function byApolloServer(spoil: Spoil = (parts) => parts): OpenWay {
  return async (calls, now) => {
    const parts = spoil(createServiceParts());
    const { pipeline, contextOf, output } = run(parts, createPartsJobApi(parts, calls, now));
    const server = createGraphqlServer({ pipeline, plugins: [] });
    await server.start();
    return {
      inTransit: false,
      output,
      ask: (request) =>
        parts.around(request, async () => {
          const { document: query, variables } = request;
          const contextValue = contextOf(request);
          const { body, http } = await server.executeOperation({ query, variables }, { contextValue });
          const written = Buffer.from(contextValue.written.bytes ?? []).toString();
          return JSON.stringify([http.status, [...http.headers], body]) + written;
        }),
      [Symbol.asyncDispose]: () => server.stop(),
    };
  };
}

/** By the pipeline alone, as sockets and streams go. */
export function byPipeline(spoil: Spoil = (parts) => parts): OpenWay {
  return (calls, now) => {
    const parts = spoil(createServiceParts());
    const { pipeline, contextOf, output } = run(parts, createPartsJobApi(parts, calls, now));
    return Promise.resolve({
      inTransit: false,
      output,
      ask: (request) => parts.around(request, () => answerOf(pipeline, request, contextOf(request))),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  };
}

async function answerOf(
  pipeline: OperationPipeline,
  { document: query, variables }: IsolationRequest,
  contextValue: OperationContext,
): Promise<string> {
  const format = (error: GraphQLError): GraphQLFormattedError => pipeline.formatError(error.toJSON(), error);
  try {
    const { document, givenVariables: variableValues } = await pipeline.prepare(
      { query, variables },
      contextValue.identification,
    );
    const { data, errors } = await execute({ schema, document, contextValue, variableValues });
    return JSON.stringify({ data, errors: errors?.map(format) });
  } catch (thrown) {
    if (thrown instanceof RefusedOperation) return JSON.stringify({ errors: thrown.errors });
    throw thrown;
  }
}
