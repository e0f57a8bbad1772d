import type { Dispatcher } from 'undici';
import { expect, it } from 'vitest';
import { ReusedMemory } from '../../../src/memory/reused-memory.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import { Exchange, type ReceivedResponse } from '../../../src/upstream/exchange.ts';
import { ReadBuffers } from '../../../src/upstream/read-buffers.ts';
import { SentIds } from '../../../src/upstream/sent-ids.ts';

const controller = {} as Dispatcher.DispatchController;

it('an answer in several pieces counts until its memory is released, once', () => {
  const inflight = { taken: 0, max: 1_000_000 };
  const responses: ReceivedResponse[] = [];
  const exchange = new Exchange(
    {
      maxResponseBytes: 1_000_000,
      inflight,
      bodies: new ReusedMemory(0),
      reads: new ReadBuffers(4),
      sentIds: new SentIds(),
    },
    { timeoutMs: 60_000, cancellation: new Cancellation(), requestId: 'request-1' },
    {
      answered: (answered) => {
        responses.push(answered);
      },
      failed: (error) => {
        throw error;
      },
    },
  );
  exchange.onResponseStart(controller, 200, { 'content-length': '20' });
  exchange.onResponseData(controller, Buffer.alloc(10));
  exchange.onResponseData(controller, Buffer.alloc(10));
  exchange.onResponseEnd();
  expect(inflight.taken).toBe(20);
  const { release } = responses[0]!;
  release?.();
  release?.();
  expect(inflight.taken).toBe(0);
});
