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
import { headersOf } from './personas.ts';
import type { OpenWay } from './open-world.ts';
import { createPartsJobApi, createServiceParts, type ServiceParts, type Spoil } from './service-parts.ts';
import { createToldAgain } from './told-again.ts';
import type { IsolationRequest, WayIn } from './way-in.ts';

/** How operations are executed: by both ways where the service covers them, or by graphql-js alone. */
export type Execution = 'the fast way' | 'graphql-js';

const schema = createExecutableSchema({ node: true, subscription: true });

/** A service without a server. */
export interface Running extends Omit<WayIn, 'inTransit' | 'ask' | typeof Symbol.asyncDispose> {
  readonly pipeline: OperationPipeline;
  readonly contextOf: (
    request: Pick<IsolationRequest, 'document' | 'signal'>,
    identification: Identification,
  ) => OperationContext;
}

/** Composes a service of these parts. */
export function runParts(
  parts: ServiceParts,
  [calls, now]: Parameters<OpenWay>,
  execution: Execution,
): Running {
  let written: string[] = [];
  let answeredFast = 0;
  const report = (error: unknown): void => {
    written.push(error instanceof Error ? `${error.stack ?? ''} ${String(error.cause)}` : String(error));
  };
  const { observer, ...toldAgain } = createToldAgain(parts.cache, now);
  const jobApi = createPartsJobApi(parts, { calls, now, observer });
  const liveJobs = parts.liveJobs(jobApi);
  const options = {
    jobApi,
    liveJobs,
    maxParallelReads: 8,
    lookAhead: createLookAhead(schema),
    jobWebUrl: null,
    report,
  };
  const pipeline = createOperationPipeline({
    schema,
    introspection: true,
    limits: { maxDocumentBytes: 65_536, parserMaxTokens: 1000, maxCost: 50_000 },
    observer: {
      documentLookedUp: () => undefined,
      fastPathTaken: () => (answeredFast += 1),
      fastPathLeft: () => undefined,
    },
    report,
  });
  return {
    pipeline: execution === 'the fast way' ? pipeline : { ...pipeline, fast: nothingFast },
    contextOf: ({ signal, document }, identification) =>
      parts.context(options, { identification, signal, document }),
    answeredFast: () => answeredFast,
    ...toldAgain,
    isQuiet: () => liveJobs.readers === 0,
    output: () => {
      const text = written.join('\n');
      written = [];
      return text;
    },
  };
}

const nothingFast: OperationPipeline['fast'] = {
  tryExecute: () => Promise.resolve(null),
  sent: () => undefined,
};

/** Who asks, as the service finds out. */
export function identify(parts: ServiceParts, { persona, signIn }: IsolationRequest): Identification {
  try {
    return parts.identity.identify({ rawHeaders: Object.entries(headersOf(persona, signIn)).flat() });
  } catch (thrown) {
    return toJobApiError(thrown);
  }
}

/** By Apollo Server, as HTTP goes. */
export function byApolloServer(execution: Execution, spoil: Spoil = (parts) => parts): OpenWay {
  return async (...world) => {
    const parts = spoil(createServiceParts());
    const running = runParts(parts, world, execution);
    const server = createGraphqlServer({ pipeline: running.pipeline, plugins: [] });
    await server.start();
    return {
      ...running,
      inTransit: false,
      ask: (request) =>
        parts.around(request, async () => {
          const { document: query, variables } = request;
          const contextValue = running.contextOf(request, identify(parts, request));
          const { body, http } = await server.executeOperation({ query, variables }, { contextValue });
          const written = Buffer.from(contextValue.written.bytes ?? []).toString();
          return JSON.stringify([http.status, [...http.headers], body]) + written;
        }),
      [Symbol.asyncDispose]: () => server.stop(),
    };
  };
}

/** By the pipeline alone, as sockets and streams go. */
export function byPipeline(execution: Execution, spoil: Spoil = (parts) => parts): OpenWay {
  return (...world) => {
    const parts = spoil(createServiceParts());
    const running = runParts(parts, world, execution);
    return Promise.resolve({
      ...running,
      inTransit: false,
      ask: (request) =>
        parts.around(request, () =>
          answerOf(running.pipeline, request, running.contextOf(request, identify(parts, request))),
        ),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  };
}

async function answerOf(
  pipeline: OperationPipeline,
  { document: query, variables: given }: IsolationRequest,
  context: OperationContext,
): Promise<string> {
  const format = (error: GraphQLError): GraphQLFormattedError => pipeline.formatError(error.toJSON(), error);
  try {
    const prepared = await pipeline.prepare({ query, variables: given }, context.identification);
    const { document, operation, variables, givenVariables: variableValues } = prepared;
    const bytes = await pipeline.fast.tryExecute({ document, operation, variables, context });
    if (bytes !== null) return Buffer.from(bytes).toString();
    const { data, errors } = await execute({ schema, document, contextValue: context, variableValues });
    return JSON.stringify({ data, errors: errors?.map(format) });
  } catch (thrown) {
    if (thrown instanceof RefusedOperation) return JSON.stringify({ errors: thrown.errors });
    throw thrown;
  }
}
