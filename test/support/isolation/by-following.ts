import { RefusedOperation } from '../../../src/execution/refused-operation.ts';
import type { Frames } from '../../../src/execution/subscriptions/frame.ts';
import { identify, runParts } from './in-process.ts';
import { asFollowing } from './operations.ts';
import type { OpenWay } from './open-world.ts';
import { createServiceParts, type Spoil } from './service-parts.ts';

/**
 * By the pipeline, following: what is asked of a job is followed instead, and the first message is the answer. Followers
 * of one moment share readers and runs where they may.
 */
export function byFollowing(spoil: Spoil = (parts) => parts): OpenWay {
  return (...world) => {
    const parts = spoil(createServiceParts());
    const running = runParts(parts, world, 'the fast way');
    const { pipeline, contextOf } = running;
    const subscriptions = parts.subscriptions({
      pipeline,
      limits: { maxOpened: 1000, maxPerIdentity: 1000, maxAskedBytes: 2 ** 30, maxHeldBytes: 2 ** 30 },
      createContext: (caller) => contextOf({ document: '', signal: new AbortController().signal }, caller),
      pause: () => Promise.resolve(),
      observer: unobserved,
    });
    return Promise.resolve({
      ...running,
      // Who comes later is told what others have been told already.
      inTransit: true,
      ask: (request) =>
        parts.around(request, async () => {
          const caller = identify(parts, request);
          if (caller === null || caller instanceof Error) throw new TypeError('Nobody asks.');
          const { document: query, variables } = asFollowing(request);
          try {
            const prepared = await pipeline.prepare({ query, variables }, caller);
            const asked = { prepared, caller, transport: 'sse', onStarted: () => undefined } as const;
            return await firstOf(subscriptions.open(asked), request.signal);
          } catch (thrown) {
            if (thrown instanceof RefusedOperation) return JSON.stringify({ errors: thrown.errors });
            throw thrown;
          }
        }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  };
}

const unobserved = {
  readerStarted: () => undefined,
  readerStopped: () => undefined,
  memoryOpened: () => undefined,
  published: () => undefined,
  subscriptionOpened: () => undefined,
  subscriptionEnded: () => undefined,
  subscriptionRejected: () => undefined,
};

async function firstOf(frames: Frames, signal: AbortSignal): Promise<string> {
  const leave = (): void => void frames.return?.();
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  const { value } = await frames.next();
  signal.removeEventListener('abort', leave);
  leave();
  signal.throwIfAborted();
  if (value === undefined) throw new TypeError('A stream ended without a message.');
  return Buffer.from(value.bytes).toString();
}
