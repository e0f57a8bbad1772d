import { hash } from 'node:crypto';
import { GraphQLError, print } from 'graphql';
import type { OperationContext } from '../../context/operation-context.ts';
import type { Caller } from '../../domain/caller.ts';
import { JobApiError } from '../../domain/errors.ts';
import type { LiveObserver } from '../../live/live-observer.ts';
import type { OperationPipeline, PreparedOperation } from '../operation-pipeline.ts';
import { assertFollows } from './assert-follows.ts';
import { toFrame, type Frame, type Frames } from './frame.ts';
import { SharedStream } from './shared-stream.ts';
import { createSubscriptionCount, type AskedStream, type SubscriptionLimits } from './subscription-limits.ts';
import { StreamMemory } from './stream-memory.ts';
import { SubscriptionSource } from './subscription-source.ts';

/** Who gets the messages of a subscription, and what it is. */
export interface SubscriptionRequest {
  readonly prepared: PreparedOperation;
  readonly caller: Caller;
  readonly transport: 'websocket' | 'sse' | 'multipart';
  /** Bytes of the name that its client has given to it, which is kept with it; left out where it has none. */
  readonly nameBytes?: number;
  /** Is called, more than once perhaps, when nothing is to be done for it but to wait for what comes. */
  readonly onStarted: () => void;
}

/** Subscriptions that are open. */
export interface Subscriptions {
  /** Opens one more. Throws RATE_LIMITED where there is no room for it, BAD_USER_INPUT where it follows nothing. */
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
}

/** Nothing is open yet. */
export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { pipeline, observer } = options;
  const count = createSubscriptionCount(options.limits);
  const memory = new StreamMemory(options.limits.maxHeldBytes);
  observer.memoryOpened(() => memory.taken);
  const streams = new Map<string, SharedStream>();

  function enter(asked: AskedStream): () => void {
    try {
      return count.enter(asked);
    } catch (thrown) {
      observer.subscriptionRejected('limit');
      throw thrown;
    }
  }

  function startStream(request: SubscriptionRequest, key: string): SharedStream {
    const stream: SharedStream = createStream({ ...options, memory }, request, () => {
      if (streams.get(key) === stream) streams.delete(key);
    });
    streams.set(key, stream);
    return stream;
  }

  return {
    open: (request) => {
      const { prepared, caller, transport, nameBytes = 0 } = request;
      assertFollows(pipeline.schema, prepared);
      const asked = askedBy(request);
      const leave = enter({
        account: caller.account,
        bytes: Buffer.byteLength(asked) + nameBytes,
        document: prepared.document,
      });
      const key = hash('sha256', asked, 'base64url');
      const running = streams.get(key);
      // It is run already: one more who gets the messages costs hardly anything.
      if (running !== undefined) request.onStarted();
      const stream = running ?? startStream(request, key);
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

function createStream(
  options: SubscriptionsOptions & { readonly memory: StreamMemory },
  { prepared, caller, onStarted }: SubscriptionRequest,
  onOver: () => void,
): SharedStream {
  const { pipeline, observer, pause, createContext, memory } = options;
  return new SharedStream({
    source: new SubscriptionSource(prepared, {
      pipeline,
      createContext: () => createContext(caller),
      kept: memory.begin(caller.account),
    }),
    pause,
    onOver: () => {
      onOver();
      onStarted();
    },
    onPublished: (members) => {
      observer.published(members);
      onStarted();
    },
    onFault: (thrown) => {
      if (thrown instanceof JobApiError && thrown.code === 'RATE_LIMITED')
        observer.subscriptionRejected('memory');
      return toLastFrame(pipeline, thrown);
    },
  });
}

/**
 * Equal exactly where the same caller gets the same for the same text with the same values. A stream is known by a digest
 * of it, which is no longer for long ones.
 */
function askedBy({ prepared: { document, operation, givenVariables }, caller }: SubscriptionRequest): string {
  const text = document.loc?.source.body ?? print(document);
  return JSON.stringify([caller.fingerprint, operation.name?.value ?? null, text, givenVariables]);
}

function toLastFrame(pipeline: OperationPipeline, thrown: unknown): Frame {
  const original = thrown instanceof Error ? thrown : new Error(String(thrown));
  const error = new GraphQLError(original.message, { originalError: original });
  return toFrame({ errors: [pipeline.formatError(error.toJSON(), error)] }, { isLast: true, isKnown: false });
}
