import {
  HeaderMap,
  type ApolloServerPlugin,
  type GraphQLRequestListener,
  type GraphQLResponse,
} from '@apollo/server';
import { OperationTypeNode, type FormattedExecutionResult } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import type { SentListener } from '../context/written-answer.ts';
import { Cohort } from '../event-loop/cohort.ts';
import type { FastRequest } from '../execution/fast/fast-execution.ts';
import type { OperationPipeline } from '../execution/operation-pipeline.ts';
import { leastKept } from '../memory/reused-memory.ts';

/** What makes Apollo Server answer on the fast way where there is one (src/execution/fast). */
export interface FastAnswers {
  /** The answer to an operation, as a plugin of Apollo Server gives it; null where graphql-js is to make it. */
  answer(request: FastRequest): Promise<GraphQLResponse | null>;
  /** As Apollo Server does it; nothing for answers that are there as bytes, which the context holds from then on. */
  stringifyResult(result: FormattedExecutionResult): string;
}

/** Those that are let in, and are to be executed. */
const operations = new Cohort();

/** The same plugins, watched for what the fast way would leave out: it resolves no fields, so nobody can be told of them. */
export function createFastAnswers(
  { fast }: Pick<OperationPipeline, 'fast'>,
  plugins: readonly ApolloServerPlugin<OperationContext>[],
): FastAnswers & { readonly watched: readonly ApolloServerPlugin<OperationContext>[] } {
  const watchedRequests: WatchedRequests = { heard: new WeakSet(), resolved: new WeakSet() };
  const sent = (bytes: Uint8Array): void => {
    fast.sent(bytes);
  };
  return {
    watched: plugins.map((plugin) => watch(plugin, watchedRequests)),
    answer: async (request) => {
      // Not before: what lets operations in counts those that are in.
      await operations.join();
      const { context, operation } = request;
      if (operation.operation !== OperationTypeNode.QUERY || watchedRequests.resolved.has(context))
        return null;
      const bytes = await fast.tryExecute(request);
      if (bytes === null) return null;
      const written = new WrittenData(context, bytes, watchedRequests.heard.has(context) ? null : sent);
      const data = new Proxy<Record<string, unknown>>({ [behind]: written }, readWhenLookedAt);
      return { http: noHead, body: { kind: 'single', singleResult: { data } } };
    },
    stringifyResult: (result) => {
      const isWhole = result.errors === undefined && result.extensions === undefined;
      if (isWhole && result.data && handOver(result.data)) return '';
      return `${JSON.stringify(result)}\n`;
    },
  };
}

interface WatchedRequests {
  /** Those that a plugin listens to. It may look at the answer whenever it likes. */
  readonly heard: WeakSet<OperationContext>;
  /** Those of which it wants to know how they are executed. */
  readonly resolved: WeakSet<OperationContext>;
}

/** Notices requests that a plugin listens to. */
function watch(
  plugin: ApolloServerPlugin<OperationContext>,
  { heard, resolved }: WatchedRequests,
): ApolloServerPlugin<OperationContext> {
  if (plugin.requestDidStart === undefined) return plugin;
  return {
    ...plugin,
    requestDidStart: async (request): Promise<GraphQLRequestListener<OperationContext> | undefined> => {
      const listener = await plugin.requestDidStart?.(request);
      if (!listener) return undefined;
      heard.add(request.contextValue);
      if (listener.executionDidStart !== undefined) resolved.add(request.contextValue);
      return listener;
    },
  };
}

/** An answer adds nothing to the head of its response. Apollo Server takes from it, and puts nothing into it. */
const noHead: GraphQLResponse['http'] = { headers: new HeaderMap() };

/** What stands behind `data` until somebody looks into it. */
class WrittenData implements SentListener {
  readonly #context: OperationContext;
  /** Takes them back when they were sent; null where somebody may look into the data later. */
  readonly #giveBack: ((bytes: Uint8Array) => void) | null;
  #bytes: Uint8Array | null;
  #parsed: Record<string, unknown> | null = null;

  constructor(context: OperationContext, bytes: Uint8Array, giveBack: ((bytes: Uint8Array) => void) | null) {
    this.#context = context;
    this.#giveBack = giveBack;
    this.#bytes = bytes;
  }

  /** Gives the bytes to the request, if they are still what the data is. */
  handOver(): boolean {
    const bytes = this.#bytes;
    if (bytes === null) return false;
    const { written } = this.#context;
    written.bytes = bytes;
    if (this.#giveBack !== null && bytes.length >= leastKept) written.listener = this;
    return true;
  }

  sent(): void {
    const bytes = this.#bytes;
    const { written } = this.#context;
    this.#bytes = null;
    written.bytes = null;
    written.listener = null;
    if (bytes !== null) this.#giveBack?.(bytes);
  }

  /** The data as an object, which is what counts from then on: it may be changed. */
  parsed(): Record<string, unknown> {
    if (this.#parsed === null) {
      if (this.#bytes === null)
        throw new TypeError('The answer was sent, and its memory is used for others.');
      const { data } = JSON.parse(new TextDecoder().decode(this.#bytes)) as { data: Record<string, unknown> };
      this.#parsed = data;
      this.#bytes = null;
    }
    return this.#parsed;
  }
}

/** By which this module alone asks a `data` for what stands behind it. */
const behind = Symbol('what stands behind data');

/** `data` as plugins know it, which is read from the bytes when the first of them looks. */
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
  return (target[behind] as WrittenData).parsed();
}

/** Whether data was made on the fast way. */
export function isWritten(data: object): boolean {
  return Reflect.get(data, behind) !== undefined;
}

/** Gives the bytes of an answer to its request, if they are still what the data is. */
function handOver(data: object): boolean {
  const written = Reflect.get(data, behind) as WrittenData | undefined;
  return written?.handOver() === true;
}
