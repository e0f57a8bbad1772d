import { HeaderMap, type ApolloServerPlugin, type GraphQLRequestListener } from '@apollo/server';
import {
  getVariableValues,
  OperationTypeNode,
  type FormattedExecutionResult,
  type OperationDefinitionNode,
} from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import type { OperationPipeline } from '../execution/operation-pipeline.ts';

/** What makes Apollo Server answer on the fast way where there is one (src/execution/fast). */
export interface FastAnswers {
  readonly plugin: ApolloServerPlugin<OperationContext>;
  /** As Apollo Server does it; nothing for answers that are there as bytes, which the context holds from then on. */
  stringifyResult(result: FormattedExecutionResult): string;
}

/** The same plugins, watched for what the fast way would leave out: it resolves no fields, so nobody can be told of them. */
export function createFastAnswers(
  { schema, fast }: Pick<OperationPipeline, 'schema' | 'fast'>,
  plugins: readonly ApolloServerPlugin<OperationContext>[],
): FastAnswers & { readonly watched: readonly ApolloServerPlugin<OperationContext>[] } {
  const watchedRequests = new WeakSet<OperationContext>();
  return {
    watched: plugins.map((plugin) => watch(plugin, watchedRequests)),
    plugin: {
      requestDidStart: () =>
        Promise.resolve({
          responseForOperation: async ({ contextValue: context, document, operation, request }) => {
            if (watchedRequests.has(context) || !isQuery(operation)) return null;
            const { coerced: variables } = getVariableValues(
              schema,
              operation.variableDefinitions ?? [],
              request.variables ?? {},
            );
            if (variables === undefined) return null;
            const bytes = await fast.tryExecute({ document, operation, variables, context });
            if (bytes === null) return null;
            return {
              http: { headers: new HeaderMap() },
              body: { kind: 'single', singleResult: { data: createWrittenData(bytes, context) } },
            };
          },
        }),
    },
    stringifyResult: (result) => {
      const isWhole = result.errors === undefined && result.extensions === undefined;
      if (isWhole && result.data && handOver(result.data)) return '';
      return `${JSON.stringify(result)}\n`;
    },
  };
}

/** Apollo Server asks also where it is open which operation is meant, though its types say otherwise. */
function isQuery(operation: OperationDefinitionNode | undefined): boolean {
  return operation?.operation === OperationTypeNode.QUERY;
}

/** Notices requests of which a plugin wants to know how they are executed. */
function watch(
  plugin: ApolloServerPlugin<OperationContext>,
  watchedRequests: WeakSet<OperationContext>,
): ApolloServerPlugin<OperationContext> {
  return {
    ...plugin,
    requestDidStart: async (request): Promise<GraphQLRequestListener<OperationContext> | undefined> => {
      const listener = await plugin.requestDidStart?.(request);
      if (listener?.executionDidStart !== undefined) watchedRequests.add(request.contextValue);
      return listener ?? undefined;
    },
  };
}

interface WrittenData {
  readonly context: OperationContext;
  /** Null from the moment on which somebody has looked into the data: it may be another by now. */
  bytes: Uint8Array | null;
  parsed: Record<string, unknown> | null;
}

const writtenData = new WeakMap<object, WrittenData>();

/** `data` as plugins know it, which is read from the bytes when the first of them looks. */
function createWrittenData(bytes: Uint8Array, context: OperationContext): Record<string, unknown> {
  const written: WrittenData = { context, bytes, parsed: null };
  const parsed = (): Record<string, unknown> => {
    if (written.parsed === null) {
      const { data } = JSON.parse(new TextDecoder().decode(bytes)) as { data: Record<string, unknown> };
      written.parsed = data;
      written.bytes = null;
    }
    return written.parsed;
  };
  const data = new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_target, key) => Reflect.get(parsed(), key) as unknown,
      set: (_target, key, value) => Reflect.set(parsed(), key, value),
      has: (_target, key) => Reflect.has(parsed(), key),
      deleteProperty: (_target, key) => Reflect.deleteProperty(parsed(), key),
      defineProperty: (_target, key, descriptor) => Reflect.defineProperty(parsed(), key, descriptor),
      ownKeys: () => Reflect.ownKeys(parsed()),
      getOwnPropertyDescriptor: (_target, key) => Reflect.getOwnPropertyDescriptor(parsed(), key),
    },
  );
  writtenData.set(data, written);
  return data;
}

/** Gives the bytes of an answer to its request, if they are still what the data is. */
function handOver(data: object): boolean {
  const written = writtenData.get(data);
  if (!written?.bytes) return false;
  written.context.written.bytes = written.bytes;
  return true;
}
