import type { Dispatcher } from 'undici';
import { expect, it } from 'vitest';
import { ReusedMemory } from '../../../src/memory/reused-memory.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import { Exchange, type ReceivedResponse } from '../../../src/upstream/exchange.ts';
import { ReadBuffers } from '../../../src/upstream/read-buffers.ts';
import { SentIds } from '../../../src/upstream/sent-ids.ts';

const controller = {} as Dispatcher.DispatchController;

/** What an exchange answers that is handed so many bytes in one piece, as a socket has read them. */
function answerOf(reads: ReadBuffers, size: number): ReceivedResponse {
  let piece: Buffer = Buffer.alloc(0);
  const reading = reads.reading((read) => {
    piece = read;
    return true;
  });
  const memory = typeof reading.buffer === 'function' ? reading.buffer() : reading.buffer;
  reading.callback(size, memory);
  let response: ReceivedResponse | null = null;
  const exchange = new Exchange(
    {
      maxResponseBytes: 1_000_000,
      inflight: { taken: 0, max: 1_000_000 },
      bodies: new ReusedMemory(0),
      reads,
      sentIds: new SentIds(),
    },
    { timeoutMs: 60_000, cancellation: new Cancellation(), requestId: 'request-1' },
    {
      answered: (answered) => {
        response = answered;
      },
      failed: (error) => {
        throw error;
      },
    },
  );
  exchange.onResponseStart(controller, 200, { 'content-length': String(size) });
  exchange.onResponseData(controller, piece);
  exchange.onResponseEnd();
  return response!;
}

it('leave their memory to others once they are released, and not before, nor twice', () => {
  const reads = new ReadBuffers(4);
  const { body, release } = answerOf(reads, 20_000);
  expect(body).toHaveLength(20_000);
  expect(reads.free).toBe(0);
  release?.();
  expect(reads.free).toBe(1);
  const next = answerOf(reads, 20_000);
  expect(next.body.buffer).toBe(body.buffer);
  const { free } = reads;
  // It is somebody else's by now, and as long as it was.
  release?.();
  expect(reads.free).toBe(free);
});

it('have nothing to leave where they are small, and were copied', () => {
  expect(answerOf(new ReadBuffers(4), 1_000).release).toBeUndefined();
});
