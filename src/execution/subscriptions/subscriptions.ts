import { GraphQLError, print } from 'graphql';
import type { OperationContext } from '../../context/operation-context.ts';
import type { Caller } from '../../domain/caller.ts';
import { toJobApiError } from '../../domain/errors.ts';
import type { LiveObserver } from '../../live/live-observer.ts';
import { toRefusal } from '../format-error.ts';
import type { OperationPipeline, PreparedOperation } from '../operation-pipeline.ts';
import { RefusedOperation } from '../refused-operation.ts';
import type { Frame, Frames } from './frame.ts';
import { SharedStream } from './shared-stream.ts';
import { createSubscriptionCount, type SubscriptionLimits } from './subscription-limits.ts';
import { SubscriptionSource, type ExecuteEvent } from './subscription-source.ts';

/** Who gets the messages of a subscription, and what it is. */
export interface SubscriptionRequest {
  readonly prepared: PreparedOperation;
  readonly caller: Caller;
  readonly transport: 'websocket' | 'sse' | 'multipart';
}

/** Subscriptions that are open. */
export interface Subscriptions {
  /** Opens one more. Throws `RefusedOperation` where there is no room for it. */
  open(request: SubscriptionRequest): Frames;
  /** How many are open. */
  readonly opened: number;
  /** How many of them are run: equal ones of one caller are run once. */
  readonly run: number;
}

/** What subscriptions work with. */
export interface SubscriptionsOptions {
  readonly pipeline: OperationPipeline;
  readonly limits: SubscriptionLimits;
  readonly createContext: (caller: Caller) => OperationContext;
  /** Lets others have their turn. */
  readonly pause: () => Promise<void>;
  readonly observer: LiveObserver;
  /** graphql-js where left out. */
  readonly executeEvent?: ExecuteEvent;
}

/** Nothing is open yet. */
export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { pipeline, observer } = options;
  const count = createSubscriptionCount(options.limits);
  const streams = new Map<string, SharedStream>();

  function enter(identity: string): () => void {
    try {
      return count.enter(identity);
    } catch (thrown) {
      observer.subscriptionRejected('limit');
      const error = toRefusal(toJobApiError(thrown));
      throw new RefusedOperation([pipeline.formatError(error.toJSON(), error)]);
    }
  }

  function startStream({ prepared, caller }: SubscriptionRequest, key: string): SharedStream {
    const createContext = (): OperationContext => options.createContext(caller);
    const { executeEvent, pause } = options;
    const stream: SharedStream = new SharedStream({
      source: new SubscriptionSource(prepared, { pipeline, createContext, executeEvent }),
      pause,
      onOver: () => {
        if (streams.get(key) === stream) streams.delete(key);
      },
      onPublished: (members) => {
        observer.published(members);
      },
      onFault: (thrown) => toLastFrame(pipeline, thrown),
    });
    streams.set(key, stream);
    return stream;
  }

  return {
    open: (request) => {
      const { caller, transport } = request;
      const leave = enter(caller.fingerprint);
      const key = keyOf(request);
      const stream = streams.get(key) ?? startStream(request, key);
      observer.subscriptionOpened(transport);
      return stream.join((reason) => {
        leave();
        observer.subscriptionEnded(transport, reason);
      });
    },
    get opened() {
      return count.opened;
    },
    get run() {
      return streams.size;
    },
  };
}

/** Equal exactly where the same caller gets the same for the same text with the same values. */
function keyOf({ prepared: { document, operation, givenVariables }, caller }: SubscriptionRequest): string {
  const text = document.loc?.source.body ?? print(document);
  return JSON.stringify([caller.fingerprint, operation.name?.value ?? null, text, givenVariables]);
}

function toLastFrame(pipeline: OperationPipeline, thrown: unknown): Frame {
  const original = thrown instanceof Error ? thrown : new Error(String(thrown));
  const error = new GraphQLError(original.message, { originalError: original });
  const payload = { errors: [pipeline.formatError(error.toJSON(), error)] };
  return { payload, text: JSON.stringify(payload), isLast: true, isKnown: false };
}
