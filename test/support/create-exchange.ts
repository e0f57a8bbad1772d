import { ReusedMemory } from '../../src/memory/reused-memory.ts';
import { Cancellation } from '../../src/upstream/cancellation.ts';
import { Exchange, type ExchangeOutcome } from '../../src/upstream/exchange.ts';
import { ReadBuffers } from '../../src/upstream/read-buffers.ts';
import { SentIds } from '../../src/upstream/sent-ids.ts';

/** An exchange of its own memory, for an answer of up to 10 kB, and of no end that a test would see. */
export function createExchange(outcome: ExchangeOutcome): Exchange {
  const most = 10_000;
  const memory = {
    maxResponseBytes: most,
    inflight: { taken: 0, max: most },
    bodies: new ReusedMemory(0),
    reads: new ReadBuffers(0),
    sentIds: new SentIds(),
  };
  const sent = { timeoutMs: 60_000, cancellation: new Cancellation(), requestId: 'request-1' };
  return new Exchange(memory, sent, outcome);
}
