import {
  HeaderMap,
  type ApolloServerPlugin,
  type GraphQLRequestListener,
  type GraphQLResponse,
} from '@apollo/server';
import { OperationTypeNode, type FormattedExecutionResult } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import type { FastRequest } from '../execution/fast/fast-execution.ts';
import type { OperationPipeline } from '../execution/operation-pipeline.ts';

/** What makes Apollo Server answer on the fast way where there is one (src/execution/fast). */
export interface FastAnswers {
  /** The answer to an operation, as a plugin of Apollo Server gives it; null where graphql-js is to make it. */
  answer(request: FastRequest): Promise<GraphQLResponse | null>;
  /** As Apollo Server does it; nothing for answers that are there as bytes, which the context holds from then on. */
  stringifyResult(result: FormattedExecutionResult): string;
}

/** The same plugins, watched for what the fast way would leave out: it resolves no fields, so nobody can be told of them. */
export function createFastAnswers(
  { fast }: Pick<OperationPipeline, 'fast'>,
  plugins: readonly ApolloServerPlugin<OperationContext>[],
): FastAnswers & { readonly watched: readonly ApolloServerPlugin<OperationContext>[] } {
  const watchedRequests = new WeakSet<OperationContext>();
  return {
    watched: plugins.map((plugin) => watch(plugin, watchedRequests)),
    answer: async (request) => {
      const { context, operation } = request;
      if (operation.operation !== OperationTypeNode.QUERY || watchedRequests.has(context)) return null;
      const bytes = await fast.tryExecute(request);
      if (bytes === null) return null;
      return {
        http: { headers: new HeaderMap() },
        body: { kind: 'single', singleResult: { data: createWrittenData(bytes, context) } },
      };
    },
    stringifyResult: (result) => {
      const isWhole = result.errors === undefined && result.extensions === undefined;
      if (isWhole && result.data && handOver(result.data)) return '';
      return `${JSON.stringify(result)}\n`;
    },
  };
}

/** Notices requests of which a plugin wants to know how they are executed. */
function watch(
  plugin: ApolloServerPlugin<OperationContext>,
  watchedRequests: WeakSet<OperationContext>,
): ApolloServerPlugin<OperationContext> {
  if (plugin.requestDidStart === undefined) return plugin;
  return {
    ...plugin,
    requestDidStart: async (request): Promise<GraphQLRequestListener<OperationContext> | undefined> => {
      const listener = await plugin.requestDidStart?.(request);
      if (listener?.executionDidStart !== undefined) watchedRequests.add(request.contextValue);
      return listener ?? undefined;
    },
  };
}

/** What stands behind `data` until somebody looks into it. */
interface WrittenData {
  readonly context: OperationContext;
  /** Null from the moment on which somebody has looked into the data: it may be another by now. */
  bytes: Uint8Array | null;
  parsed: Record<string, unknown> | null;
}

/** By which this module alone asks a `data` for what stands behind it. */
const behind = Symbol('what stands behind data');

/** `data` as plugins know it, which is read from the bytes when the first of them looks. */
function createWrittenData(bytes: Uint8Array, context: OperationContext): Record<string, unknown> {
  const written: WrittenData = { context, bytes, parsed: null };
  return new Proxy<Record<string, unknown>>({ [behind]: written }, readWhenLookedAt);
}

const readWhenLookedAt: ProxyHandler<Record<PropertyKey, unknown>> = {
  get: (target, key) => (key === behind ? target[behind] : (Reflect.get(parsed(target), key) as unknown)),
  set: (target, key, value) => Reflect.set(parsed(target), key, value),
  has: (target, key) => Reflect.has(parsed(target), key),
  deleteProperty: (target, key) => Reflect.deleteProperty(parsed(target), key),
  defineProperty: (target, key, descriptor) => Reflect.defineProperty(parsed(target), key, descriptor),
  ownKeys: (target) => Reflect.ownKeys(parsed(target)),
  getOwnPropertyDescriptor: (target, key) => Reflect.getOwnPropertyDescriptor(parsed(target), key),
};

function parsed(target: Readonly<Record<PropertyKey, unknown>>): Record<string, unknown> {
  const written = target[behind] as WrittenData;
  if (written.parsed === null) {
    const { data } = JSON.parse(new TextDecoder().decode(written.bytes ?? undefined)) as {
      data: Record<string, unknown>;
    };
    written.parsed = data;
    written.bytes = null;
  }
  return written.parsed;
}

/** Gives the bytes of an answer to its request, if they are still what the data is. */
function handOver(data: object): boolean {
  const written = Reflect.get(data, behind) as WrittenData | undefined;
  if (!written?.bytes) return false;
  written.context.written.bytes = written.bytes;
  return true;
}
